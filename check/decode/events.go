// The service's own events in the collector's document.

package decode

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

// maxEvents is how many events of a pool are kept; the collector has three.
const maxEvents = 10

// events adds the events of a pool to those that are known of it. They judge nothing, so what is none is a note.
func (o *objects) events(known []status.Event, n int32) []status.Event {
	if n == 0 || o.Nodes[n].Kind == tree.Null {
		return known
	}
	if o.Nodes[n].Kind != tree.List {
		o.b.note("the events of a pool are no list but " + o.describe(n))
		return known
	}
	for c := range o.Children(n) {
		if event, ok := o.event(o.Follow(c)); ok && len(known) < maxEvents {
			known = append(known, event)
		}
	}
	return known
}

// event reads one event. A text is bounded, a name is only shown and never compared with anything that judges.
func (o *objects) event(n int32) (e status.Event, ok bool) {
	if o.Nodes[n].Kind != tree.Object {
		o.b.note("an event is no object but " + o.describe(n))
		return e, false
	}
	hasID, wrong := false, ""
	for c := range o.Children(n) {
		v := &o.Nodes[o.Follow(c)]
		if v.Kind == tree.Null {
			continue
		}
		name := strings.ToLower(o.Nodes[c].Name)
		isText := v.Kind == tree.Text
		text := status.Shorten(v.Text, maxMessage)
		switch name {
		case "id":
			var err error
			e.ID, err = strconv.Atoi(v.Text)
			hasID = v.Kind == tree.Number && err == nil
			isText = true
		case "level":
			e.Level = strings.ToLower(quoteLong(text))
		case "at":
			at, err := time.Parse(time.RFC3339, v.Text)
			isText = isText && err == nil && at.Year() >= firstYear && at.Year() <= lastYear
			e.At = at.UTC()
		case "machine":
			e.Machine = hostName(status.Shorten(text, maxName))
		case "module":
			e.Module = status.Shorten(strings.TrimSpace(text), maxName)
		case "text":
			e.Text = strings.Join(strings.Fields(text), " ")
		default: // of a newer collector
			continue
		}
		if !isText {
			wrong = cmp.Or(wrong, name+" is "+o.describe(o.Follow(c)))
		}
	}
	switch {
	case !hasID:
		wrong = cmp.Or(wrong, "its id is no number")
	case wrong == "":
		return e, true
	}
	o.b.note("an event is not understood: " + wrong)
	return e, false
}

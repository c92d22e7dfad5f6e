// The service's own events in the collector's document.

package decode

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// maxEvents is how many events of a pool are kept; the collector has three.
const maxEvents = 10

// events adds the events of a pool to those that are known of it. What is none is a loss: a later one may be missing.
func (o *objects) events(known []status.Event, n int32) []status.Event {
	if n == 0 || o.nodes[n].kind == kindNull {
		return known
	}
	if o.nodes[n].kind != kindList {
		o.lose(n, "no events", "the events of a pool are no list but "+o.describe(n), adviceAgain)
		return known
	}
	for c := range o.children(n) {
		if event, ok := o.event(o.follow(c)); ok && len(known) < maxEvents {
			known = append(known, event)
		}
	}
	return known
}

// event reads one event. A text is bounded, a name is only shown and never compared with anything that judges.
func (o *objects) event(n int32) (e status.Event, ok bool) {
	if o.nodes[n].kind != kindObject {
		o.lose(n, "no event", "an event is no object but "+o.describe(n), adviceAgain)
		return e, false
	}
	hasID, wrong := false, ""
	for c := range o.children(n) {
		v := &o.nodes[o.follow(c)]
		if v.kind == kindNull {
			continue
		}
		name := strings.ToLower(o.nodes[c].name)
		isText := v.kind == kindText
		text := status.Shorten(v.text, maxMessage)
		switch name {
		case "id":
			var err error
			e.ID, err = strconv.Atoi(v.text)
			hasID = v.kind == kindNumber && err == nil
			isText = true
		case "level":
			e.Level = strings.ToLower(quoteLong(text))
		case "at":
			at, err := time.Parse(time.RFC3339, v.text)
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
			wrong = cmp.Or(wrong, name+" is "+o.describe(o.follow(c)))
		}
	}
	switch {
	case !hasID:
		wrong = cmp.Or(wrong, "its id is no number")
	case wrong == "":
		return e, true
	}
	o.lose(n, "bad event", "an event is not understood: "+wrong, adviceAgain)
	return e, false
}

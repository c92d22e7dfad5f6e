// The collector's document (docs/design.md, The collector's document).

package decode

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

// schema is the collector's document that is read; schemaFamily begins the name of every version of it.
const (
	schema       = "check_cs_backup/1"
	schemaFamily = "check_cs_backup/"
)

// maxNotes is how many notes of a document are kept, and how many names of a list. The year of its date is bounded, so
// that ages can be reckoned.
const (
	maxNotes  = 20
	maxUnread = 1000 // bytes of what is said of an object that is not known
	firstYear = 2000
	lastYear  = 2200
)

// document takes a document of the collector.
func (o *objects) document(n int32, p *properties) {
	switch at := o.Nodes[p[fieldSchema]]; {
	case p[fieldSchema] == 0:
		o.lose(n, "a document with pools but without a schema: not the collector's", adviceAgain)
		return
	case at.Kind != tree.Text || at.Text != schema:
		advice := "let the collector of this version write it (--print-collector)"
		if number, ours := strings.CutPrefix(at.Text, schemaFamily); strings.Contains(number, "/") {
			advice = "this is a file of the plugin's own: keep it (--state-file) away from the statuses"
		} else if ours {
			advice = "use the plugin and the collector of one version (--print-collector)"
		}
		o.lose(n, "the schema is "+o.describe(p[fieldSchema])+", this version reads "+strconv.Quote(schema), advice)
		return
	}
	if p.isModule() || p[fieldBackupModules] != 0 || p[fieldPool] != 0 || p[fieldModules] != 0 {
		o.lose(n, "a document of the collector that is a status of its own as well", adviceAgain)
	}
	o.inDocument, o.b.collected = true, true
	defer func() { o.b.collected = false }()
	o.said(p)
	pools := p[fieldPools]
	if pools == 0 || o.Nodes[pools].Kind != tree.List || o.Nodes[pools].Child == 0 {
		o.lose(n, "the document has no pools", adviceEmpty)
		return
	}
	o.b.expect(o.count(pools))
	for c := range o.Children(pools) {
		o.pool(o.Follow(c))
	}
}

// dated reads a date in a year that ages can be reckoned from.
func dated(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	return at.UTC(), err == nil && at.Year() >= firstYear && at.Year() <= lastYear
}

// said takes what a document says beside its pools. Of several documents the oldest date counts; what else they say
// differently is not known.
func (o *objects) said(p *properties) {
	s := &o.b.snap
	o.b.documents++
	if n := p[fieldCollectedAt]; n == 0 || o.Nodes[n].Kind == tree.Null {
		o.b.undated = true
	} else {
		text := o.textOf(p, fieldCollectedAt)
		switch at, ok := dated(text); {
		case !ok:
			o.lose(n, "collectedAt is no date in the form of RFC 3339: "+quote(text), adviceAgain)
		case s.CollectedAt.IsZero() || at.Before(s.CollectedAt):
			s.CollectedAt = at
		}
	}
	for _, said := range [...]struct {
		field
		to *string
	}{{fieldHost, &s.Host}, {fieldModule, &s.PSModule}, {fieldCollector, &s.Collector}} {
		text := quoteLong(o.textOf(p, said.field))
		if o.b.documents > 1 && *said.to != text {
			text = ""
		}
		*said.to = text
	}
	o.categories(p[fieldCategories])
	if master := o.hostOf(p, fieldCMSMaster, "the name of the CMS master"); master != "" {
		if s.CMSMaster != "" && !status.SamePool(s.CMSMaster, master) {
			o.lose(p[fieldCMSMaster],
				"two documents name different CMS masters: "+quote(s.CMSMaster)+" and "+quote(master), adviceTwo)
		}
		s.CMSMaster = master
	}
	if text := o.textOf(p, fieldCMSMasterError); text != "" {
		s.CMSMasterErr = status.Shorten(text, maxMessage)
	}
	notes := p[fieldNotes]
	o.b.note(o.Nodes[notes].Text)
	for c := range o.Children(notes) {
		o.b.note(o.Nodes[c].Text)
	}
}

// hostOf returns a property that is the name of a pool: what is it.
func (o *objects) hostOf(p *properties, f field, what string) string {
	return o.b.name(what, "", hostName(o.textOf(p, f)), o.line(o.Nodes[p[f]].At))
}

// categories takes the ones that were asked for, where not all were.
func (o *objects) categories(n int32) {
	if n == 0 {
		return
	}
	known := len(o.b.snap.Categories)
	for c := range o.Children(n) {
		name := status.Shorten(strings.TrimSpace(o.Nodes[c].Text), maxName)
		if o.Nodes[c].Kind != tree.Text || name == "" || known == maxNotes {
			o.lose(c, "a category that was asked for is "+o.describe(c), adviceAgain)
			return
		}
		o.b.snap.Categories = append(o.b.snap.Categories, name)
		known++
	}
	if o.Nodes[n].Kind != tree.List || o.Nodes[n].Child == 0 {
		o.lose(n, "the categories that were asked for are "+o.describe(n), adviceAgain)
	}
}

// pool takes one pool of a document.
func (o *objects) pool(n int32) {
	if o.Nodes[n].Kind != tree.Object {
		o.lose(n, "a pool of the document is no object but "+o.describe(n), adviceAgain)
		return
	}
	p := o.properties(n)
	x := o.rowOf(n, &p)
	if x.text[fieldPool] == "" {
		o.lose(n, "a pool of the document has no poolFqdn", adviceAgain)
	}
	o.failures(n, fieldError)
	pool, _ := o.b.pool(&x)
	failure := status.Shorten(o.textOf(&p, fieldError), maxMessage)
	timedOut := o.isTrue(&p, fieldTimedOut)
	id := status.Shorten(o.textOf(&p, fieldErrorID), maxMessage)
	if failure != "" || timedOut || id != "" {
		if strings.TrimSpace(failure) == "" {
			failure = "no reason given"
		}
		pool.Err, pool.ErrID, pool.TimedOut = failure, id, timedOut
	}
	modules := p[fieldModules]
	if modules == 0 && failure == "" || p[fieldBackupModules] != 0 {
		o.lose(n,
			"pool "+quote(pool.Name)+" has neither modules nor an error, or states in a place where they mean nothing",
			adviceAgain)
	}
	if text := o.textOf(&p, fieldBackupPoolError); text != "" {
		pool.BackupErr = status.Shorten(text, maxMessage)
	}
	if backup := o.hostOf(&p, fieldBackupPool, "the name of a backup pool"); backup != "" {
		if status.SamePool(backup, pool.Name) {
			o.lose(n, "pool "+quote(pool.Name)+" names itself as its backup pool", adviceAgain)
		}
		if pool.Backup != "" && !status.SamePool(pool.Backup, backup) {
			o.lose(n, "pool "+quote(pool.Name)+" has two backup pools: "+quote(pool.Backup)+" and "+quote(backup),
				adviceTwo)
		}
		pool.Backup = backup
	}
	o.notHad(pool, &p)
	pool.Events = o.events(pool.Events, p[fieldEvents])
	o.b.takePool(x, func(x row) {
		if modules != 0 && (failure == "" || o.Nodes[modules].Kind != tree.Null) {
			o.find(modules, x, true)
		}
	})
}

// isTrue reports whether a property is true. What is neither that nor false is a loss.
func (o *objects) isTrue(p *properties, f field) bool {
	v := &o.Nodes[p[f]]
	if p[f] == 0 || v.Kind == tree.Null || v.Kind == tree.Other && v.Text == "false" {
		return false
	}
	if v.Kind != tree.Other || v.Text != "true" {
		o.lose(p[f], "the property "+f.String()+" is neither true nor false but "+o.describe(p[f]), adviceAgain)
	}
	return true
}

// notHad takes what the collector says of a pool that it did not get, or did not understand: a loss of that pool.
func (o *objects) notHad(pool *status.Pool, p *properties) {
	lose := func(what, advice string) {
		if len(pool.Losses) < maxLosses {
			pool.Losses = append(pool.Losses, status.Loss{What: status.Shorten(what, maxUnread), Advice: advice})
		}
	}
	if n := p[fieldMissing]; n != 0 && o.Nodes[n].Kind != tree.Null {
		lose(cmp.Or(strings.TrimSpace(o.Nodes[n].Text), "something is missing, and it is not said what"), advicePaired)
	}
	n := p[fieldUnread]
	if n == 0 || o.Nodes[n].Kind == tree.Null {
		return
	}
	if o.Nodes[n].Kind != tree.List {
		o.lose(n, "the objects of a pool that are not known are no list but "+o.describe(n), adviceAgain)
	}
	for c := range o.Children(n) {
		kind, properties := "not said", []string(nil)
		for v := range o.Children(c) {
			switch strings.ToLower(o.Nodes[v].Name) {
			case "type":
				kind = cmp.Or(strings.TrimSpace(o.Nodes[v].Text), kind)
			case "properties":
				for name := range o.Children(v) {
					properties = append(properties, strings.TrimSpace(o.Nodes[name].Text))
				}
			}
		}
		what := "Get-CsBackupServiceStatus returned an object that is not known: its type is " + status.Shorten(kind,
			maxName)
		if len(properties) > 0 {
			what += ", its properties are " + strings.Join(properties[:min(len(properties), maxNotes)], ", ")
		}
		lose(what, adviceReport)
	}
}

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
		event, wrong := o.event(o.Follow(c))
		switch {
		case wrong != "":
			o.b.note("an event is not understood: " + wrong)
		case len(known) < status.MaxEvents:
			known = append(known, event)
		}
	}
	return known
}

// event reads one event; wrong says what is none about it. A text is bounded, a name is only shown and never compared
// with anything that judges.
func (o *objects) event(n int32) (e status.Event, wrong string) {
	if o.Nodes[n].Kind != tree.Object {
		return e, "it is no object but " + o.describe(n)
	}
	for c := range o.Children(n) {
		v := &o.Nodes[o.Follow(c)]
		name, text, ok := o.Nodes[c].Name, status.Shorten(v.Text, maxMessage), v.Kind == tree.Text
		if v.Kind == tree.Null {
			continue
		}
		switch strings.ToLower(name) {
		case "id":
			var err error
			e.ID, err = strconv.Atoi(v.Text)
			ok = v.Kind == tree.Number && err == nil
		case "level":
			e.Level = strings.ToLower(quoteLong(text))
		case "at":
			var isDate bool
			e.At, isDate = dated(v.Text)
			ok = ok && isDate
		case "machine":
			e.Machine = hostName(status.Shorten(text, maxName))
		case "module":
			e.Module = status.Shorten(strings.TrimSpace(text), maxName)
		case "text":
			e.Text = strings.Join(strings.Fields(text), " ")
		default: // of a newer collector
			continue
		}
		if !ok {
			return e, name + " is " + o.describe(o.Follow(c))
		}
	}
	if e.ID == 0 {
		return e, "it has no id"
	}
	return e, ""
}

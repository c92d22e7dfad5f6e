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
	o.dated(p)
	o.said(p)
	pools := p[fieldPools]
	if pools == 0 || o.Nodes[pools].Child == 0 {
		o.lose(n, "the document has no pools", adviceEmpty)
		return
	}
	if o.Nodes[pools].Kind != tree.List {
		o.pool(pools)
	} else {
		o.b.expect(o.count(pools))
		for c := range o.Children(pools) {
			o.pool(o.Follow(c))
		}
	}
}

// dated takes the date. Of several documents the oldest counts.
func (o *objects) dated(p *properties) {
	n := p[fieldCollectedAt]
	if n == 0 || o.Nodes[n].Kind == tree.Null {
		return
	}
	text := o.textOf(p, fieldCollectedAt)
	at, err := time.Parse(time.RFC3339, text)
	switch known := &o.b.snap.CollectedAt; {
	case err != nil || at.Year() < firstYear || at.Year() > lastYear:
		o.lose(n, "collectedAt is no date in the form of RFC 3339: "+quote(text), adviceAgain)
	case known.IsZero() || at.Before(*known):
		*known = at
	}
}

// said takes what a document says beside its pools. What several of them say differently is not known.
func (o *objects) said(p *properties) {
	s := &o.b.snap
	o.b.documents++
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
	if master := o.textOf(p, fieldCMSMaster); master != "" {
		master = o.b.name("the name of the CMS master", "", hostName(master), o.line(o.Nodes[p[fieldCMSMaster]].At))
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
	if x.pool == "" {
		o.lose(n, "a pool of the document has no poolFqdn", adviceAgain)
	}
	o.failures(n, fieldError)
	failure := o.textOf(&p, fieldError)
	timedOut := o.isTrue(&p, fieldTimedOut)
	if failure != "" && strings.TrimSpace(failure) == "" ||
		failure == "" && (timedOut || o.textOf(&p, fieldErrorID) != "") {
		failure = "no reason given"
	}
	if p[fieldModules] == 0 && failure == "" || p[fieldBackupModules] != 0 || p.isModule() {
		o.lose(n,
			"pool "+quote(x.pool)+" has neither modules nor an error, or states in a place where they mean nothing",
			adviceAgain)
	}
	o.b.pool(x) // one without modules too
	modules := o.b.read
	if p[fieldModules] != 0 && (failure == "" || o.Nodes[p[fieldModules]].Kind != tree.Null) {
		o.each(p[fieldModules], x, true)
	}
	pool, _ := o.b.pool(x)
	o.b.machine(pool, x)
	o.notHad(pool, &p)
	if failure != "" {
		pool.TimedOut = timedOut
		pool.Err, pool.ErrID = status.Shorten(failure, maxMessage), status.Shorten(
			o.textOf(&p, fieldErrorID),
			maxMessage,
		)
	}
	if text := o.textOf(&p, fieldBackupPoolError); text != "" {
		pool.BackupErr = status.Shorten(text, maxMessage)
	}
	if backup := o.textOf(&p, fieldBackupPool); backup != "" {
		backup = o.b.name("the name of a backup pool", "", hostName(backup), x.line)
		if status.SamePool(backup, pool.Name) {
			o.lose(n, "pool "+quote(x.pool)+" names itself as its backup pool", adviceAgain)
		}
		if pool.Backup != "" && !status.SamePool(pool.Backup, backup) {
			o.lose(n, "pool "+quote(x.pool)+" has two backup pools: "+quote(pool.Backup)+" and "+quote(backup),
				adviceTwo)
		}
		pool.Backup = backup
	}
	pool.Events = o.events(pool.Events, p[fieldEvents])
	o.b.endStatus(x, modules)
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

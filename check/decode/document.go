// The collector's document (docs/design.md, The collector's document).

package decode

import (
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

// maxNotes is how many notes of a document are kept. The year of its date is bounded, so that ages can be reckoned.
const (
	maxNotes  = 20
	firstYear = 2000
	lastYear  = 2200
)

// document takes a document of the collector.
func (o *objects) document(n int32, p properties) {
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
	o.inDocument = true
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
		for c := range o.Children(pools) {
			o.pool(o.Follow(c))
		}
	}
}

// dated takes the date. Of several documents the oldest counts.
func (o *objects) dated(p properties) {
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
func (o *objects) said(p properties) {
	s := &o.b.snap
	o.b.documents++
	for _, said := range [...]struct {
		field
		to *string
	}{{fieldHost, &s.Host}, {fieldModule, &s.PSModule}} {
		text := quoteLong(o.textOf(p, said.field))
		if o.b.documents > 1 && *said.to != text {
			text = ""
		}
		*said.to = text
	}
	if master := o.textOf(p, fieldCMSMaster); master != "" {
		master = o.b.name("the name of the CMS master", "", hostName(master), o.line(o.Nodes[p[fieldCMSMaster]].At))
		if s.CMSMaster != "" && !status.SamePool(s.CMSMaster, master) {
			o.lose(p[fieldCMSMaster], "two documents name different CMS masters: "+quote(s.CMSMaster)+" and "+quote(master), adviceTwo)
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

// pool takes one pool of a document.
func (o *objects) pool(n int32) {
	if o.Nodes[n].Kind != tree.Object {
		o.lose(n, "a pool of the document is no object but "+o.describe(n), adviceAgain)
		return
	}
	p := o.properties(n)
	x := row{line: o.line(o.Nodes[n].At), pool: o.textOf(p, fieldPool), machine: o.machineOf(p)}
	if x.pool == "" {
		o.lose(n, "a pool of the document has no poolFqdn", adviceAgain)
	}
	o.failures(n, fieldError)
	failure := o.textOf(p, fieldError)
	if failure != "" && strings.TrimSpace(failure) == "" || failure == "" && o.textOf(p, fieldErrorID) != "" {
		failure = "no reason given"
	}
	if p[fieldModules] == 0 && failure == "" || p[fieldBackupModules] != 0 || p.isModule() {
		o.lose(n, "pool "+quote(x.pool)+" has neither modules nor an error, or states in a place where they mean nothing", adviceAgain)
	}
	o.b.pool(x.pool, x.line) // one without modules too
	modules := o.b.read
	if p[fieldModules] != 0 && (failure == "" || o.Nodes[p[fieldModules]].Kind != tree.Null) {
		o.each(p[fieldModules], x, true)
	}
	o.b.machine(x)
	pool, _ := o.b.pool(x.pool, x.line)
	if failure != "" {
		pool.Err, pool.ErrID = status.Shorten(failure, maxMessage), status.Shorten(o.textOf(p, fieldErrorID), maxMessage)
	}
	if text := o.textOf(p, fieldBackupPoolError); text != "" {
		pool.BackupErr = status.Shorten(text, maxMessage)
	}
	if backup := o.textOf(p, fieldBackupPool); backup != "" {
		backup = o.b.name("the name of a backup pool", "", hostName(backup), x.line)
		if status.SamePool(backup, pool.Name) {
			o.lose(n, "pool "+quote(x.pool)+" names itself as its backup pool", adviceAgain)
		}
		if pool.Backup != "" && !status.SamePool(pool.Backup, backup) {
			o.lose(n, "pool "+quote(x.pool)+" has two backup pools: "+quote(pool.Backup)+" and "+quote(backup), adviceTwo)
		}
		pool.Backup = backup
	}
	pool.Events = o.events(pool.Events, p[fieldEvents])
	o.b.endStatus(x, modules)
}

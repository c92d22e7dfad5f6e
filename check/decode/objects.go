// The recogniser: what a stream of objects, lists and values says of the Backup Service. JSON, CLIXML and
// Format-Custom are producers of that stream; nothing is kept but the objects that are open.

package decode

import (
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// schema is the collector's document that is read; schemaFamily begins the name of every version of it.
const (
	schema       = "check_cs_backup/1"
	schemaFamily = "check_cs_backup/"
)

// A role is what a value may be, by the place where it stands.
type role uint8

const (
	roleSkip    role = iota // under a name that says nothing: not looked at
	roleTop                 // a document, a status, a module, or lists of these
	rolePools               // the pools of a document, or one of them
	roleModules             // the modules of a pool, or one of them
	roleNotes               // what a document says beside its pools
	roleText                // the value of a field that is a text: an object here is an enum or a decorated string
)

// A kind is the type of a value.
type kind uint8

const (
	kindText kind = iota
	kindNumber
	kindBool
	kindNull
	kindOther // a type without a text
)

// A frame is an object or a list that is open.
type frame struct {
	role role
	list bool
	// of is the field whose value this is; key the field whose value comes next; seen has those that had one.
	of, key field
	seen    fields
	// text has the texts of the fields.
	text [fieldEnd]string
	// items and count tell what a wrapped collection holds and says that it holds.
	items, count int
	modules      []status.Module
	// unreadable says that an object in place of a text has no text of its own.
	unreadable bool
	// wrong are fields of the collector's document that are no text; in another object the names mean nothing.
	wrong []status.Loss
}

// A recogniser is fed with begin, end, key and value.
type recogniser struct {
	b     *builder
	stack []*frame
	spare []*frame
	// skip counts the levels below a value that is not looked at.
	skip int
	// depth counts all levels.
	depth int
	// documents and top count what stood at the top: documents of the collector, all values.
	documents, top int
	// onlyDocument says that nothing but the collector's document is expected: the source is marked as one.
	onlyDocument bool
	// notes are those of the document that is open.
	notes []string
	// known is the number of pools that earlier documents have.
	known int
	err   error
}

func newRecogniser(b *builder) *recogniser { return &recogniser{b: b} }

// reset forgets what is open.
func (r *recogniser) reset() { r.stack, r.skip, r.depth = nil, 0, 0 }

func (r *recogniser) fail(l status.Loss) {
	if r.err == nil {
		r.err = l
	}
}

// here returns the open frame, nil at the top.
func (r *recogniser) here() *frame {
	if len(r.stack) == 0 {
		return nil
	}
	return r.stack[len(r.stack)-1]
}

// place returns the role and the field of the value that comes next, and marks a field as seen.
func (r *recogniser) place() (role, field) {
	f := r.here()
	if f == nil {
		r.top++
		return roleTop, fieldNone
	}
	if f.list {
		f.items++
		return f.role, fieldNone
	}
	key := f.key
	f.key = fieldNone
	if key == fieldNone {
		return roleSkip, fieldNone
	}
	if f.seen.has(key) && !(f.role == roleText && key == fieldValue) {
		r.b.lose("twice "+key.String(), status.Loss{What: "an object has the property " + key.String() + " twice", Advice: adviceAgain})
		return roleSkip, fieldNone
	}
	f.seen.add(key)
	switch {
	case key == fieldPools:
		return rolePools, key
	case key == fieldNotes:
		return roleNotes, key
	case key == fieldModules || key == fieldBackupModules:
		return roleModules, key
	case key == fieldValue && f.role != roleText:
		return f.role, key // {"value":[…],"Count":3} stands for the list in it
	}
	return roleText, key
}

// key announces the property whose value comes next.
func (r *recogniser) key(name string) {
	if r.skip > 0 {
		return
	}
	f := r.here()
	if f == nil || f.list {
		return
	}
	f.key = fieldOf(name)
	if f.key == fieldNone {
		r.b.spliced(name, 0)
		return
	}
	known := false
	switch f.role {
	case roleTop:
		known = f.key != fieldModules && f.key != fieldBackupPool && f.key != fieldError && f.key != fieldBackupPoolError && f.key != fieldErrorID
	case rolePools:
		known = f.key == fieldPool || f.key == fieldBackupPool || f.key == fieldActiveMachine || f.key == fieldModules ||
			f.key == fieldError || f.key == fieldBackupModules || f.key == fieldBackupPoolError || f.key == fieldErrorID
	case roleModules:
		known = f.key == fieldIdentity || f.key == fieldExport || f.key == fieldImport || f.key == fieldPool ||
			f.key == fieldValue || f.key == fieldCount
	case roleText:
		known = f.key == fieldValue
	}
	if !known {
		f.key = fieldNone
	}
}

// wantsText reports whether the value that comes next is one of a field that is a text.
func (r *recogniser) wantsText() bool {
	if r.skip > 0 {
		return false
	}
	f := r.here()
	if f == nil || f.list {
		return false
	}
	switch f.key {
	case fieldNone, fieldPools, fieldModules, fieldBackupModules, fieldValue, fieldNotes:
		return false
	}
	return true
}

// begin opens an object or a list.
func (r *recogniser) begin(list bool) {
	r.depth++
	if r.depth > maxDepth {
		r.fail(errDepth)
		return
	}
	if r.skip > 0 {
		r.skip++
		return
	}
	what, key := r.place()
	if what == roleText && list {
		r.wrongType(key, "a list")
		what = roleSkip
	}
	if what == roleText && key == fieldSchema {
		r.wrongSchema("an object")
		return
	}
	if what == roleSkip || what == roleNotes && !list {
		r.skip = 1
		return
	}
	f := r.frame()
	f.role, f.list, f.of = what, list, key
	r.stack = append(r.stack, f)
}

func (r *recogniser) frame() *frame {
	if n := len(r.spare); n > 0 {
		f := r.spare[n-1]
		r.spare = r.spare[:n-1]
		*f = frame{}
		return f
	}
	return new(frame)
}

// end closes what begin opened last.
func (r *recogniser) end() {
	r.depth--
	if r.skip > 0 {
		r.skip--
		return
	}
	f := r.here()
	if f == nil {
		return
	}
	r.stack = r.stack[:len(r.stack)-1]
	if f.list {
		if p := r.here(); p != nil && f.of == fieldValue {
			p.items = f.items
		}
	} else {
		switch f.role {
		case roleTop:
			r.endTop(f)
		case rolePools:
			r.endPool(f)
		case roleModules:
			r.endModule(f)
		case roleText:
			r.endText(f)
		}
	}
	r.spare = append(r.spare, f)
}

// value takes a value that is no object and no list.
func (r *recogniser) value(k kind, text string) {
	if r.skip > 0 {
		return
	}
	what, key := r.place()
	switch what {
	case roleTop:
		if key != fieldValue && k == kindText && strings.Contains(text, ":[") && !r.onlyDocument {
			r.b.brackets(text, 0, func(m status.Module) {
				p := r.b.pool("", 0)
				p.Modules = append(p.Modules, m)
			})
			return
		}
		r.stranger("a value that is no module: " + quote(text))
	case rolePools:
		r.b.lose("no pool object", status.Loss{What: "a pool of the document is no object but " + describe(k, text), Advice: adviceAgain})
	case roleModules:
		f := r.owner()
		if k == kindText {
			r.b.brackets(text, 0, func(m status.Module) { r.keep(f, m) })
			return
		}
		r.b.lose("no module object", status.Loss{What: "no modules where they should be, but " + describe(k, text), Advice: adviceSave})
	case roleNotes:
		if k == kindText && len(r.notes) < maxNotes {
			r.notes = append(r.notes, r.b.keepText(fieldError, text))
		}
	case roleText:
		r.field(r.here(), key, k, text)
	}
}

func describe(k kind, text string) string {
	switch k {
	case kindNull:
		return "null"
	case kindBool, kindNumber:
		return text
	case kindOther:
		return "a value of an unknown type"
	}
	return quote(text)
}

// field sets a field of an object.
func (r *recogniser) field(f *frame, key field, k kind, text string) {
	if f.role == roleText {
		// {"value":0,"Value":"FinalState"}: the text is the one string.
		if k == kindText {
			if f.text[fieldIdentity] != "" && f.text[fieldIdentity] != text {
				f.unreadable = true
			}
			f.text[fieldIdentity] = text
		} else if k == kindNumber {
			f.text[fieldCount] = text
		} else {
			f.unreadable = true
		}
		return
	}
	switch {
	case key == fieldSchema:
		if k != kindText {
			r.wrongSchema(describe(k, text))
		} else if text != schema {
			r.wrongSchema(quote(text))
		}
		return
	case key == fieldCount:
		n, err := strconv.Atoi(text)
		if k != kindNumber || err != nil {
			n = -1
		}
		f.count = n
		return
	case k == kindNull:
		return
	case k == kindText, k == kindNumber && (key == fieldExport || key == fieldImport):
		f.text[key] = r.b.keepText(key, text)
		return
	}
	r.wrongType(key, describe(k, text))
}

// keepText bounds a text while its object is open.
func (b *builder) keepText(key field, text string) string {
	if key == fieldError || key == fieldErrorID || key == fieldBackupPoolError || key == fieldCMSMasterError {
		if len(text) > maxMessage {
			text = strings.ToValidUTF8(text[:maxMessage], "") + "…"
		}
		return strings.Clone(text)
	}
	return b.name(text, 0)
}

func (r *recogniser) wrongType(key field, what string) {
	l := status.Loss{What: "the property " + key.String() + " is no text but " + what, Advice: adviceSave}
	switch key {
	case fieldHost, fieldModule, fieldCMSMaster, fieldCollectedAt:
		f := r.here()
		f.wrong = append(f.wrong, l)
	default:
		r.b.lose("type "+key.String(), l)
	}
}

func (r *recogniser) wrongSchema(what string) {
	l := status.Loss{What: "the schema is " + what + ", this version reads " + strconv.Quote(schema), Advice: "let the collector of this version write it (--print-collector)"}
	if strings.HasPrefix(what, `"`+schemaFamily) {
		l.Advice = "use the plugin and the collector of one version (--print-collector)"
	}
	r.fail(l)
}

// stranger is an object or a value at the top that is no status.
func (r *recogniser) stranger(what string) {
	r.b.lose("stranger", status.Loss{What: what, Advice: adviceSave})
}

// owner returns the frame of the object whose modules are being read.
func (r *recogniser) owner() *frame {
	for i := len(r.stack) - 1; i > 0; i-- {
		if f := r.stack[i]; f.role != roleModules {
			return f
		}
	}
	return r.stack[0]
}

// keep puts a module into the status that is open.
func (r *recogniser) keep(f *frame, m status.Module) { f.modules = append(f.modules, m) }

func (f *frame) reading() reading {
	return reading{identity: f.text[fieldIdentity], export: f.text[fieldExport], imprt: f.text[fieldImport]}
}

// isModule reports whether an object has a property of a module.
func (f *frame) isModule() bool {
	return f.seen.has(fieldIdentity) || f.seen.has(fieldExport) || f.seen.has(fieldImport)
}

// endCount checks a wrapped collection against the number that stands beside it.
func (r *recogniser) endCount(f *frame) {
	if f.seen.has(fieldCount) && f.count != f.items {
		r.b.lose("count", status.Loss{What: "a list holds " + strconv.Itoa(f.items) + " elements, the number beside it is another", Advice: adviceAgain})
	}
}

func (r *recogniser) endTop(f *frame) {
	switch {
	case f.seen.has(fieldSchema) || f.seen.has(fieldPools):
		r.endDocument(f)
	case r.onlyDocument:
		r.fail(status.Loss{What: "what stands between the markers is not the collector's document", Advice: adviceAgain})
	case f.seen.has(fieldBackupModules):
		name := f.text[fieldPool]
		if !f.seen.has(fieldPool) {
			name = f.text[fieldIdentity]
		}
		if f.seen.has(fieldExport) || f.seen.has(fieldImport) {
			r.b.lose("both", status.Loss{What: "an object has both modules and a state of its own", Advice: adviceSave})
		}
		p := r.b.pool(name, 0)
		p.Modules = appendModules(p.Modules, f.modules)
		r.b.activeMachine(p, f.text[fieldActiveMachine], 0)
	case f.isModule():
		r.b.add(f.text[fieldPool], f.reading())
	case f.seen.has(fieldValue):
		r.endCount(f)
	default:
		r.stranger("an object that is no status: it has no property BackupModules, and none of a module")
	}
}

// appendModules takes over a whole slice where it can.
func appendModules(to, from []status.Module) []status.Module {
	if len(to) == 0 {
		return from
	}
	return append(to, from...)
}

// endModule closes an object among the modules of a status.
func (r *recogniser) endModule(f *frame) {
	if f.seen.has(fieldValue) && !f.isModule() {
		r.endCount(f)
		return
	}
	m := r.b.module(f.reading())
	owner := r.owner()
	if pool := f.text[fieldPool]; pool != "" && !strings.EqualFold(pool, owner.text[fieldPool]) {
		if owner.seen.has(fieldPool) {
			r.b.lose("other pool", status.Loss{What: "a module of pool " + quote(owner.text[fieldPool]) + " says that it belongs to " + quote(pool)})
		}
		p := r.b.pool(pool, 0)
		p.Modules = append(p.Modules, m)
		return
	}
	r.keep(owner, m)
}

// endText closes an object in place of a text.
func (r *recogniser) endText(f *frame) {
	p, key := r.here(), f.of
	switch {
	case f.unreadable, f.text[fieldIdentity] == "" && f.text[fieldCount] == "":
		r.wrongType(key, "an object")
	case f.text[fieldIdentity] != "":
		r.field(p, key, kindText, f.text[fieldIdentity])
	default:
		r.field(p, key, kindNumber, f.text[fieldCount])
	}
}

func (r *recogniser) endPool(f *frame) {
	name := f.text[fieldPool]
	if name == "" {
		r.b.lose("nameless pool", status.Loss{What: "a pool of the document has no poolFqdn", Advice: adviceAgain})
	}
	message := f.text[fieldError]
	if !f.seen.has(fieldModules) && message == "" || f.seen.has(fieldBackupModules) {
		r.b.lose("empty pool", status.Loss{What: "pool " + quote(name) + " has neither modules nor an error", Advice: adviceAgain})
	}
	p := r.b.pool(name, 0)
	p.Modules = appendModules(p.Modules, f.modules)
	if text := f.text[fieldBackupPool]; text != "" {
		if p.Backup != "" && !strings.EqualFold(p.Backup, text) {
			r.b.lose("two partners", status.Loss{What: "pool " + quote(name) + " has two backup pools: " + quote(p.Backup) + " and " + quote(text)})
		}
		p.Backup = text
	}
	r.b.activeMachine(p, f.text[fieldActiveMachine], 0)
	if message != "" {
		p.Err, p.ErrID = message, f.text[fieldErrorID]
	}
	if text := f.text[fieldBackupPoolError]; text != "" {
		p.BackupErr = text
	}
	if r.b.lastPool < r.known {
		r.b.lose("two documents", status.Loss{What: "pool " + quote(name) + " stands in two documents: which of them counts is not known"})
	}
}

// endDocument closes the collector's document.
func (r *recogniser) endDocument(f *frame) {
	if !f.seen.has(fieldSchema) {
		r.fail(status.Loss{What: "a document with pools but without a schema: not the collector's", Advice: adviceAgain})
		return
	}
	for _, l := range f.wrong {
		r.b.lose("", l)
	}
	if f.isModule() || f.seen.has(fieldBackupModules) || f.seen.has(fieldPool) {
		r.b.lose("both", status.Loss{What: "a document of the collector that is a status of its own as well", Advice: adviceAgain})
	}
	if !f.seen.has(fieldPools) {
		r.b.lose("no pools", status.Loss{What: "the document has no pools", Advice: adviceAgain})
	}
	s := &r.b.snap
	s.Notes = append(s.Notes, r.notes...)
	r.notes = nil
	if text := f.text[fieldCollectedAt]; text != "" {
		at, err := time.Parse(time.RFC3339, text)
		switch {
		case err != nil:
			r.b.lose("collectedAt", status.Loss{What: "collectedAt is no date in the form of RFC 3339: " + quote(text), Advice: adviceAgain})
		case s.CollectedAt.IsZero() || at.Before(s.CollectedAt):
			s.CollectedAt = at // of several documents the oldest counts
		}
	}
	r.documents++
	r.known = len(s.Pools)
	merge := func(to *string, text string) {
		switch {
		case r.documents == 1:
			*to = text
		case *to != text:
			*to = ""
		}
	}
	merge(&s.Host, f.text[fieldHost])
	merge(&s.PSModule, f.text[fieldModule])
	if text := f.text[fieldCMSMaster]; text != "" {
		if s.CMSMaster != "" && !strings.EqualFold(s.CMSMaster, text) {
			r.b.lose("two masters", status.Loss{What: "two documents name different CMS masters: " + quote(s.CMSMaster) + " and " + quote(text)})
		}
		s.CMSMaster = text
	}
	if text := f.text[fieldCMSMasterError]; text != "" {
		s.CMSMasterErr = text
	}
}

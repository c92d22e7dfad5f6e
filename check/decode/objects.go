// What a tree says of the Backup Service: documents of the collector, pools, modules, wherever they stand in it.

package decode

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"strings"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

// objects finds what a tree says.
type objects struct {
	*tree.Tree
	b *builder
	// line tells the line of a place in the tree's text.
	line func(int32) int
	// inDocument says that it is a document of the collector, which has properties for prose.
	inDocument bool
	// taken says of each value whether it was read: a reference to one of them is the same one, not one more.
	taken []bool
}

func (r *reader) objects(t *tree.Tree, line func(int32) int) *objects {
	return &objects{Tree: t, b: r.b, line: line, taken: make([]bool, len(t.Nodes))}
}

// find takes what a whole tree says.
func (r *reader) find(t *tree.Tree, line func(int32) int) {
	o := r.objects(t, line)
	o.find(1, r.row(), false)
	o.leftOver(1, false)
}

// leftOver finds what nobody took: modules in places where no reader looks, and whatever else tells of the service.
// Prose may hold any word, but no state and no module as a value of its own.
func (o *objects) leftOver(n int32, prose bool) {
	v := &o.Nodes[n]
	prose = prose || o.isProse(n)
	isModule := false
	for c := range o.Children(n) {
		f := o.field(c)
		isModule = isModule || f == fieldExport || f == fieldImport
		o.leftOver(c, prose)
	}
	line := func() int { return o.line(v.At) }
	switch {
	case o.taken[n] && v.Kind != tree.List && (v.Kind != tree.Object || isModule): // a list has a text of its own, too
	case v.Kind == tree.Object && isModule:
		o.lose(n, "a module stands where none is looked for", adviceSave)
	case prose:
		if isTelling(v.Text) && !(o.field(n) == fieldModule && status.IsDocumented(v.Text)) {
			o.b.notRead(v.Text, line())
		}
	default:
		if word := tellsOf(v.Text); word != "" {
			o.b.notRead(word, line())
		}
	}
	if o.field(n) != fieldNone {
		return
	}
	if word := tellsOf(v.Name); word != "" {
		o.b.notRead(word, line())
	}
}

// isProse reports whether a value is one of those of the collector's document that hold words for people.
func (o *objects) isProse(n int32) bool {
	if !o.inDocument {
		return false
	}
	switch o.field(n) {
	case fieldError,
		fieldErrorID,
		fieldBackupPoolError,
		fieldCMSMasterError,
		fieldNotes,
		fieldEvents,
		fieldMissing,
		fieldUnread:
		return true
	}
	return false
}

// field is what the name of a value means.
func (o *objects) field(n int32) field { return field(o.Nodes[n].Meaning) }

func (o *objects) lose(n int32, what, advice string) { o.b.lose(o.line(o.Nodes[n].At), what, advice) }

// elements returns the values in a list. CLIXML may have added properties to it, which have names.
func (o *objects) elements(n int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for c := range o.Children(n) {
			if o.Nodes[c].Name == "" && !yield(c) {
				return
			}
		}
	}
}

// count returns how many elements a list has.
func (o *objects) count(n int32) (count int) {
	for range o.elements(n) {
		count++
	}
	return count
}

// properties are the values of an object by what they mean, 0 where there is none.
type properties [fieldEnd]int32

func (o *objects) properties(n int32) (p properties) {
	for c := range o.Children(n) {
		f := o.field(c)
		switch {
		case f == fieldNone:
			if name := o.Nodes[c].Name; isNumbered(name) {
				o.b.loseNumbered(name, o.line(o.Nodes[c].At))
			}
		case p[f] == 0:
			p[f] = o.Follow(c)
		case f != fieldValue: // {"value":0,"Value":"FinalState"} is an enum
			o.lose(c, "an object has the property "+f.String()+" twice", adviceAgain)
		}
	}
	return p
}

// isModule reports whether an object has a state of its own.
func (p *properties) isModule() bool { return p[fieldExport] != 0 || p[fieldImport] != 0 }

// find takes what a value says: at the top a document, a status, a module, or lists of these; below a status the
// modules of a pool, in whatever form. The row has the pool that it belongs to where it does not say so itself.
func (o *objects) find(n int32, of row, areModules bool) {
	n = o.Follow(n)
	v := &o.Nodes[n]
	isNew := !o.taken[n]
	o.taken[n] = true
	if !areModules {
		of.line = o.line(v.At)
	}
	switch {
	case !isNew && (v.Kind == tree.Object || v.Kind == tree.List):
	case v.Kind == tree.Object:
		o.object(n, of, areModules)
	case v.Kind == tree.List:
		if o.count(n) == 0 && !areModules {
			o.lose(n, "a list with nothing in it", adviceEmpty)
		}
		for c := range o.elements(n) {
			o.find(c, of, areModules)
		}
	case v.Kind == tree.Text && (areModules || strings.Contains(v.Text, ":[")):
		o.b.brackets(v.Text, of)
	default:
		o.lose(n, "a value that is no module: "+o.describe(n), adviceSave)
	}
}

func (o *objects) object(n int32, of row, areModules bool) {
	p := o.properties(n)
	o.failures(n, fieldNone)
	switch {
	case !areModules && (p[fieldSchema] != 0 || p[fieldPools] != 0):
		o.document(n, &p)
	case !areModules && p[fieldBackupModules] != 0: // where it names no pool, its modules may
		x := o.rowOf(n, &p)
		x.text[fieldComputer] = cmp.Or(x.text[fieldComputer], of.text[fieldComputer])
		o.b.under(&x, of.text[fieldPool])
		o.b.takePool(x, func(x row) { o.find(p[fieldBackupModules], x, true) })
	case p[fieldValue] != 0 && !p.isModule():
		o.find(o.collection(&p), of, areModules)
		o.siblings(n, true)
	case areModules && o.inDocument && p[fieldText] != 0 && p[fieldIdentity] == 0 && !p.isModule():
		o.moduleText(&p, of)
	case areModules || p.isModule():
		o.module(n, &p, of)
	default:
		o.within(n, &p, of)
	}
}

// collection returns the list that ConvertTo-Json of Windows PowerShell wraps as {"value":[…],"Count":3}.
func (o *objects) collection(p *properties) int32 {
	list := p[fieldValue]
	items := o.count(list)
	if count := p[fieldCount]; count != 0 && o.Nodes[count].Text != strconv.Itoa(items) {
		o.lose(list, "a list holds "+strconv.Itoa(items)+" elements, the number beside it is another", adviceAgain)
	}
	return list
}

// within looks into an object that is nothing itself: a status may stand under the name of its pool, or beside it.
func (o *objects) within(n int32, p *properties, of row) {
	for _, f := range [...]field{fieldPool, fieldComputer} {
		of.text[f] = cmp.Or(o.textOf(p, f), of.text[f])
	}
	var names []string
	found, isPlace := false, false // a status; one under a name of its own, which may be that of its pool
	for c := range o.Children(n) {
		name := o.Nodes[c].Name
		if len(names) < 10 {
			names = append(names, name)
		}
		if at := o.Follow(c); o.holdsStatus(at, 0) {
			found = true
			isPlace = isPlace || !strings.EqualFold(name, "status")
			in := of
			if strings.Contains(name, ".") {
				in.text[fieldPool] = name
			}
			o.find(at, in, false)
		}
	}
	switch {
	case found:
		o.siblings(n, isPlace)
	case len(names) == 0:
		o.lose(n, "an object with nothing in it", adviceColumns)
	case strings.Contains(strings.Join(names, " "), formattedClass):
		o.lose(n, "the output of Format-Table, saved as objects", adviceFormatted)
	default:
		o.lose(n, "an object that is no status: its properties are "+quote(strings.Join(names, ", ")), adviceColumns)
	}
}

// siblings looks at what stands beside a status: it may be the place of another one, which is not there. Beside a
// property Status a text may be anything.
func (o *objects) siblings(n int32, isPlace bool) {
	for c := range o.Children(n) {
		v := o.Nodes[o.Follow(c)]
		isText := v.Kind != tree.Null && v.Kind != tree.Object && v.Kind != tree.List && v.Text != ""
		if o.field(c) != fieldNone || isErrorName(o.Nodes[c].Name) || o.holdsStatus(o.Follow(c), 0) ||
			o.taken[o.Follow(c)] {
			continue
		}
		if !isText || isPlace {
			o.lose(c, "where the status of "+quote(o.Nodes[c].Name)+" should be, there is "+o.describe(o.Follow(c)),
				adviceEmpty)
		}
	}
}

// holdsStatus reports whether a property of a status stands anywhere below a value.
func (o *objects) holdsStatus(n int32, depth int) bool {
	if k := o.Nodes[n].Kind; k != tree.Object && k != tree.List || depth > tree.MaxDepth || o.taken[n] {
		return false
	}
	for c := range o.Children(n) {
		switch o.field(c) {
		case fieldBackupModules, fieldExport, fieldImport, fieldPools:
			return true
		}
		if o.holdsStatus(c, depth+1) {
			return true
		}
	}
	return false
}

// moduleText takes a module that the collector has the text of, since its object has other properties.
func (o *objects) moduleText(p *properties, of row) {
	text := strings.TrimSpace(o.textOf(p, fieldText))
	x, n := bracket(text)
	if n == 0 || n < len(text) {
		o.b.lose(of.line, "a module is printed as "+quote(text)+", which is not understood", adviceReport)
		return
	}
	o.b.takeModule(x.in(of))
}

// module takes one module. What the object is printed as must say the same.
func (o *objects) module(n int32, p *properties, of row) {
	x := o.rowOf(n, p)
	x.text[fieldComputer] = cmp.Or(x.text[fieldComputer], of.text[fieldComputer])
	o.b.under(&x, of.text[fieldPool])
	text := o.Nodes[n].Text
	printed, isBrackets := bracket(text)
	word := tellsOf(text)
	same := func(f field) bool { return printed.text[f] == x.text[f] }
	switch {
	case isBrackets > 0 && !(same(fieldIdentity) && same(fieldExport) && same(fieldImport)):
		o.lose(n, moduleName(x.text[fieldIdentity])+" is printed as "+quote(text)+", which its properties contradict",
			adviceAgain)
	case isBrackets == 0 && word != "" && !slices.Contains(x.text[:fieldPool], word):
		o.b.notRead(word, x.line)
	}
	o.b.take(x)
}

// textOf returns the text of a property that is one; what is none is a loss. A computer or a machine may be an object
// that lost its name.
func (o *objects) textOf(p *properties, f field) string {
	n := p[f]
	if n == 0 {
		return ""
	}
	v := &o.Nodes[n]
	text, ok := v.Text, v.Kind == tree.Text || v.Kind == tree.Number && states.has(f)
	if v.Kind == tree.Object {
		text, ok = o.enum(n)
	}
	switch {
	case ok:
		o.taken[n] = true
		return text
	case v.Kind != tree.Null && f != fieldComputer && f != fieldActiveMachine:
		o.lose(n, "the property "+f.String()+" is no text but "+o.describe(n), adviceSave)
	}
	return ""
}

// enum returns the text of an object in the place of a text: {"value":0,"Value":"FinalState"}, or what it is printed
// as.
func (o *objects) enum(n int32) (text string, ok bool) {
	text = o.Nodes[n].Text
	number := ""
	for c := range o.Children(n) {
		switch v := o.Nodes[o.Follow(c)]; {
		case o.field(c) != fieldValue:
		case v.Kind == tree.Text && (text == "" || text == v.Text):
			text = v.Text
			o.taken[o.Follow(c)] = true
		case v.Kind == tree.Number:
			number = v.Text
		default:
			return "", false
		}
	}
	if text == "" {
		text = number
	}
	return text, text != ""
}

// rowOf returns the record of an object.
func (o *objects) rowOf(n int32, p *properties) row {
	x := row{line: o.line(o.Nodes[n].At)}
	for f := fieldIdentity; f < fieldBackupModules; f++ {
		if p[f] != 0 {
			x.set(f, o.textOf(p, f))
		}
	}
	return x
}

// describe says what a value is.
func (o *objects) describe(n int32) string {
	switch v := o.Nodes[n]; v.Kind {
	case tree.Object:
		return "an object"
	case tree.List:
		return "a list"
	case tree.Null:
		return "null"
	case tree.Text:
		return quote(v.Text)
	default:
		return v.Text
	}
}

// failures finds errors beside a state, or in a place where there is none of that name.
func (o *objects) failures(n int32, known field) {
	for c := range o.Children(n) {
		v := o.Nodes[c]
		if field(v.Meaning) == known && known != fieldNone ||
			field(v.Meaning) != fieldError && (field(v.Meaning) != fieldNone || !isErrorName(v.Name)) {
			continue
		}
		if v = o.Nodes[o.Follow(c)]; isFailure(v.Text) && v.Kind != tree.Null || v.Child != 0 {
			o.b.failBeside(cmp.Or(v.Text, o.describe(c)), o.line(o.Nodes[c].At))
		}
	}
}

// Format-List: "Name : Value", one record after another; and the groups that Format-List and Format-Table put above
// their output.

package decode

import (
	"strings"
	"unicode"
)

// property divides a line of the form "Name : Value". The name is one word.
func property(line string) (name, value string, ok bool) {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	n := strings.IndexFunc(line, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if n <= 0 || unicode.IsDigit(rune(line[0])) {
		return "", "", false
	}
	rest := strings.TrimLeft(line[n:], " \t")
	value, ok = strings.CutPrefix(rest, ":")
	if !ok || value != "" && value[0] != ' ' && value[0] != '\t' {
		return "", "", false
	}
	return line[:n], strings.TrimSpace(value), true
}

// beginsList finds a property. Format-List puts a blank in front of each colon; a line without may be anybody's, so
// then the name must be one that is known, or that of a group.
func beginsList(l lines) bool { return isProperty(l.trimmed) || isGroup(l) }

func isProperty(line string) bool {
	name, _, ok := property(line)
	return ok && !isConsoleMessage(line) && (columnOf(name) != fieldNone || !strings.HasPrefix(line, name+":"))
}

// readList takes records up to two blank lines, or a line that is none of theirs.
func readList(r *reader) {
	if isGroup(r.lines) {
		r.readGroup()
		return
	}
	g := r.takeGroup()
	for blanks := 0; !r.isAtEnd() && blanks < 2 && !r.b.full; {
		switch {
		case r.trimmed == "":
			blanks++
			r.next()
		case r.message(true):
		case isProperty(r.trimmed) && !isGroup(r.lines):
			r.readRecord(g)
			blanks = 0
		default:
			return
		}
	}
}

// readRecord takes the lines of one record.
func (r *reader) readRecord(g group) {
	first, x := r.lines, row{line: r.number}
	firstName, _, _ := property(first.line)
	last := fieldNone // the property whose value may go on in the next line
record:
	for !r.isAtEnd() && r.trimmed != "" {
		name, value, _ := property(r.line)
		f, isOne := columnOf(name), isProperty(r.trimmed)
		isDeeper := indent(r.line) > indent(first.line)
		switch {
		case f == fieldNone && (isDeeper || last == fieldBackupModules) && x.goesOn(last, r.trimmed):
			x.goOn(last, r.trimmed)
		case !isOne && isDeeper:
			if last != fieldNone || ofStatus(r.trimmed) {
				r.b.notUnderstood(r.line, r.number)
			}
		case !isOne:
			break record
		case f != fieldNone && x.has.has(f), strings.EqualFold(name, firstName) && r.number != x.line:
			break record // no blank line tells where the record ended, the name that comes again does
		default:
			if isNumbered(name) {
				r.b.loseNumbered(name, r.number)
			}
			x.set(f, value)
			last = f
		}
		r.next()
	}
	if x.has&^beside == 0 {
		r.b.notUnderstood(first.line, x.line)
		return
	}
	r.take(x, g)
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// A group is a property that stands above a table or a list and holds for all of it, and for no other.
type group struct {
	text string // the line, empty where there is no group
	line int
	// field is what its name means, and value its value.
	field field
	value string
}

// isGroup reports whether a property stands alone, as that of a group does. PowerShell indents it.
func isGroup(l lines) bool {
	name, _, ok := property(l.line)
	if !ok || columnOf(name) != fieldPool && l.line[0] != ' ' {
		return false
	}
	below := l
	below.next()
	return below.isAtEnd() || below.trimmed == ""
}

func (r *reader) readGroup() {
	r.dropGroup()
	name, value, _ := property(r.line)
	r.group = group{r.line, r.number, columnOf(name), value}
	if r.group.field != fieldPool {
		r.b.passOver(r.line, r.number)
	}
	r.next()
}

// takeGroup hands over the group that stands above.
func (r *reader) takeGroup() group {
	g := r.group
	r.group = group{}
	return g
}

// dropGroup gives up a group that nothing followed.
func (r *reader) dropGroup() {
	if g := r.takeGroup(); g.text != "" {
		r.b.lose(g.line, "a group without a table or a list below it: "+quote(g.text), adviceAgain)
	}
}

// take hands over a record: the pool of it is that of the group, or of the command above, where it does not say so. A
// group of another property holds for the record too.
func (r *reader) take(x row, g group) {
	if f := g.field; f == fieldPool {
		r.b.under(&x, g.value)
	} else if f != fieldNone && !strings.EqualFold(x.text[f], g.value) {
		r.b.lose(x.line, "what stands under the group "+quote(g.text)+" says something else", adviceTwo)
	}
	r.b.under(&x, r.pool)
	r.b.take(x)
}

// row begins a record below the command above.
func (r *reader) row() (x row) {
	x.text[fieldPool] = r.pool
	return x
}

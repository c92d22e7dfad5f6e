// Format-List: "Name : Value", one record after another.

package decode

import (
	"slices"
	"strings"
	"unicode"

	"check_cs_backup/check/status"
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

// A record is one object of a list.
type record struct {
	row
	first  string // its first line
	indent int
	// last is the property whose value may go on in the next line, value what there is of it.
	last  field
	value strings.Builder
}

// readRecord takes the lines of one record.
func (r *reader) readRecord(g group) {
	name, _, _ := property(r.line)
	firstName := name
	x := record{row: row{line: r.number}, first: r.line, indent: indent(r.line)}
	for !r.isAtEnd() && r.trimmed != "" {
		name, value, _ := property(r.line)
		f, ok := columnOf(name), isProperty(r.trimmed)
		switch {
		case x.goesOn(r.line, f):
			x.value.WriteString(r.trimmed)
			x.joined = true
		case !ok && indent(r.line) > x.indent && !x.isOpen():
			if x.last != fieldNone || ofStatus(r.trimmed) {
				r.b.notUnderstood(r.line, r.number)
			}
		case !ok:
			r.endRecord(&x, g)
			return
		case f != fieldNone && (x.has.has(f) || x.last == f), strings.EqualFold(name, firstName) && r.number != x.line:
			// No blank line tells where the record above ended, the name that comes again does.
			r.endRecord(&x, g)
			return
		default:
			if isNumbered(name) {
				r.b.loseNumbered(name, r.number)
			}
			x.setLast()
			x.last = f
			x.value.WriteString(value)
		}
		r.next()
	}
	r.endRecord(&x, g)
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// goesOn reports whether a line is more of the value above it: of a list of modules, or of a word that becomes a
// documented one. PowerShell breaks a value anywhere, and indents what follows.
func (x *record) goesOn(line string, f field) bool {
	switch x.last {
	case fieldBackupModules:
		return f == fieldNone && x.isOpen()
	case fieldIdentity, fieldExport, fieldImport:
		return f == fieldNone && indent(line) > x.indent && beginsDocumented(x.value.String()+strings.TrimSpace(line))
	}
	return false
}

// isOpen reports whether the last value is a list of modules that has not come to its end.
func (x *record) isOpen() bool { return x.last == fieldBackupModules && isOpen(x.value.String()) }

// isOpen reports whether a list of modules has not come to its end.
func isOpen(list string) bool {
	return len(list) < 1<<20 && strings.HasPrefix(list, "{") && !strings.HasSuffix(list, "}")
}

// beginsDocumented reports whether a documented name or state begins with text.
func beginsDocumented(text string) bool {
	return slices.ContainsFunc(status.Modules[:], func(m string) bool { return hasPrefixFold(m, text) }) ||
		slices.ContainsFunc(status.States[:], func(s status.State) bool { return hasPrefixFold(string(s), text) })
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// setLast makes what was read of the last value the property's.
func (x *record) setLast() {
	if x.last != fieldNone {
		x.set(x.last, x.value.String())
	}
	x.last = fieldNone
	x.value.Reset()
}

// endRecord hands the record over.
func (r *reader) endRecord(x *record, g group) {
	x.setLast()
	if x.has&^beside == 0 {
		r.b.notUnderstood(x.first, x.line)
		return
	}
	r.take(x.row, g)
}

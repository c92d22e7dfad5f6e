// Format-List: "Name : Value", one record after another.

package decode

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// A record is one object of a list.
type record struct {
	textLine // its first line
	indent   int
	// name is the name of its first property, count their number, attached whether the colon follows a name at once.
	name     string
	count    int
	attached bool
	has      fields
	text     [fieldEnd]string
	// last is the field whose value may go on in the next line, value what there is of it.
	last  field
	value []byte
}

// setLast makes what was read of the last value its text.
func (r *record) setLast() {
	if r.last != fieldNone {
		r.text[r.last] = string(r.value)
	}
	r.last, r.value = fieldNone, nil
}

// property divides a line of the form "Name : Value". The name is one word.
func property(line string) (name, value string, ok bool) {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	n := 0
	for n < len(line) {
		r, size := utf8.DecodeRuneInString(line[n:])
		if r != '_' && !unicode.IsLetter(r) && (n == 0 || !unicode.IsDigit(r)) {
			break
		}
		n += size
	}
	if n == 0 {
		return "", "", false
	}
	name = line[:n]
	rest := strings.TrimLeft(line[n:], " \t")
	if rest == "" || rest[0] != ':' {
		return "", "", false
	}
	rest = rest[1:]
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return "", "", false
	}
	return name, strings.TrimSpace(rest), true
}

// property takes a line of a list.
func (t *textReader) property(line textLine, indent int, name, value string) {
	f := columnOf(name)
	if r := t.record; r != nil && t.double && (r.has.has(f) || strings.EqualFold(name, r.name)) {
		t.endRecord() // no blank line tells where a record ends, the name that comes again does
	}
	if t.record == nil {
		t.record = &record{textLine: line, indent: indent, name: name}
		t.record.attached = strings.HasPrefix(strings.TrimSpace(line.text), name+":")
	}
	r := t.record
	r.count++
	r.setLast()
	if f == fieldNone {
		t.b.spliced(name, line.number)
		return
	}
	if r.has.has(f) {
		t.b.lose("twice "+f.String(), status.Loss{Line: line.number, What: "a record of the list has the property " + f.String() + " twice", Advice: adviceAgain})
		return
	}
	r.has.add(f)
	r.last, r.value = f, append(r.value, value...)
}

// more takes a line in which the last value goes on. PowerShell breaks a value anywhere.
func (r *record) more(text string) {
	if r.last != fieldNone {
		r.value = append(r.value, text...)
	}
}

// isOpen reports whether the last value is a list of modules that has not come to its end.
func (r *record) isOpen() bool {
	return r.last == fieldBackupModules && bytes.HasPrefix(r.value, []byte("{")) && !bytes.HasSuffix(r.value, []byte("}"))
}

// endRecord reads the record that is open.
func (t *textReader) endRecord() {
	r := t.record
	if r == nil {
		return
	}
	t.record = nil
	r.setLast()
	states := r.has.has(fieldExport) || r.has.has(fieldImport)
	module := r.has.has(fieldBackupModules) || r.has.has(fieldIdentity) || states
	if r.count == 1 && !r.has.has(fieldBackupModules) && !r.has.has(fieldIdentity) {
		// Alone above a table or a list it is the property of a group. PowerShell indents it.
		known := r.has.has(fieldPool) || r.has.has(fieldActiveMachine)
		if known || r.indent > 0 && r.attached {
			t.dropGroup()
			g := &group{textLine: r.textLine}
			_, g.value, _ = property(r.textLine.text)
			g.field = columnOf(r.name)
			if g.field != fieldNone {
				g.value = r.text[g.field]
			}
			t.group = g
			return
		}
	}
	if !module {
		t.strange(r.textLine.text, r.number)
		return
	}
	t.rows.has = r.has
	if g := t.group; g != nil {
		g.used = true
		t.fromGroup(g, r.has, r.number, r.text[g.field])
		if !r.has.has(g.field) {
			r.text[g.field] = g.value
			t.rows.has.add(g.field)
		}
	}
	t.rows.has.add(fieldExport)
	t.rows.has.add(fieldImport)
	t.rows.row(r.number, func(f field) string { return r.text[f] })
}

// fromGroup checks a row's own value against that of its group.
func (t *textReader) fromGroup(g *group, has fields, line int, own string) {
	if g.field != fieldNone && has.has(g.field) && !strings.EqualFold(own, g.value) {
		t.b.lose("group", status.Loss{Line: line, What: "a group of " + g.field.String() + " " + quote(g.value) + " holds " + quote(own), Advice: adviceAgain})
	}
}

// Package decode turns the bytes of a saved or collected status into a snapshot.
//
// The bytes become one text. The text is a row of parts, each in one of the formats below, with lines of a console
// between them; any other line is a loss. JSON and CLIXML become a tree, in which documents, pools and modules are
// found; the other formats hand over rows.
//
// It never repairs and never guesses: what is cut, absent or not understood becomes a loss or stays as it was read,
// and either makes the result UNKNOWN. It is pure: the same bytes, the same snapshot, no clock, no files.
package decode

import (
	"strings"

	"check_cs_backup/check/decode/text"
	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

// Decode turns the bytes of a saved or collected status into a snapshot. Formats and encoding are found by looking. A
// snapshot without pools has at least one loss, which says what data looks like and what to do.
func Decode(data string) status.Snapshot {
	t, loss := text.New(data)
	if loss != nil {
		return status.Snapshot{Losses: []status.Loss{*loss}}
	}
	b := newBuilder(t.Guessed)
	for _, l := range t.Losses {
		b.lose(0, l.What, l.Advice)
	}
	b.passOver(t.Hidden, 0)
	r := &reader{lines: newLines(t.String), b: b}
	r.tree.Meaning = func(name string) uint8 { return uint8(fieldOf(name)) }
	r.tree.Passed = func(text string) { b.passOver(text, r.number) }
	r.read()
	return b.finish()
}

// A format is a form in which PowerShell, or our collector, writes a status.
type format struct {
	// name is what the docs call it; errors and forms that are not read have none.
	name string
	// begins reports whether a part begins on a line.
	begins func(lines) bool
	// read takes the part, and goes to the line behind it.
	read func(*reader)
	// rows says that each state stands in the text as often as it is read.
	rows bool
}

// formats returns all formats, in the order in which they are asked.
func formats() []format {
	return []format{
		{"JSON", beginsJSON, readJSON, false},
		{"CLIXML", beginsXML, readXML, false},
		{"The collector's line", beginsMarked, readMarked, false},
		{"CSV", beginsCSV, readCSV, true},
		{"", beginsError, readError, false}, // instead of a status, or beside it
		{"Format-Table", beginsTable, readTable, true},
		{"Format-List", beginsList, readList, true},
		{"Bracket form", beginsBrackets, readBrackets, true},
	}
}

// A reader is on its way through a text.
type reader struct {
	lines
	tree tree.Tree // of the part that is read
	b    *builder
	// pool is the one that the command above asked for, where a prompt shows it.
	pool string
	// group is a property that holds for the table or the list below it.
	group group
}

// read takes one part after the other.
func (r *reader) read() {
	formats := formats()
	for !r.isAtEnd() && !r.b.full {
		if r.trimmed == "" {
			r.next()
			continue
		}
		if r.prompt() {
			continue
		}
		f := formatOf(formats, r.lines)
		switch {
		case f == nil && (r.message(false) || r.block()):
		case f == nil:
			r.lose()
		case f.rows:
			r.readRows(f)
		default:
			r.dropGroup()
			f.read(r)
		}
	}
	r.dropGroup()
}

func formatOf(formats []format, l lines) *format {
	for i := range formats {
		if formats[i].begins(l) {
			return &formats[i]
		}
	}
	return nil
}

// lose gives up a line.
func (r *reader) lose() {
	r.b.notUnderstood(r.line, r.number)
	r.next()
}

// readRows takes a part whose states stand in the text. More of the service there than was read, and none of its
// lines is lost: then something was not seen.
func (r *reader) readRows(f *format) {
	start, line, read, lost := r.start, r.number, r.b.found, r.b.lost
	r.b.counts = true
	f.read(r)
	r.b.counts = false
	if r.b.lost > lost || r.group.line >= line {
		return
	}
	r.b.unread(newLines(r.text[start:r.start]), line, read)
}

// lines is a place in a text: a line, or the rest of one.
type lines struct {
	text string
	// start and end are those of the line, in bytes; number is its number, counted from 1.
	start, end, number int
	// line is the line without the blanks behind it, trimmed also without those in front.
	line, trimmed string
}

func newLines(text string) lines {
	l := lines{text: text, number: 1}
	l.findEnd()
	return l
}

const blanks = " \t\f\v"

func (l *lines) findEnd() {
	l.end = len(l.text)
	if n := strings.IndexByte(l.text[l.start:], '\n'); n >= 0 {
		l.end = l.start + n
	}
	l.trim()
}

func (l *lines) trim() {
	l.line = strings.TrimRight(l.text[l.start:l.end], blanks)
	l.trimmed = strings.TrimLeft(l.line, blanks)
}

// isAtEnd reports whether no line is left.
func (l *lines) isAtEnd() bool { return l.start >= len(l.text) }

// next goes to the next line.
func (l *lines) next() {
	l.start = min(l.end+1, len(l.text))
	l.number++
	l.findEnd()
}

// jump goes on at a place behind this one, in bytes: within a line, at the rest of it.
func (l *lines) jump(to int) {
	if to <= l.end {
		l.start = to
		l.trim()
	} else {
		l.number += strings.Count(l.text[l.start:to], "\n")
		l.start = to
		l.findEnd()
	}
	if l.trimmed == "" && !l.isAtEnd() {
		l.next()
	}
}

// numbers tells the number of the line that a place stands in, counted in bytes from here. It is fast where the places
// follow one another.
func (l *lines) numbers() func(place int32) int {
	text, at, number := l.text[l.start:], 0, l.number
	return func(place int32) int {
		to := int(place)
		number += strings.Count(text[min(at, to):to], "\n") - strings.Count(text[to:max(at, to)], "\n")
		at = to
		return number
	}
}

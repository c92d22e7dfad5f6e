// Text for people, line by line: Format-Table, Format-List, Format-Custom, the bracket form, one after another and
// with a console's lines around them. A line that is not understood is a loss.

package decode

import (
	"slices"
	"strings"
	"unicode"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// A textReader reads lines. At most one of its parts is open at a time.
type textReader struct {
	b       *builder
	rec     *recogniser
	console noise
	// double says that a blank line stands between all lines; blanks counts those above the current line.
	double bool
	blanks int
	// pending are lines that may be the header of a table; a line of dashes decides.
	pending []textLine
	table   *table
	record  *record
	group   *group
	// list is the bracket form that is open, of several lines perhaps.
	list   *bracketText
	custom *custom
	rows   tableLosses
	// What the lines that are not understood look like: an error, a table without its header.
	first, failure, headerless string
	failed, header             bool
}

type textLine struct {
	text   string
	number int
}

// A group is a property that stands above a table or a list and holds for all of it.
type group struct {
	textLine
	field field
	value string
	used  bool
}

// A bracketText is a text in bracket form.
type bracketText struct {
	line int
	text []byte
}

// textStatus reads a source as text.
func textStatus(s source) (status.Snapshot, error) {
	b := newBuilder()
	t := &textReader{b: b, rec: newRecogniser(b), double: doubleSpaced(s), rows: tableLosses{b: b}}
	lines := newLineReader(s.open())
	for {
		raw, ok, err := lines.next()
		if err != nil {
			b.lose("unread", status.Loss{Line: lines.number + 1, What: "the text can't be read to its end", Advice: adviceSave, Err: err})
			break
		}
		if !ok {
			break
		}
		if len(raw) == 0 {
			t.blank()
			continue
		}
		t.line(string(raw), lines.number)
		if b.fatal != nil {
			return status.Snapshot{}, b.fatal
		}
		if t.rec.err != nil {
			return status.Snapshot{}, t.rec.err
		}
	}
	t.flush()
	t.dropGroup()
	t.console.finish(b)
	if !b.empty() || b.fatal != nil {
		return b.finish()
	}
	return status.Snapshot{}, t.nothing()
}

// nothing is the error for a text in which nothing of a status was read.
func (t *textReader) nothing() error {
	switch {
	case t.failed:
		return status.Loss{What: "PowerShell reported an error in place of a status: " + quoteLong(t.failure), Advice: adviceFailed}
	case t.headerless != "":
		return status.Loss{What: "a table without its header, so what its columns are is not known: " + quote(t.headerless), Advice: "leave out -HideTableHeaders; " + adviceSave}
	case len(t.b.losses) > 0 && t.b.losses[0].cause != "":
		return nothingRead(t.b, "it is text, but holds no status")
	case t.header:
		return status.Loss{What: "a table of which no row is understood", Advice: adviceAgain}
	case t.first != "":
		return status.Loss{What: "it is text, but holds no status; it begins with " + quote(t.first), Advice: adviceSave}
	}
	return status.Loss{What: "it holds no status, only what a console adds", Advice: adviceEmpty}
}

// doubleSpaced reports whether every two lines of a text have a blank one between them, as some clipboards make it.
func doubleSpaced(s source) bool {
	lines := newLineReader(s.open())
	texts, above := 0, false
	for {
		line, ok, err := lines.next()
		if !ok || err != nil {
			return texts > 1
		}
		text := false
		for _, c := range line {
			if c > ' ' {
				text = true
				break
			}
		}
		if text {
			if above {
				return false
			}
			texts++
		}
		above = text
	}
}

// strange takes a line that is not understood.
func (t *textReader) strange(line string, number int) {
	text := strings.TrimSpace(line)
	if t.first == "" {
		t.first = text
	}
	if t.headerless == "" && endsInStates(text) {
		t.headerless = text
	}
	if !t.failed && (isFailure(text) || strings.Contains(text, "FullyQualifiedErrorId") || strings.Contains(text, "CategoryInfo")) {
		t.failed = true
		t.failure = t.first
		if isFailure(text) {
			t.failure = text
		}
	}
	t.b.strangeLine(line, number)
}

// isFailure reports whether a line has the form in which PowerShell begins an error: "Verb-Noun : message".
func isFailure(text string) bool {
	head, _, ok := strings.Cut(text, ":")
	verb, noun, dash := strings.Cut(strings.TrimRight(head, " "), "-")
	letters := func(s string) bool {
		return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
	}
	return ok && dash && letters(verb) && letters(noun)
}

// endsInStates reports whether a line ends in two of the documented states, as the row of a table does.
func endsInStates(text string) bool {
	words := strings.Fields(text)
	if len(words) < 3 || len(words) > 8 {
		return false
	}
	for _, w := range words[len(words)-2:] {
		if !isState(status.State(w)) {
			return false
		}
	}
	return true
}

// states are the documented ones.
var states = [...]status.State{
	status.FinalState, status.SteadyState, status.NonSteadyState, status.NotInitialized, status.ErrorState, status.NormalState,
}

// isState reports whether a word is a documented state, in any case.
func isState(s status.State) bool { return slices.ContainsFunc(states[:], s.Is) }

func (t *textReader) blank() {
	t.blanks++
	if t.blanks > 1 {
		t.resolve()
	}
	if t.list != nil {
		t.endList()
	}
	if t.record != nil && (!t.double || t.blanks > 1) {
		t.endRecord()
	}
}

// flush closes whatever is open.
func (t *textReader) flush() {
	t.resolve()
	t.endTable()
	t.endRecord()
	t.endList()
	t.endCustom()
}

// line takes one line.
func (t *textReader) line(raw string, number int) {
	line := strings.TrimRightFunc(strings.TrimPrefix(powershell.StripEscapes(raw), "\uFEFF"), unicode.IsSpace)
	text := strings.TrimLeftFunc(line, unicode.IsSpace)
	if text == "" {
		t.blank()
		return
	}
	defer func() { t.blanks = 0 }()
	if t.console.is(text, number) {
		if !isAside(text) {
			t.flush()
			t.dropGroup()
		}
		return
	}
	if t.custom != nil {
		t.customLine(text, number)
		return
	}
	if t.list != nil {
		t.list.text = append(t.list.text, text...)
		t.listLine()
		return
	}
	if isDashes(text) {
		t.dashes(line, number)
		return
	}
	if isHeader(strings.Fields(text)) {
		t.flush()
		t.pending = append(t.pending, textLine{line, number})
		return
	}
	indent := len(line) - len(text)
	name, value, isProperty := property(line)
	known := isProperty && columnOf(name) != fieldNone
	if t.record != nil && !known && (indent > t.record.indent || t.record.isOpen()) {
		t.record.more(text)
		if len(t.record.value) > maxToken {
			t.b.fatal = status.Loss{Line: number, What: "the text can't be read", Advice: adviceSave, Err: errTooLong}
		}
		return
	}
	if isProperty {
		t.resolve()
		t.endTable()
		t.property(textLine{line, number}, indent, name, value)
		return
	}
	switch {
	case t.table != nil && t.row(line, number):
	case strings.HasPrefix(text, "class "):
		t.flush()
		t.custom = &custom{line: number}
		t.customLine(text, number)
	case text[0] == '{', strings.Contains(text, ":["):
		t.flush()
		t.list = &bracketText{line: number, text: []byte(text)}
		t.listLine()
	case t.table != nil:
		t.table.flush(t)
		t.strange(line, number)
	default:
		if len(t.pending) == 6 {
			t.resolve()
		}
		if t.table != nil {
			if !t.row(line, number) {
				t.strange(line, number)
			}
			return
		}
		t.pending = append(t.pending, textLine{line, number})
	}
}

// resolve decides about lines that no line of dashes followed: the names of columns alone make a header too.
func (t *textReader) resolve() {
	lines := t.pending
	if len(lines) == 0 {
		return
	}
	t.pending = nil
	for i, l := range lines {
		if t.table == nil && isHeader(strings.Fields(l.text)) {
			t.openTable(lines[i:i+1], l)
			continue
		}
		if t.table == nil || !t.row(l.text, l.number) {
			t.strange(l.text, l.number)
		}
	}
}

// dropGroup gives up a group that nothing followed.
func (t *textReader) dropGroup() {
	if t.group != nil && !t.group.used {
		t.strange(t.group.text, t.group.number)
	}
	t.group = nil
}

// listLine closes the bracket form when its end is there.
func (t *textReader) listLine() {
	text := t.list.text
	if len(text) > maxToken {
		t.b.fatal = status.Loss{Line: t.list.line, What: "the list of modules can't be read", Advice: adviceSave, Err: errTooLong}
		return
	}
	end := byte(']')
	if text[0] == '{' {
		end = '}'
	}
	if text[len(text)-1] == end {
		t.endList()
	}
}

// endList reads the bracket form that is open.
func (t *textReader) endList() {
	if t.list == nil {
		return
	}
	text, line := string(t.list.text), t.list.line
	t.list = nil
	pool := ""
	if g := t.group; g != nil && g.field == fieldPool {
		g.used = true
		pool = g.value
	}
	if t.first == "" {
		t.first = text
	}
	if strings.TrimSpace(strings.Trim(text, "{}")) == "" {
		t.b.pool(pool, line)
		return
	}
	t.b.brackets(text, line, func(m status.Module) {
		p := t.b.pool(pool, line)
		p.Modules = append(p.Modules, m)
	})
}

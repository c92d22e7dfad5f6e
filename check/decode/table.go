// Format-Table: names of columns, dashes below them, rows. Columns stand one below the other, so a row is divided by
// position; where runs of blanks have become single ones, by order.

package decode

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// A chunk is a part of a line between blanks, from one column of the screen to another, counted in characters.
type chunk struct {
	text       string
	start, end int
}

// chunks divides a line at its blanks. A list in braces is one chunk.
func chunks(line string) []chunk {
	var list []chunk
	at := 0
	for line != "" {
		r, size := utf8.DecodeRuneInString(line)
		if unicode.IsSpace(r) {
			line = line[size:]
			at++
			continue
		}
		n := strings.IndexFunc(line, unicode.IsSpace)
		if line[0] == '{' {
			n = strings.IndexByte(line, '}')
			if n >= 0 {
				n++
				if more := strings.IndexFunc(line[n:], unicode.IsSpace); more >= 0 {
					n += more
				} else {
					n = len(line)
				}
			}
		}
		if n < 0 {
			n = len(line)
		}
		end := at + utf8.RuneCountInString(line[:n])
		list = append(list, chunk{line[:n], at, end})
		at = end
		line = line[n:]
	}
	return list
}

// isDashes reports whether a line holds nothing but dashes, in runs.
func isDashes(text string) bool {
	return strings.Count(text, "-") >= 3 && strings.Trim(text, "- \t") == ""
}

// isHeader reports whether words are the names of columns of a table that holds modules.
func isHeader(words []string) bool {
	var has fields
	for _, w := range words {
		if strings.ContainsAny(w, ":={}[],;") {
			return false
		}
		if f := columnOf(w); f != fieldNone {
			has.add(f)
		}
	}
	return has.has(fieldBackupModules) || has.has(fieldIdentity) && (has.has(fieldExport) || has.has(fieldImport)) || has.has(fieldExport) && has.has(fieldImport)
}

// A table is a table whose header was read.
type table struct {
	columns []chunk // the dashes; text is the name
	fields  [fieldEnd]int
	// collapsed says that positions mean nothing, wrapped that the header takes several lines, foreign that it is a
	// table of something else.
	collapsed, wrapped, foreign bool
	group                       *group
	has                         fields
	// The row that is open: further lines of it may follow. pieces are the cells of its last line.
	cells  []string
	pieces []chunk
	line   int
	// open is the list of modules of the row while its closing brace has not come.
	open []byte
}

// dashes takes a line of dashes: the lines above it are the header.
func (t *textReader) dashes(line string, number int) {
	lines := t.pending
	t.pending = nil
	if len(lines) == 0 {
		t.endTable()
		t.endRecord()
		t.strange(line, number)
		return
	}
	t.openTable(lines, textLine{line, number})
}

// openTable begins a table. The header is the last of lines, or several where it is wrapped; below is the line whose
// parts are the columns.
func (t *textReader) openTable(lines []textLine, below textLine) {
	t.endTable()
	t.endRecord()
	columns := chunks(below.text)
	first := -1
	names := make([]string, len(columns))
	for i := len(lines) - 1; i >= 0 && first < 0; i-- {
		found := 0
		aligned := true
		for _, c := range chunks(lines[i].text) {
			j := columnAt(columns, c)
			if j < 0 {
				aligned = false
				break
			}
			if names[j] == "" || i < len(lines)-1 {
				found++
			}
			names[j] = c.text + names[j]
		}
		if !aligned {
			break
		}
		if found == len(columns) {
			first = i
		}
	}
	if first < 0 {
		// The names don't stand above their dashes.
		last := len(lines) - 1
		cells := chunks(lines[last].text)
		what := "the header of a table is damaged: " + quote(lines[last].text)
		t.b.lose("header", status.Loss{Line: lines[last].number, What: what, Advice: adviceAgain})
		if len(cells) != len(columns) {
			for _, l := range lines {
				t.strange(l.text, l.number)
			}
			return
		}
		for j, c := range cells {
			names[j] = c.text
		}
		first = last
	}
	for _, l := range lines[:first] {
		t.strange(l.text, l.number)
	}
	head := strings.TrimSpace(lines[first].text)
	tab := &table{columns: columns, wrapped: first < len(lines)-1, collapsed: !strings.Contains(head, "  ") && !strings.Contains(head, "\t")}
	for f := range tab.fields {
		tab.fields[f] = -1
	}
	for j, name := range names {
		columns[j].text = name
		if f := columnOf(name); f != fieldNone && tab.fields[f] < 0 {
			tab.fields[f] = j
		}
	}
	t.header = true
	tab.foreign = tab.fields[fieldIdentity] < 0 && tab.fields[fieldExport] < 0 && tab.fields[fieldImport] < 0 && tab.fields[fieldBackupModules] < 0
	if tab.foreign {
		t.strange(head, lines[first].number)
	} else {
		var more fields
		if g := t.group; g != nil && g.field != fieldNone && tab.fields[g.field] < 0 {
			more.add(g.field)
		}
		t.rows.header(lines[first].number, names, more)
		tab.has = t.rows.has
	}
	if t.group != nil {
		// A group holds for one table: the next has a line of its own.
		tab.group = t.group
		t.group = nil
	}
	t.table = tab
}

// columnAt finds the column that a cell belongs to: it begins where the column begins (text) or ends where it ends
// (numbers and enums).
func columnAt(columns []chunk, c chunk) int {
	for j, col := range columns {
		if c.start == col.start {
			return j
		}
	}
	for j, col := range columns {
		if c.end == col.end {
			return j
		}
	}
	return -1
}

// endTable closes the table that is open.
func (t *textReader) endTable() {
	if t.table != nil {
		t.table.flush(t)
		t.table = nil
	}
}

// flush reads the row that is open.
func (tab *table) flush(t *textReader) {
	if tab.cells == nil {
		return
	}
	tab.closeList()
	cells, line := tab.cells, tab.line
	tab.cells, tab.pieces = nil, nil
	cell := func(f field) string {
		if j := tab.fields[f]; j >= 0 {
			return cells[j]
		}
		if g := tab.group; g != nil && g.field == f {
			return g.value
		}
		return ""
	}
	if g := tab.group; g != nil {
		t.fromGroup(g, tab.has, line, cell(g.field))
	}
	t.rows.has = tab.has
	t.rows.row(line, cell)
}

// row takes a line of the table. It returns false when the line is no row.
func (t *textReader) row(line string, number int) bool {
	tab := t.table
	if tab.foreign {
		return true // the table is a loss as a whole
	}
	parts := chunks(line)
	if tab.goesOn(line, parts) {
		return true
	}
	cells := tab.divide(parts, line)
	if cells == nil {
		return false
	}
	tab.flush(t)
	tab.cells, tab.pieces, tab.line = cells, parts, number
	if j := tab.fields[fieldBackupModules]; j >= 0 {
		text := cells[j]
		if _, stopped := endsInStop(text); strings.HasPrefix(text, "{") && !strings.HasSuffix(text, "}") && !stopped {
			tab.open = append(tab.open, text...)
		}
	}
	return true
}

// closeList puts the list of modules that went over several lines into its cell.
func (tab *table) closeList() {
	if len(tab.open) > 0 {
		tab.cells[tab.fields[fieldBackupModules]] = string(tab.open)
		tab.open = nil
	}
}

// divide gives each column its cell, nil where that is not clear.
func (tab *table) divide(parts []chunk, line string) []string {
	cells := make([]string, len(tab.columns))
	if tab.collapsed {
		if len(parts) != len(cells) {
			return nil
		}
		for j, c := range parts {
			cells[j] = c.text
		}
		return cells
	}
	last, end := -1, 0
	for _, c := range parts {
		j := columnAt(tab.columns, c)
		switch {
		case j > last && tab.fits(j, c):
			cells[j] = c.text
			last = j
		case last >= 0 && c.start == end+1 && tab.fits(last, c):
			cells[last] += " " + c.text // a cell of several words
		default:
			return tab.byOrder(parts, line)
		}
		end = c.end
	}
	return cells
}

// fits reports whether a cell leaves the next column alone.
func (tab *table) fits(j int, c chunk) bool {
	return j == len(tab.columns)-1 || c.end < tab.columns[j+1].start || c.end == tab.columns[j].end
}

// byOrder divides a row whose characters are wider than one place on the screen, so that the columns are shifted.
func (tab *table) byOrder(parts []chunk, line string) []string {
	if len(parts) != len(tab.columns) || utf8.RuneCountInString(line) == len(line) {
		return nil
	}
	cells := make([]string, len(parts))
	for j, c := range parts {
		cells[j] = c.text
	}
	return cells
}

// goesOn takes a line in which the cells of the row above go on: each of its parts stands in a column whose cell
// above filled the whole width.
func (tab *table) goesOn(line string, parts []chunk) bool {
	if tab.cells == nil {
		return false
	}
	if j := tab.fields[fieldBackupModules]; j >= 0 {
		if len(tab.open) == 0 || len(tab.open) > maxToken || !tab.collapsed && parts[0].start != tab.columns[j].start {
			return false
		}
		tab.open = append(tab.open, strings.TrimSpace(line)...)
		if tab.open[len(tab.open)-1] == '}' {
			tab.closeList()
		}
		return true
	}
	if tab.collapsed && len(tab.columns) > 1 {
		return false
	}
	known := 0
	into := make([]int, len(parts))
	for i, c := range parts {
		j := columnAt(tab.columns, c)
		if j < 0 || !tab.filled(j) || i > 0 && j <= into[i-1] {
			return false
		}
		if len(tab.cells[j]) > maxName {
			return false // no name and no state is that long
		}
		into[i] = j
		if f := columnOf(tab.columns[j].text); f == fieldIdentity || f == fieldExport || f == fieldImport {
			known++
		}
	}
	// Where the header fits, so do the states that are shorter: a line with all three cells is a row of its own.
	if known == 3 && !tab.wrapped {
		return false
	}
	for i, c := range parts {
		tab.cells[into[i]] += c.text
	}
	tab.pieces = parts
	return true
}

// filled reports whether the cell in the last line of the row takes the whole width of its column.
func (tab *table) filled(j int) bool {
	for _, p := range tab.pieces {
		if columnAt(tab.columns, p) != j {
			continue
		}
		if j == len(tab.columns)-1 {
			return p.end-p.start >= tab.columns[j].end-tab.columns[j].start
		}
		return p.end == tab.columns[j+1].start-1
	}
	return false
}

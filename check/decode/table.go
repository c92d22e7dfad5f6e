// Format-Table: names of columns, dashes below them, rows. Columns stand one below the other, so a row is divided by
// its places on the screen; where runs of blanks have become single ones, by order.

package decode

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// maxColumns is how many columns a table may have.
const maxColumns = 64

// A chunk is a part of a line between blanks, from one place of the screen to another.
type chunk struct {
	text       string
	start, end int
}

// chunks divides a line at its blanks. A list in braces is one chunk. More of them than any table has are left out.
func chunks(line string) []chunk {
	var list []chunk
	at := 0
	for line != "" && len(list) < 4*maxColumns {
		if c, size := utf8.DecodeRuneInString(line); unicode.IsSpace(c) {
			line = line[size:]
			at++
			continue
		}
		n := 0
		if line[0] == '{' {
			if n = strings.IndexByte(line, '}') + 1; n == 0 {
				n = len(line)
			}
		}
		if more := strings.IndexFunc(line[n:], unicode.IsSpace); more >= 0 {
			n += more
		} else {
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

// A table is one whose names were read.
type table struct {
	columns []chunk // text is the name
	fields  []field
	group   group
	said    fields
	// collapsed says that places mean nothing, isUnknown that it tells of something else than modules.
	collapsed, isUnknown bool
	// row is open where it has anything: further lines of it may follow. pieces are the cells of its last line.
	row    row
	pieces []chunk
	rows   int
}

// beginsTable finds names with dashes below them, or the names that a status has.
func beginsTable(l lines) bool {
	if isDashes(l.trimmed) {
		return false
	}
	if isHeader(l.trimmed) {
		return true
	}
	columns, _ := tableHeader(l)
	return columns != nil
}

// tableHeader reads a line of names with dashes below it, and returns the line behind those. Without these there are no
// columns.
func tableHeader(l lines) (columns []chunk, behind lines) {
	names := chunks(l.line)
	l.next()
	if !isDashes(l.trimmed) {
		return nil, l
	}
	columns = chunks(l.line)
	for _, name := range names {
		j := columnAt(columns, name)
		if j < 0 || columns[j].text[0] != '-' {
			return nil, l
		}
		columns[j].text = name.text
	}
	l.next()
	if len(columns) > maxColumns || len(names) != len(columns) {
		return nil, l
	}
	return columns, l
}

// readTable takes the names and the rows, up to a blank line or to what is no row.
func readTable(r *reader) {
	t := table{group: r.takeGroup()}
	line, head := r.number, r.trimmed
	columns, behind := tableHeader(r.lines)
	if columns != nil {
		r.lines = behind
	} else {
		columns = chunks(r.line)
		r.next()
		if isDashes(r.trimmed) {
			r.b.lose(line, "the header of a table is damaged: "+quote(head), adviceSave)
			r.next()
		}
	}
	if len(columns) > maxColumns {
		r.b.lose(line, "a table of more than "+strconv.Itoa(maxColumns)+" columns", adviceSave)
		return
	}
	t.open(r, columns, head, line)
	for !r.isAtEnd() && !r.b.full {
		text := r.trimmed
		switch {
		case text == "" && t.isBlankRow(r):
			t.misfit(r)
		case text == "":
			t.end(r, line)
			return
		case r.message(true):
			continue
		case isOther(r.lines), isHeader(text):
			t.end(r, line)
			return
		case t.takeRow(r):
		case beginsList(r.lines), beginsBrackets(r.lines):
			t.end(r, line)
			return
		default:
			t.misfit(r)
		}
		r.next()
	}
	t.end(r, line)
}

// isBlankRow reports whether a line has nothing but blanks, up to the last column: so a row without any value stands
// there.
func (t *table) isBlankRow(r *reader) bool {
	return len(t.columns) > 1 && r.end-r.start >= t.columns[len(t.columns)-1].start
}

// misfit gives up a line that stands in the table and does not fit its columns.
func (t *table) misfit(r *reader) {
	t.flush(r)
	t.rows++
	what := "a row does not fit the columns of its table: "
	for _, c := range chunks(r.line) {
		if status.Damage(c.text) != "" {
			what = "a row of the table is cut or damaged: "
		}
	}
	r.b.lose(r.number, what+quote(r.line), adviceWidth)
}

// open takes the columns and says what the table does not have.
func (t *table) open(r *reader, columns []chunk, head string, line int) {
	names := make([]string, len(columns))
	t.columns, t.fields = columns, make([]field, len(columns))
	t.collapsed = !strings.Contains(head, "  ") && !strings.Contains(head, "\t")
	var has fields
	for i, c := range columns {
		names[i], t.fields[i] = c.text, columnOf(c.text)
		has.add(t.fields[i])
	}
	t.isUnknown = has&^beside == 0
	t.said = r.b.columns(t.fields, names, line)
}

// end closes the table.
func (t *table) end(r *reader, line int) {
	t.flush(r)
	if t.rows == 0 {
		r.b.lose(line, "a table that ends behind its header", adviceAgain)
	}
}

// flush hands over the row that is open.
func (t *table) flush(r *reader) {
	name := t.row.text[fieldIdentity]
	for j, f := range t.fields {
		// A name that fills its column and only begins a documented one went on in a line that is gone.
		if f == fieldIdentity && t.filled(j) && beginsDocumented(name) && !status.IsDocumented(name) {
			t.row.joined = true
		}
	}
	if t.row.has != 0 {
		r.take(t.row, t.group)
	}
	t.row = row{}
}

// takeRow takes a line of the table. It returns false when the line is no row.
func (t *table) takeRow(r *reader) bool {
	if t.isUnknown {
		t.rows++
		return !ofStatus(r.trimmed) // the table is a loss as a whole
	}
	if isDashes(r.trimmed) {
		return false
	}
	parts := chunks(r.line)
	if t.goesOn(r.line, parts) {
		return true
	}
	cells := t.divide(parts)
	if cells == nil {
		return false
	}
	t.flush(r)
	t.rows++
	t.row, t.pieces = row{line: r.number, said: t.said}, parts
	for i, f := range t.fields {
		t.row.set(f, cells[i])
	}
	return true
}

// columnAt finds the column that a cell belongs to, -1 where there is none: it begins where the column begins (text) or
// ends where it ends (numbers and enums).
func columnAt(columns []chunk, c chunk) int {
	if j := slices.IndexFunc(columns, func(col chunk) bool { return c.start == col.start }); j >= 0 {
		return j
	}
	return slices.IndexFunc(columns, func(col chunk) bool { return c.end == col.end })
}

// divide gives each column its cell, nil where that is not clear.
func (t *table) divide(parts []chunk) []string {
	cells := make([]string, len(t.columns))
	last, end := -1, 0
	for i, c := range parts {
		j := columnAt(t.columns, c)
		switch {
		case t.collapsed && len(parts) == len(cells):
			cells[i] = c.text
		case t.collapsed:
			return nil
		case j > last && t.fits(j, c):
			cells[j] = c.text
			last = j
		case last >= 0 && c.start == end+1 && t.fits(last, c):
			cells[last] += " " + c.text // a cell of several words
		default:
			return nil
		}
		end = c.end
	}
	return cells
}

// fits reports whether a cell leaves the next column alone.
func (t *table) fits(j int, c chunk) bool {
	return j == len(t.columns)-1 || c.end < t.columns[j+1].start || c.end == t.columns[j].end
}

// goesOn takes a line in which cells of the row above go on: its list of modules, or each of its parts stands below a
// cell that filled the whole width.
func (t *table) goesOn(line string, parts []chunk) bool {
	last, x := len(t.columns)-1, t.row
	isCollapsed := t.collapsed && last > 0
	switch f := t.fields[last]; {
	case x.has == 0:
		return false
	case f == fieldBackupModules && x.goesOn(f, ""): // its elements have blanks between them
		if isCollapsed && parts[0].start != t.columns[last].start {
			return false
		}
		x.goOn(f, strings.TrimSpace(line))
		t.row, t.pieces = x, parts
		return true
	case isCollapsed:
		return false
	}
	above := -1
	for _, c := range parts {
		j := columnAt(t.columns, c)
		if j <= above || !t.filled(j) {
			return false
		}
		above = j
		switch f := t.fields[j]; {
		case f == fieldNone:
		case !x.goesOn(f, c.text):
			return false
		default:
			x.goOn(f, c.text)
		}
	}
	t.row, t.pieces = x, parts
	return true
}

// filled reports whether the cell in the last line of the row takes the whole width of its column.
func (t *table) filled(j int) bool {
	i := slices.IndexFunc(t.pieces, func(p chunk) bool { return columnAt(t.columns, p) == j })
	switch {
	case i < 0:
		return false
	case j == len(t.columns)-1:
		return t.pieces[i].end-t.pieces[i].start >= t.columns[j].end-t.columns[j].start
	}
	return t.pieces[i].end == t.columns[j+1].start-1
}

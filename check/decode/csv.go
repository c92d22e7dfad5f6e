// CSV: Export-Csv and ConvertTo-Csv, with any of the delimiters that PowerShell and Excel use.

package decode

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

// typeLine begins the line that Windows PowerShell writes above the names, separatorLine the one that Excel does.
const (
	typeLine      = "#TYPE"
	separatorLine = "sep="
)

// csvDelimiter finds the delimiter of a line of names, 0 when it is none.
func csvDelimiter(line string) rune {
	for _, delimiter := range [...]rune{',', ';', '\t'} {
		for cell := range strings.SplitSeq(line, string(delimiter)) {
			name := strings.TrimSpace(cell)
			bare := strings.Trim(name, `"`)
			quoted := len(bare) == len(name)-2
			if f := columnOf(bare); f != fieldNone && f != fieldError &&
				(quoted || strings.ContainsRune(line, delimiter)) &&
				!strings.ContainsAny(line, "|{}[]$") {
				return delimiter
			}
		}
	}
	return 0
}

// skipHead goes behind the lines that may stand above the names, one of each.
func skipHead(l *lines) {
	if strings.HasPrefix(l.trimmed, typeLine) {
		l.next()
	}
	if strings.HasPrefix(strings.ToLower(l.trimmed), separatorLine) {
		l.next()
	}
}

func beginsCSV(l lines) bool {
	skipHead(&l)
	return csvDelimiter(l.trimmed) != 0
}

// readCSV takes the names and the records below them.
func readCSV(r *reader) {
	r.dropGroup()
	skipHead(&r.lines)
	start, first := r.start, r.number
	delimiter := csvDelimiter(r.trimmed)
	if !r.skipCSV(delimiter) {
		r.b.lose(r.number, "a line of more than "+strconv.Itoa(maxColumns)+" fields", adviceSave)
		r.next()
		return
	}
	reader := csv.NewReader(strings.NewReader(r.text[start:r.start]))
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	reader.TrimLeadingSpace = delimiter != '\t' // of an indented paste
	names, err := reader.Read()
	if err != nil {
		r.b.lose(first, withCause("the names of the CSV are damaged", err), adviceAgain)
		return
	}
	columns := make([]field, len(names))
	for i, name := range names {
		columns[i] = columnOf(strings.TrimSpace(name))
	}
	said := r.b.columns(columns, names, first)
	excel := strings.TrimSpace(names[len(names)-1]) == "" // it adds columns without a name, and rows without any text
	for rows := 0; !r.b.full; {
		record, err := reader.Read()
		switch {
		case errors.Is(err, io.EOF):
			if rows == 0 {
				r.b.lose(first, "CSV that ends behind its names", adviceAgain)
			}
			return
		case err != nil:
			broken, _ := errors.AsType[*csv.ParseError](err) // there is no other error without I/O
			r.b.lose(first-1+broken.Line,
				withCause("the CSV is broken in column "+strconv.Itoa(broken.Column), broken.Err), adviceAgain)
			rows++
			continue
		case excel && !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" }):
			continue
		}
		rows++
		at, _ := reader.FieldPos(0)
		r.csvRow(record, columns, said, first-1+at)
	}
}

func (r *reader) csvRow(record []string, columns []field, said fields, line int) {
	if len(record) != len(columns) {
		r.b.lose(
			line,
			"a line has "+strconv.Itoa(len(record))+" fields, the names are "+strconv.Itoa(
				len(columns),
			)+": "+quote(strings.Join(record, " ")),
			adviceAgain,
		)
		return
	}
	x := row{line: line, said: said}
	for i, f := range columns {
		x.set(f, record[i])
	}
	r.take(x, group{})
}

// skipCSV goes behind the last record: to the line that begins something else, outside of quotes. It stops at a line
// of too many fields, and returns false.
func (r *reader) skipCSV(delimiter rune) bool {
	quoted := false
	for first := true; !r.isAtEnd(); first = false {
		text := r.trimmed
		if !first && !quoted {
			if beginsCSV(r.lines) || isOther(r.lines) && !strings.HasPrefix(text, `"`) ||
				isConsoleMessage(text) && !ofStatus(text) {
				return true
			}
		}
		if strings.Count(text, string(delimiter)) > maxColumns {
			return false
		}
		quoted = quoted != (strings.Count(text, `"`)%2 == 1)
		r.next()
	}
	return true
}

// loseNumbered says of a column or a property that it is one of a second status.
func (b *builder) loseNumbered(name string, line int) {
	b.lose(line,
		quote(name)+" is the name of a column with a number behind it, as where two statuses stand side by side",
		adviceTwo)
}

// columns looks at the names of the columns of a table. What it lacks is said once, not for every row.
func (b *builder) columns(columns []field, names []string, line int) (said fields) {
	var has fields
	for i, f := range columns {
		name := strings.TrimSpace(names[i])
		switch {
		case f == fieldNone && status.Damage(name) == "cut":
			b.lose(line, "the name of a column is cut: "+quote(name), adviceWidth)
		case f == fieldNone && isNumbered(name):
			b.loseNumbered(name, line)
		case f != fieldNone && has.has(f):
			b.lose(line, "the table has two columns "+f.String(), adviceSave)
		}
		if f != fieldNone {
			has.add(f)
		}
	}
	if has.has(fieldBackupModules) {
		return 0
	}
	if !has.areModules() {
		b.lose(line, "a table that is none of modules; its columns are "+quote(strings.Join(names, ", ")),
			adviceColumns)
	}
	for _, f := range [...]field{fieldIdentity, fieldExport, fieldImport} {
		if !has.has(f) && has.areModules() {
			said.add(f)
			b.lose(line, "the table has no column "+f.String(), adviceWidth)
		}
	}
	return said
}

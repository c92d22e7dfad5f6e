// CSV, record by record with encoding/csv: Export-Csv and ConvertTo-Csv, with any of the delimiters that PowerShell
// and Excel use.

package decode

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// typeLine begins the line that Windows PowerShell writes above the header.
const typeLine = "#TYPE "

// A csvLines hands lines to the CSV reader: ends of every system made LF, what a console adds left out.
type csvLines struct {
	lines   *lineReader
	console noise
	pending []byte
	// read counts the bytes that were handed out, start is where the current record begins.
	read, start int64
}

func (c *csvLines) Read(p []byte) (int, error) {
	for len(c.pending) == 0 {
		// A record that does not end, because a quote is missing, must not fill the memory.
		if c.read-c.start > maxToken {
			return 0, errTooLong
		}
		line, ok, err := c.lines.next()
		if err != nil {
			return 0, err
		}
		if !ok {
			return 0, io.EOF
		}
		text := strings.TrimPrefix(powershell.StripEscapes(string(line)), "\uFEFF")
		if strings.TrimSpace(text) == "" || c.console.is(text, c.lines.number) {
			text = ""
		}
		c.pending = append(c.pending[:0], text...)
		c.pending = append(c.pending, '\n')
	}
	n := copy(p, c.pending)
	c.pending = c.pending[n:]
	c.read += int64(n)
	return n, nil
}

// csvDelimiter finds the delimiter of a header line, 0 when it is no header of CSV that says what its columns are.
func csvDelimiter(line string) rune {
	line = strings.TrimSpace(line)
	for _, delimiter := range [...]rune{',', ';', '\t'} {
		for cell := range strings.SplitSeq(line, string(delimiter)) {
			name := strings.TrimSpace(cell)
			quoted := len(name) >= 2 && name[0] == '"' && name[len(name)-1] == '"'
			if quoted {
				name = name[1 : len(name)-1]
			}
			known := columnOf(name) != fieldNone
			if known && (quoted || strings.ContainsRune(line, delimiter)) {
				return delimiter
			}
		}
	}
	return 0
}

// csvHeader maps fields to the columns of a record that names them. ok tells whether it is a header.
func csvHeader(record []string) (columns [fieldEnd]int, ok bool) {
	for i := range columns {
		columns[i] = -1
	}
	for i, cell := range record {
		if f := columnOf(strings.TrimSpace(cell)); f != fieldNone && columns[f] < 0 {
			columns[f] = i
		}
	}
	ok = columns[fieldBackupModules] >= 0 || columns[fieldIdentity] >= 0 && (columns[fieldExport] >= 0 || columns[fieldImport] >= 0)
	return columns, ok || columns[fieldExport] >= 0 && columns[fieldImport] >= 0
}

// csvStatus reads a source whose CSV begins n bytes from its start, on the line of a number.
func csvStatus(s source, n int64, line int, delimiter rune) (status.Snapshot, error) {
	b := newBuilder()
	lines := &csvLines{lines: newLineReader(skipBytes(s.open(), n))}
	reader := csv.NewReader(lines)
	reader.Comma = delimiter
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	var columns [fieldEnd]int
	width := 0
	t := tableLosses{b: b}
	for b.fatal == nil {
		lines.start = lines.read
		record, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			broken, ok := errors.AsType[*csv.ParseError](err)
			if !ok {
				b.lose("", status.Loss{Line: line, What: "the CSV can't be read to its end", Advice: adviceAgain, Err: err})
				break
			}
			b.strange++
			if b.strange > maxStrange {
				b.fatal = status.Loss{What: "more than " + strconv.Itoa(maxStrange) + " lines are not understood", Advice: adviceSave}
			}
			b.lose("csv", status.Loss{Line: line - 1 + broken.Line, What: "the CSV is broken in column " + strconv.Itoa(broken.Column), Advice: adviceAgain, Err: broken.Err})
			continue
		}
		at, _ := reader.FieldPos(0)
		number := line - 1 + at
		if strings.HasPrefix(record[0], typeLine) {
			width = 0 // the header of another table follows
			continue
		}
		if header, ok := csvHeader(record); ok {
			columns, width = header, len(record)
			t.header(number, record, 0)
			continue
		}
		switch {
		case width == 0:
			b.lose("no header", status.Loss{Line: number, What: "CSV without a line of names, so what its columns are is not known: " + quote(record[0]), Advice: adviceSave})
			continue
		case len(record) != width:
			b.lose("fields", status.Loss{Line: number, What: "a line has " + strconv.Itoa(len(record)) + " fields, the header " + strconv.Itoa(width) + ": " + quote(strings.Join(record, string(delimiter))), Advice: adviceAgain})
			continue
		}
		cell := func(f field) string {
			if i := columns[f]; i >= 0 {
				return record[i]
			}
			return ""
		}
		t.row(number, cell)
	}
	lines.console.finish(b)
	if b.empty() {
		return status.Snapshot{}, nothingRead(b, "it is CSV, but holds no status")
	}
	if b.modules == 0 && len(b.losses) > 0 {
		return status.Snapshot{}, nothingRead(b, "it is CSV, but the modules are not in it")
	}
	return b.finish()
}

// Text as lines: line ends of every system, colours taken out, and the lines that a console adds around a status.

package decode

import (
	"bytes"
	"io"
	"strings"

	"check_cs_backup/check/status"
)

// maxToken bounds one line, one text, one record: whatever has to be in memory at once. A status is far below it.
const maxToken = 1 << 20

// A lineReader reads lines that end in LF, CRLF or CR.
type lineReader struct {
	r          io.Reader
	buf        []byte
	start, end int
	eof        bool
	read       int64
	// number is the number of the line that next returned last, counted from 1.
	number int
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: r, buf: make([]byte, 4<<10)}
}

// next returns the next line without its end. It is valid until the next call. ok is false at the end; too long a
// line is an error.
func (l *lineReader) next() (line []byte, ok bool, err error) {
	scanned := l.start
	for {
		if i := bytes.IndexAny(l.buf[scanned:l.end], "\r\n"); i >= 0 {
			i += scanned
			// A CR at the end of the buffer may be the first half of a CRLF.
			if l.buf[i] == '\n' || i+1 < l.end || l.eof {
				line = l.buf[l.start:i]
				l.start = i + 1
				if l.buf[i] == '\r' && l.start < l.end && l.buf[l.start] == '\n' {
					l.start++
				}
				l.number++
				return line, true, nil
			}
			scanned = i
		} else {
			scanned = l.end
		}
		if l.eof {
			if l.start == l.end {
				return nil, false, nil
			}
			line = l.buf[l.start:l.end]
			l.start = l.end
			l.number++
			return line, true, nil
		}
		if l.start > 0 {
			copy(l.buf, l.buf[l.start:l.end])
			l.end -= l.start
			scanned -= l.start
			l.start = 0
		}
		if l.end == len(l.buf) {
			if len(l.buf) >= maxToken {
				return nil, false, errTooLong
			}
			l.buf = append(l.buf, make([]byte, len(l.buf))...)
		}
		n, err := l.r.Read(l.buf[l.end:])
		l.end += n
		l.read += int64(n)
		if err == io.EOF {
			l.eof = true
		} else if err != nil {
			return nil, false, err
		}
	}
}

// offset is the place of the line that next returns next, in bytes.
func (l *lineReader) offset() int64 { return l.read - int64(l.end-l.start) }

// A noise is the part of a text that a console adds: prompts, transcript blocks, warnings.
type noise struct {
	// block is the line at which a transcript's block of fields begins, 0 outside. status is the beginning of a
	// block in which a status stands.
	block, status int
}

// is reports whether the line belongs to the console. Blank lines are not asked for.
func (n *noise) is(line string, number int) bool {
	text := strings.TrimSpace(line)
	if isStars(text) {
		if n.block > 0 {
			n.block = 0
		} else {
			n.block = number
		}
		return true
	}
	if n.block > 0 {
		// The fields of a block are translated, so anything may stand there, but not a status.
		if looksLikeStatus(text) {
			n.status = n.block
			return false
		}
		return true
	}
	return isPrompt(text) || isAside(text)
}

// finish says when a block was left open: then a status may have been taken for its fields.
func (n *noise) finish(b *builder) {
	if line := max(n.block, n.status); line > 0 {
		b.lose("", status.Loss{Line: line, What: "a block of a transcript begins here and does not end", Advice: adviceAgain})
		n.block, n.status = 0, 0
	}
}

func isStars(text string) bool {
	return len(text) >= 10 && strings.Trim(text, "*") == ""
}

// isAside reports whether the line is one that PowerShell says beside the output.
func isAside(text string) bool {
	return strings.HasPrefix(text, "WARNING: ") || strings.HasPrefix(text, "VERBOSE: ") ||
		strings.HasPrefix(text, "Transcript started, output file is ") ||
		strings.HasPrefix(text, "Transcript stopped, output file is ")
}

// isPrompt reports whether the line is a prompt with or without a command: "PS C:\> …", "[host]: PS C:\> …", ">> …".
func isPrompt(text string) bool {
	if text == ">>" || strings.HasPrefix(text, ">> ") {
		return true
	}
	if strings.HasPrefix(text, "[") {
		if i := strings.Index(text, "]: "); i > 1 {
			text = text[i+len("]: "):]
		}
	}
	after, ok := strings.CutPrefix(text, "PS")
	if !ok || after == "" || after[0] != ' ' && after[0] != '>' {
		return false
	}
	return strings.Contains(after, ">")
}

// looksLikeStatus reports whether a line within a transcript's block is a part of a status, which means that a line
// of stars has been lost.
func looksLikeStatus(text string) bool {
	if name, _, ok := property(text); ok {
		f := fieldOf(name)
		return f == fieldIdentity || f == fieldExport || f == fieldImport || f == fieldBackupModules
	}
	return strings.Contains(text, ":[") && strings.Contains(text, "State") || isHeader(strings.Fields(text)) || isDashes(text) || endsInStates(text)
}

// quote bounds a piece of the source that a message quotes.
func quote(text string) string {
	const limit = 80
	text = strings.TrimSpace(text)
	n := 0
	for i := range text {
		if n == limit {
			return `"` + text[:i] + `…"`
		}
		n++
	}
	return `"` + text + `"`
}

// head is the beginning of a line that is too long to be read as one.
func (l *lineReader) head() []byte { return l.buf[l.start:min(l.end, l.start+4096)] }

// JSON, token by token with encoding/json: the collector's document, and what ConvertTo-Json makes of the cmdlet's
// objects.

package decode

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// maxModuleList is how many bytes the modules of one pool may take in the collector's document: 100,000 modules.
const maxModuleList = 16 << 20

// A limitedReader ends the reading when one token, or one list of modules, needs too much memory. used returns the
// bytes that are done with.
type limitedReader struct {
	r       io.Reader
	read    int64
	used    func() int64
	modules bool
}

func (l *limitedReader) Read(p []byte) (int, error) {
	switch {
	case l.used == nil:
	case !l.modules && l.read-l.used() > maxToken:
		return 0, errTooLong
	case l.modules && l.read-l.used() > maxModuleList:
		return 0, errTooManyModules
	}
	n, err := l.r.Read(p)
	l.read += int64(n)
	return n, err
}

// decodeJSON reads values of JSON one after another. It returns where the last whole value ends, in bytes of the
// UTF-8 text, and the error that ended the reading.
func decodeJSON(r io.Reader, rec *recogniser) (values int, end int64, err error) {
	return decodeTokens(r, rec, true)
}

// decodeTokens does that. Most of a large document are the modules of pools, and a module costs eight tokens, so with
// wholeLists their lists are looked at as a whole: what the collector writes is recognised as it stands, anything else
// goes by its tokens.
func decodeTokens(r io.Reader, rec *recogniser, wholeLists bool) (values int, end int64, err error) {
	limited := &limitedReader{r: r}
	dec := json.NewDecoder(limited)
	dec.UseNumber()
	limited.used = dec.InputOffset
	depth := 0
	expectKey := false
	// objects tells for each level whether it is an object.
	var objects [maxDepth + 2]bool
	var modules json.RawMessage
	for {
		if wholeLists && rec.wantsModules() {
			limited.modules = true
			err := dec.Decode(&modules)
			limited.modules = false
			if err == nil && !rec.plainModules(modules) {
				_, _, err = decodeTokens(bytes.NewReader(modules), rec, false)
			}
			if err == nil {
				err = rec.b.fatal
			}
			if err != nil {
				return values, end, unexpected(err)
			}
			expectKey = true
			continue
		}
		token, err := dec.Token()
		if err != nil {
			if err == io.EOF && depth == 0 {
				return values, end, nil
			}
			return values, end, unexpected(err)
		}
		if key, ok := token.(string); ok && expectKey {
			rec.key(key)
			expectKey = false
			continue
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				depth++
				rec.begin(t == '[')
				if rec.err != nil {
					return values, end, rec.err
				}
				objects[depth] = t == '{'
			default:
				depth--
				rec.end()
			}
		case string:
			rec.value(kindText, t)
		case json.Number:
			rec.value(kindNumber, t.String())
		case bool:
			rec.value(kindBool, strconv.FormatBool(t))
		default:
			rec.value(kindNull, "")
		}
		if rec.err != nil {
			return values, end, rec.err
		}
		if rec.b.fatal != nil {
			return values, end, rec.b.fatal
		}
		expectKey = objects[depth] && depth > 0
		if depth == 0 {
			values++
			end = dec.InputOffset()
		}
	}
}

// unexpected is the error for an end in the middle of a value.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// wantsModules reports whether the value that comes next is the list of modules of a pool of the collector's document.
func (r *recogniser) wantsModules() bool {
	f := r.here()
	return r.skip == 0 && f != nil && !f.list && f.key == fieldModules
}

// plainModules takes a list of modules that stands there to the letter as the collector writes it, in ASCII and
// without escapes. Of any other list it takes nothing.
func (r *recogniser) plainModules(raw []byte) bool {
	list, ok := bytes.CutPrefix(raw, []byte("["))
	if !ok {
		return false
	}
	for rest := list; ; {
		_, after, ok := cutModule(rest)
		if !ok {
			return false
		}
		if string(after) == "]" {
			break
		}
		if rest, ok = bytes.CutPrefix(after, []byte(",")); !ok {
			return false
		}
	}
	r.begin(true)
	for rest := list; len(rest) > 1 && r.skip == 0 && r.err == nil; { // skipped when the pool had a list already
		texts, after, _ := cutModule(rest)
		r.place()
		r.keep(r.owner(), r.b.module(reading{identity: string(texts[0]), export: string(texts[1]), imprt: string(texts[2])}))
		rest = bytes.TrimPrefix(after, []byte(","))
	}
	r.end()
	return true
}

// cutModule cuts the texts of the first module off a list.
func cutModule(list []byte) (texts [3][]byte, rest []byte, ok bool) {
	for i, name := range [...]string{`{"identity":"`, `,"exportStatus":"`, `,"importStatus":"`} {
		text, ok := bytes.CutPrefix(list, []byte(name))
		end := bytes.IndexByte(text, '"')
		if !ok || end < 0 {
			return texts, nil, false
		}
		for _, c := range text[:end] {
			if c < ' ' || c > '~' || c == '\\' {
				return texts, nil, false
			}
		}
		texts[i], list = text[:end], text[end+1:]
	}
	rest, ok = bytes.CutPrefix(list, []byte("}"))
	return texts, rest, ok
}

// jsonError says where the JSON is broken. base is where in the source it begins, in bytes of the UTF-8 text.
func jsonError(err error, s source, base int64) error {
	if l, ok := errors.AsType[status.Loss](err); ok {
		return l
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		line, _ := place(s.open(), -1)
		return status.Loss{Line: line, What: "the JSON breaks off: it is cut", Advice: adviceAgain, Err: err}
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, column := place(s.open(), base+syntax.Offset)
		return status.Loss{Line: line, What: "the JSON is broken in column " + strconv.Itoa(column), Advice: adviceAgain, Err: err}
	}
	return status.Loss{What: "the JSON can't be read", Advice: adviceAgain, Err: err}
}

// place returns the line and the column of a byte, all counted from 1; those of the last line with text for -1.
func place(r io.Reader, offset int64) (line, column int) {
	line, column = 1, 1
	text, textColumn := 1, 1
	buf := make([]byte, 16<<10)
	for at := int64(0); ; {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			at++
			if offset >= 0 && at >= offset {
				return line, column
			}
			if c > ' ' {
				text, textColumn = line, column
			}
			switch {
			case c == '\n':
				line++
				column = 1
			case c&0xC0 != 0x80: // not within a rune
				column++
			}
		}
		if err != nil {
			return text, textColumn
		}
	}
}

// skipBytes returns the reader behind its first n bytes.
func skipBytes(r io.Reader, n int64) io.Reader {
	// What is not there is met by whoever reads on.
	_, _ = io.CopyN(io.Discard, r, n)
	return r
}

// jsonStatus reads a source that begins with JSON, n bytes from its start.
func jsonStatus(s source, n int64) (status.Snapshot, error) {
	b := newBuilder()
	rec := newRecogniser(b)
	for {
		values, end, err := decodeJSON(skipBytes(s.open(), n), rec)
		if err == nil {
			break
		}
		if values == 0 || rec.err != nil || b.fatal != nil {
			return status.Snapshot{}, jsonError(err, s, n)
		}
		// Behind the last whole value: what a console adds, another value behind that, or what is not understood.
		next, more := afterJSON(b, s, n+end)
		if next == n+end {
			return status.Snapshot{}, jsonError(err, s, n)
		}
		if !more {
			break
		}
		n = next
		rec.reset()
	}
	if b.empty() && rec.documents == 0 {
		if rec.top == 0 {
			return status.Snapshot{}, status.Loss{What: "there is no JSON value in it", Advice: adviceSave}
		}
		return status.Snapshot{}, nothingRead(b, "it is JSON, but no status")
	}
	return b.finish()
}

// nothingRead is the error for an input in which nothing of a status was read; what was lost on the way says why.
func nothingRead(b *builder, what string) error {
	if b.fatal != nil {
		return b.fatal
	}
	l := status.Loss{What: what, Advice: adviceSave}
	if len(b.losses) > 0 {
		first := b.losses[0].Loss
		l.What += ": " + first.What
		l.Line = first.Line
		if first.Advice != "" {
			l.Advice = first.Advice
		}
	}
	return l
}

// afterJSON looks at what follows a value that ends at from. It returns where the next value begins and whether
// there is one; from itself when a value follows at once, which then is the broken one.
func afterJSON(b *builder, s source, from int64) (next int64, more bool) {
	lines := newLineReader(skipBytes(s.open(), from))
	first, _ := place(s.open(), from+1)
	var console noise
	between := false
	for {
		start := from + lines.offset()
		raw, ok, err := lines.next()
		if !ok || err != nil {
			if err != nil {
				b.lose("", status.Loss{What: "what follows the JSON can't be read", Advice: adviceSave, Err: err})
			}
			console.finish(b)
			return -1, false
		}
		line := powershell.StripEscapes(string(raw))
		text := strings.TrimSpace(strings.TrimPrefix(line, "\uFEFF"))
		number := first - 1 + lines.number
		switch {
		case text == "":
		case console.is(text, number):
			between = true
		case startsJSON(text):
			if !between {
				return from, true
			}
			return start + int64(strings.Index(string(raw), text[:1])), true
		default:
			b.strangeLine(line, number)
			between = true
			if b.fatal != nil {
				return -1, false
			}
		}
	}
}

// JSON to a tree: the collector's document, and what ConvertTo-Json makes of the cmdlet's objects.

package decode

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"check_cs_backup/check/status"
)

// startsJSON reports whether a text begins as JSON does. A brace and a bracket begin other things as well: the
// bracket form, the prompt of a remote session.
func startsJSON(text string) bool {
	if text == "" {
		return false
	}
	rest := strings.TrimSpace(text[1:])
	switch text[0] {
	case '"':
		return strings.Contains(text, ":[") && csvDelimiter(text) == 0
	case '{':
		return rest == "" || rest[0] == '"' || rest[0] == '}' && strings.TrimSpace(rest[1:]) == ""
	case '[':
		return rest == "" || strings.IndexByte(`{["]-0123456789`, rest[0]) >= 0 ||
			strings.HasPrefix(rest, "true") || strings.HasPrefix(rest, "false") || strings.HasPrefix(rest, "null")
	}
	return false
}

func beginsJSON(l lines) bool { return startsJSON(l.trimmed) }

// readJSON takes one value.
func readJSON(r *reader) {
	start, count := r.start, r.counter()
	t := r.tree.reset(len(r.text))
	n, err := t.readJSON(r.text[start:], r.data[start:])
	if err != nil {
		r.jump(start + n)
		r.b.lose("", jsonLoss(err, r.lines))
		r.next()
		return
	}
	r.find(t, count.line)
	r.jump(start + n)
}

// readJSON reads the value that text begins with; data is the same text. It has n bytes; with an error, n is where
// that was met.
func (t *tree) readJSON(text string, data []byte) (n int, err error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	name, named := "", false
	for {
		k := d.PeekKind()
		switch k {
		case '{', '[', '}', ']':
			_, err = d.ReadToken()
		default:
			var value jsontext.Value
			value, err = d.ReadValue()
			n = int(d.InputOffset())
			if err != nil {
				break
			}
			content := jsonText(text[n-len(value) : n])
			if t.isInObject() && !named {
				name, named = content, true
				continue
			}
			t.add(node{name: name, text: content, kind: jsonKind(k), at: int32(n)})
		}
		n = int(d.InputOffset())
		if err != nil {
			return jsonErrorAt(err, n, len(text)), err
		}
		switch k {
		case '{':
			t.open(node{name: name, at: int32(n)})
		case '[':
			t.open(node{name: name, at: int32(n), kind: kindList})
		case '}', ']':
			t.close()
		}
		name, named = "", false
		switch {
		case t.isTooDeep():
			return n, errDepth
		case t.isTooLarge():
			return len(text), errValues
		case len(t.stack) == 0:
			return n, nil
		}
	}
}

func jsonKind(k jsontext.Kind) kind {
	switch k {
	case '"':
		return kindText
	case '0':
		return kindNumber
	case 'n':
		return kindNull
	}
	return kindOther
}

// jsonText returns what a value says: a string without its quotes and escapes, anything else as it stands.
func jsonText(value string) string {
	if value[0] != '"' {
		return value
	}
	if inner := value[1 : len(value)-1]; strings.IndexByte(inner, '\\') < 0 {
		return inner
	}
	plain, _ := jsontext.AppendUnquote(nil, value) // the error is of surrogates, which become U+FFFD
	return string(plain)
}

// jsonErrorAt returns where an error is.
func jsonErrorAt(err error, n, end int) int {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return end
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return min(int(syntax.ByteOffset), end)
	}
	return n
}

// jsonLoss says what is wrong with JSON, at the place where that was met.
func jsonLoss(err error, at lines) status.Loss {
	if l, ok := errors.AsType[status.Loss](err); ok {
		l.Line = at.number
		return l
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return status.Loss{Line: at.number, What: "the JSON breaks off: it is cut", Advice: adviceAgain}
	}
	begin := strings.LastIndexByte(at.text[:at.start], '\n') + 1
	l := status.Loss{Line: at.number, What: "the JSON is broken in column " + strconv.Itoa(utf8.RuneCountInString(at.text[begin:at.start])+1), Advice: adviceAgain}
	if what, advice := hint(at.text[begin:at.end]); what != "" {
		l.What, l.Advice = l.What+": "+what, advice
	}
	return l
}

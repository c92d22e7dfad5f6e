package tree

import (
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ReadJSON reads the value that text begins with. It has n bytes; with an error, n is where that was met.
func (t *Tree) ReadJSON(text string) (n int, err error) {
	d := jsontext.NewDecoder(strings.NewReader(text), jsontext.AllowDuplicateNames(true),
		jsontext.AllowInvalidUTF8(true))
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
			if t.IsInObject() && !named {
				name, named = content, true
				continue
			}
			t.Add(Node{Name: name, Text: content, Kind: jsonKind(k), At: int32(n)})
		}
		n = int(d.InputOffset())
		if err != nil {
			return jsonErrorAt(err, n, len(text)), err
		}
		switch k {
		case '{':
			t.Open(Node{Name: name, At: int32(n)})
		case '[':
			t.Open(Node{Name: name, At: int32(n), Kind: List})
		case '}', ']':
			t.Close()
		}
		name, named = "", false
		if err := t.Bound(); err != nil || t.IsClosed() {
			return n, err
		}
	}
}

func jsonKind(k jsontext.Kind) Kind {
	switch k {
	case '"':
		return Text
	case '0':
		return Number
	case 'n':
		return Null
	}
	return Other
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

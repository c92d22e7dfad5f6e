// Package text turns the bytes of a status, in whatever encoding they are, into one text of UTF-8. It knows nothing of
// what the text says.
package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// A Text is what a source holds, as lines that end in LF: without byte order marks, without what a terminal hides.
type Text struct {
	String string
	// Guessed says that it was in an old code page, so that its letters beyond ASCII are a guess.
	Guessed bool
	Losses  []status.Loss
}

// The encodings that PowerShell writes, besides UTF-8: 5.1 writes UTF-16 with > and Out-File.
var (
	utf16LE = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	utf16BE = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	utf32LE = utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	utf32BE = utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
)

// marks are the byte order marks. That of UTF-32 begins like that of UTF-16, so it comes first.
var marks = [...]struct {
	mark     string
	encoding encoding.Encoding
	unit     int // bytes
}{
	{"\xFF\xFE\x00\x00", utf32LE, 4}, {"\x00\x00\xFE\xFF", utf32BE, 4},
	{"\xFF\xFE", utf16LE, 2}, {"\xFE\xFF", utf16BE, 2}, {"\xEF\xBB\xBF", nil, 1},
}

// New finds out what data is. The loss says why it is no text.
func New(data []byte) (Text, *status.Loss) {
	if loss := noText(data); loss != nil {
		return Text{}, loss
	}
	var t Text
	from, unit := guess(data)
	for _, m := range marks {
		if rest, ok := bytes.CutPrefix(data, []byte(m.mark)); ok {
			data, from, unit = rest, m.encoding, m.unit
			break
		}
	}
	if mixed(data, from) {
		t.lose("there are two encodings in it, one behind the other", "write it anew instead of adding to it, or always with the same -Encoding")
	}
	if len(data)%unit != 0 {
		t.lose("it ends within a character", status.AdviceAgain)
	}
	switch invalid := 0; {
	case from != nil:
		t.String = decoded(from, data)
	case utf8.Valid(data):
		t.String = string(data)
	default:
		invalid = invalidBytes(data)
		if invalid > len(data)/2 {
			return Text{}, &status.Loss{What: "the file is binary: most of its bytes are no text", Advice: status.AdviceSave}
		}
		t.Guessed = true
		t.String = decoded(charmap.Windows1252, data)
	}
	if strings.IndexByte(t.String, 0) >= 0 {
		if len(t.Losses) > 0 {
			return Text{}, &t.Losses[0]
		}
		return Text{}, &status.Loss{What: "the file is binary: it holds NUL characters", Advice: status.AdviceSave}
	}
	t.String = tidy(t.String)
	if strings.TrimSpace(t.String) == "" {
		return Text{}, &status.Loss{What: "the status is empty: nothing but blanks", Advice: status.AdviceEmpty}
	}
	return t, nil
}

func (t *Text) lose(what, advice string) {
	t.Losses = append(t.Losses, status.Loss{What: what, Advice: advice})
}

// noText finds what is certainly none.
func noText(data []byte) *status.Loss {
	switch {
	case len(data) == 0:
		return &status.Loss{What: "the status is empty: no bytes at all", Advice: status.AdviceEmpty}
	case bytes.HasPrefix(data, []byte{0x1F, 0x8B}):
		return &status.Loss{What: "it is compressed (gzip)", Advice: "unpack it first"}
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return &status.Loss{What: "it is compressed (zip)", Advice: "unpack it first"}
	}
	return nil
}

// decoded converts data. The decoders of x/text replace what is wrong with U+FFFD and return no error.
func decoded(from encoding.Encoding, data []byte) string {
	converted, _ := from.NewDecoder().Bytes(data)
	return string(converted)
}

// tidy leaves what a person sees: lines that end in LF, blanks for no-break spaces, neither the escape sequences of a
// terminal nor the Ctrl-Z that ends a file of DOS.
func tidy(s string) string {
	s = strings.TrimRight(s, "\x1A")
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if strings.Contains(s, "\uFEFF") { // of files that were put one behind the other
		s = strings.ReplaceAll(strings.TrimPrefix(s, "\uFEFF"), "\n\uFEFF", "\n")
	}
	for _, blank := range [...]string{"\u00A0", "\u202F", "\u2007"} {
		if strings.Contains(s, blank) {
			s = strings.ReplaceAll(s, blank, " ")
		}
	}
	return powershell.StripEscapes(s)
}

// guess finds the encoding of text without a byte order mark from where its zero bytes stand: a status is ASCII for
// the most part.
func guess(data []byte) (from encoding.Encoding, unit int) {
	sample := data[:min(len(data), 4096)&^3]
	if len(sample) == 0 {
		sample = data
	}
	if len(sample) < 2 || bytes.IndexByte(sample, 0) < 0 {
		return nil, 1
	}
	var zeros, places [4]int
	for i, c := range sample {
		places[i&3]++
		if c == 0 {
			zeros[i&3]++
		}
	}
	// most allows for letters outside ASCII, none does not allow for anything.
	most := func(i int) bool { return zeros[i]*2 > places[i] }
	none := func(i int) bool { return zeros[i] == 0 }
	switch {
	case none(0) && most(1) && most(2) && most(3):
		return utf32LE, 4
	case most(0) && most(1) && most(2) && none(3):
		return utf32BE, 4
	case none(0) && most(1) && none(2) && (most(3) || places[3] == 0):
		return utf16LE, 2
	case most(0) && none(1) && (most(2) || places[2] == 0) && none(3):
		return utf16BE, 2
	}
	return nil, 1
}

// mixed reports whether a word that every status has stands in data in another encoding than that of the whole.
func mixed(data []byte, of encoding.Encoding) bool {
	const word = "Stat" // ExportStatus, FinalState
	forms := map[encoding.Encoding]string{nil: word, utf16LE: "S\x00t\x00a\x00t\x00", utf16BE: "\x00S\x00t\x00a\x00t"}
	for other, form := range forms {
		if other == of || of == utf32LE || of == utf32BE {
			continue
		}
		for from := 0; ; {
			i := bytes.Index(data[from:], []byte(form))
			if i < 0 {
				break
			}
			// Between two units of UTF-16 stands the other one, half a unit further.
			if of == nil || other == nil || (from+i)%2 == 0 {
				return true
			}
			from += i + 1
		}
	}
	return false
}

// invalidBytes counts the bytes that are no UTF-8.
func invalidBytes(data []byte) int {
	n := 0
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		data = data[size:]
	}
	return n
}

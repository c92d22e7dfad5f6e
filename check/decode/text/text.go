// Package text turns the bytes of a status, in whatever encoding they are, into one text of UTF-8. It knows nothing of
// what the text says.
package text

import (
	"slices"
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
	// Hidden is what a terminal does not show: the titles of windows and the like.
	Hidden string
	Losses []status.Loss
}

// An encodingOf is one that PowerShell writes besides UTF-8; 5.1 writes UTF-16 with > and Out-File. It is told by its
// byte order mark.
type encodingOf struct {
	mark     string
	encoding encoding.Encoding
	unit     int // bytes
}

// encodings are in the order in which they are tried: the mark of UTF-32 begins like that of UTF-16.
var encodings = [...]encodingOf{
	{"\xFF\xFE\x00\x00", utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), 4},
	{"\x00\x00\xFE\xFF", utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), 4},
	{"\xFF\xFE", unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), 2},
	{"\xFE\xFF", unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), 2},
	{"\xEF\xBB\xBF", nil, 1},
	{"", nil, 1},
}

// New finds out what data is. The loss says why it is no text.
func New(data string) (Text, *status.Loss) {
	if loss := noText(data); loss != nil {
		return Text{}, loss
	}
	var t Text
	isMarked := func(e encodingOf) bool { return strings.HasPrefix(data, e.mark) }
	from := encodings[slices.IndexFunc(encodings[:], isMarked)] // the last one is always there
	data = data[len(from.mark):]
	if mixed(data, from.unit) {
		t.lose("there are two encodings in it, one behind the other",
			"write it anew instead of adding to it, or always with the same -Encoding")
	}
	if len(data)%from.unit != 0 {
		t.lose("it ends within a character", status.AdviceAgain)
	}
	switch {
	case from.encoding != nil:
		t.String = decoded(from.encoding, data)
	case utf8.ValidString(data):
		t.String = data
	default:
		invalid := 0
		for _, c := range data {
			if c == utf8.RuneError {
				invalid++
			}
		}
		if invalid > len(data)/2 {
			return Text{}, &status.Loss{
				What:   "the file is binary: most of its bytes are no text",
				Advice: status.AdviceSave,
			}
		}
		t.Guessed = true
		t.String = decoded(charmap.Windows1252, data)
	}
	if strings.IndexByte(t.String, 0) >= 0 {
		if len(t.Losses) > 0 {
			return Text{}, &t.Losses[0]
		}
		return Text{}, &status.Loss{
			What:   "the file is binary, or UTF-16 without its byte order mark: it holds NUL characters",
			Advice: "save it as UTF-8, or with a byte order mark; " + status.AdviceSave,
		}
	}
	t.String, t.Hidden = powershell.SplitEscapes(tidy(t.String))
	if strings.TrimSpace(t.String) == "" {
		return Text{}, &status.Loss{What: "the status is empty: nothing but blanks", Advice: status.AdviceEmpty}
	}
	return t, nil
}

func (t *Text) lose(what, advice string) {
	t.Losses = append(t.Losses, status.Loss{What: what, Advice: advice})
}

// noText finds what is certainly none.
func noText(data string) *status.Loss {
	switch {
	case len(data) == 0:
		return &status.Loss{What: "the status is empty: no bytes at all", Advice: status.AdviceEmpty}
	case strings.HasPrefix(data, "\x1F\x8B"):
		return &status.Loss{What: "it is compressed (gzip)", Advice: "unpack it first"}
	case strings.HasPrefix(data, "PK\x03\x04"):
		return &status.Loss{What: "it is compressed (zip)", Advice: "unpack it first"}
	}
	return nil
}

// decoded converts data. The decoders of x/text replace what is wrong with U+FFFD and return no error.
func decoded(from encoding.Encoding, data string) string {
	converted, _ := from.NewDecoder().String(data)
	return converted
}

// tidy leaves lines that end in LF, with blanks for no-break spaces, and without the Ctrl-Z that ends a file of DOS.
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
	return s
}

// mixed reports whether a word that every status has (ExportStatus, FinalState) stands in data in another encoding than
// that of the whole.
func mixed(data string, unit int) bool {
	return strings.Contains(data, "Stat") && (unit > 1 || strings.Contains(data, "S\x00t\x00a\x00t"))
}

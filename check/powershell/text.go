// Package powershell undoes what PowerShell does to text on its way out: the colours of a console, the escapes of
// CLIXML. It knows nothing of what the text says.
package powershell

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

// CLIXMLHeader is the line that stands before CLIXML which PowerShell prints for another process.
const CLIXMLHeader = "#< CLIXML"

// StripEscapes takes terminal escape sequences out of a text: colours (CSI), titles and links (OSC). Of one that does
// not end within its line only the beginning goes, so that it hides nothing.
func StripEscapes(text string) string {
	plain, _ := SplitEscapes(text)
	return plain
}

// SplitEscapes does the same and returns what was taken out too, each sequence on a line.
func SplitEscapes(text string) (plain, hidden string) {
	i := strings.IndexByte(text, escape)
	if i < 0 {
		return text, ""
	}
	var b, out strings.Builder
	b.Grow(len(text))
	for i >= 0 {
		b.WriteString(text[:i])
		end := i + sequence(text[i:])
		out.WriteString(text[i:end] + "\n")
		text = text[end:]
		i = strings.IndexByte(text, escape)
	}
	b.WriteString(text)
	return b.String(), out.String()
}

const (
	escape = 0x1b
	// longestTitle bounds the search for the end of a title or a link.
	longestTitle = 1 << 10
)

// sequence returns the length of the escape sequence that text begins with.
func sequence(text string) int {
	if len(text) < 2 {
		return 1
	}
	span := func(from int, low, high byte) int {
		for from < len(text) && text[from] >= low && text[from] <= high {
			from++
		}
		return from
	}
	switch c := text[1]; c {
	case '[':
		end := span(span(2, 0x30, 0x3f), 0x20, 0x2f) // parameters, then intermediates, as ECMA-48 has them
		if end < len(text) && text[end] >= 0x40 && text[end] <= 0x7e {
			return end + 1
		}
		return 2
	case ']':
		line, _, _ := strings.Cut(text[:min(len(text), longestTitle)], "\n")
		if n := strings.IndexByte(line, 0x07); n >= 0 {
			return n + 1
		}
		if n := strings.Index(line, "\x1b\\"); n >= 0 {
			return n + 2
		}
		return 2
	case '(', ')':
		return min(3, len(text))
	case '=', '>', '7', '8':
		return 2
	default:
		return 1
	}
}

// Unescape decodes _xHHHH_, which stands for a UTF-16 unit that XML can't hold.
func Unescape(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	var units []uint16
	flush := func() {
		for _, r := range utf16.Decode(units) {
			b.WriteRune(r)
		}
		units = units[:0]
	}
	for i >= 0 {
		if i > 0 {
			flush()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				units = append(units, uint16(n))
				s = s[7:]
				i = strings.Index(s, "_x")
				continue
			}
		}
		flush()
		b.WriteString(s[:2])
		s = s[2:]
		i = strings.Index(s, "_x")
	}
	flush()
	b.WriteString(s)
	return b.String()
}

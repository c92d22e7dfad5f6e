package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How many characters of a text from outside are shown: a name, and a longer text such as an error message.
const (
	nameLimit    = 120
	messageLimit = 300
)

// clean makes a text from outside fit for the output, whatever it holds: one line of valid UTF-8 without control
// characters, without the | that starts performance data, and without < and >, which make Icinga DB Web take the
// whole output for HTML. Blanks are folded; what is longer than limit characters is cut and ends in "…".
func clean(text string, limit int) string {
	if isPlain(text, limit) {
		return text
	}
	var b strings.Builder
	length, blank := 0, false
	for _, r := range text {
		switch {
		case r == '|':
			r = '¦'
		case r == '<':
			r = '‹'
		case r == '>':
			r = '›'
		case unicode.IsSpace(r):
			blank = length > 0
			continue
		case !unicode.IsPrint(r):
			r = utf8.RuneError
		}
		if blank {
			b.WriteByte(' ')
			length, blank = length+1, false
		}
		if length >= limit {
			b.WriteString("…")
			break
		}
		b.WriteRune(r)
		length++
	}
	return b.String()
}

// isPlain finds the texts that clean would leave alone, which is nearly all of them.
func isPlain(text string, limit int) bool {
	if len(text) > limit {
		return false
	}
	for i := range len(text) {
		c := text[i]
		blank := c == ' ' && (i == 0 || i == len(text)-1 || text[i-1] == ' ')
		if c < ' ' || c > '~' || c == '|' || c == '<' || c == '>' || blank {
			return false
		}
	}
	return true
}

// label makes a performance data label, or a part of one, out of a name from outside: lower-case letters, digits,
// dots, hyphens and underscores. Engines choke on = and ' and ::, and graphs on blanks.
func label(name string) string {
	text := clean(strings.Map(func(r rune) rune {
		switch {
		case r == '.', r == '-', unicode.IsDigit(r):
			return r
		case unicode.IsLetter(r):
			return unicode.ToLower(r)
		default:
			return '_'
		}
	}, strings.ToValidUTF8(name, "_")), nameLimit)
	if text == "" {
		return "unnamed"
	}
	return text
}

package report

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// How many characters of a text from outside are shown: a name, and a longer text such as an error message.
const (
	nameLimit    = 120
	messageLimit = 300
)

// clean makes a text from outside fit for the output, whatever it holds: one line of valid UTF-8 without control
// characters and letters that nobody sees, without the | that starts performance data, and without < and >, which make
// Icinga DB Web take the whole output for HTML. Blanks are folded; what is longer than limit characters is cut.
func clean(text string, limit int) string {
	if isPlain(text, limit) {
		return text
	}
	var b strings.Builder
	blank := false
	for _, r := range text {
		switch {
		case r == '|':
			r = '¦'
		case r == '<':
			r = '‹'
		case r == '>':
			r = '›'
		case unicode.IsSpace(r):
			blank = b.Len() > 0
			continue
		case !unicode.IsPrint(r), status.IsInvisible(r):
			r = utf8.RuneError
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return status.Shorten(b.String(), limit)
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

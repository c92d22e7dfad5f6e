package status

import (
	"strings"
	"unicode/utf8"
)

// Shorten returns a text that is quoted from outside in at most limit bytes of valid UTF-8, of which the last are "…"
// where it was longer. The limit is at least the length of "…".
func Shorten(text string, limit int) string {
	const mark = "…"
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	cut := limit - len(mark)
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + mark
}

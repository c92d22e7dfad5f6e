package thresholds

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// A SyntaxError says what is wrong with a text of the user's, and where in it.
type SyntaxError struct {
	// Text is the whole text, At the place in it: a character, counted from 1.
	Text string
	At   int
	What string
}

// Error returns the text, the place and what is wrong there.
func (e *SyntaxError) Error() string {
	return Quote(e.Text) + ", character " + strconv.Itoa(e.At) + ": " + e.What
}

// syntaxError makes the error for the byte at offset in text.
func syntaxError(text string, offset int, what string) error {
	return &SyntaxError{Text: text, At: utf8.RuneCountInString(text[:offset]) + 1, What: what}
}

// quoteLimit is how many characters of a text Quote shows: what is wrong with it must stay in sight.
const quoteLimit = 80

// Quote puts a text of the user's between quotes. What can't be seen stands there as its code point, and a byte that is
// no UTF-8 as its number: the text may look right otherwise.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	shown := 0
	for i, r := range text {
		if shown++; shown > quoteLimit {
			b.WriteString("…")
			break
		}
		if r == ' ' || isVisible(r) {
			b.WriteRune(r)
		} else {
			b.WriteString("<" + codePoint(text[i:]) + ">")
		}
	}
	b.WriteByte('"')
	return b.String()
}

// codePoint names the first character of a text that is not empty, as "U+00A0", or its first byte where that begins no
// character.
func codePoint(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if r == utf8.RuneError && size == 1 {
		return fmt.Sprintf("byte %02X", text[0])
	}
	return fmt.Sprintf("%U", r)
}

// isVisible reports whether a character leaves ink on the screen.
func isVisible(r rune) bool {
	return unicode.IsPrint(r) && r != ' ' && r != utf8.RuneError && !status.IsInvisible(r)
}

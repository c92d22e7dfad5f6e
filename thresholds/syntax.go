package thresholds

import (
	"strconv"
	"unicode/utf8"
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
	return strconv.Quote(e.Text) + ", character " + strconv.Itoa(e.At) + ": " + e.What
}

// syntaxError makes the error for the byte at offset in text.
func syntaxError(text string, offset int, what string) error {
	return &SyntaxError{Text: text, At: utf8.RuneCountInString(text[:offset]) + 1, What: what}
}

// A text, line by line.

package decode

import "strings"

// lines is a place in a text: a line, or the rest of one.
type lines struct {
	text string
	// start and end are those of the line, in bytes; number is its number, counted from 1.
	start, end, number int
	// line is the line without the blanks behind it, trimmed also without those in front.
	line, trimmed string
}

func newLines(text string) lines {
	l := lines{text: text, number: 1}
	l.findEnd()
	return l
}

const blanks = " \t\f\v"

func (l *lines) findEnd() {
	l.end = len(l.text)
	if n := strings.IndexByte(l.text[l.start:], '\n'); n >= 0 {
		l.end = l.start + n
	}
	l.trim()
}

func (l *lines) trim() {
	l.line = strings.TrimRight(l.text[l.start:l.end], blanks)
	l.trimmed = strings.TrimLeft(l.line, blanks)
}

// isAtEnd reports whether no line is left.
func (l *lines) isAtEnd() bool { return l.start >= len(l.text) }

// next goes to the next line.
func (l *lines) next() {
	l.start = min(l.end+1, len(l.text))
	l.number++
	l.findEnd()
}

// jump goes on at a place behind this one, in bytes: within a line, at the rest of it.
func (l *lines) jump(to int) {
	if to <= l.end {
		l.start = to
		l.trim()
	} else {
		l.number += strings.Count(l.text[l.start:to], "\n")
		l.start = to
		l.findEnd()
	}
	if l.trimmed == "" && !l.isAtEnd() {
		l.next()
	}
}

// numbers tells the number of the line that a place stands in, counted in bytes from here. It is fast where the places
// follow one another.
func (l *lines) numbers() func(place int32) int {
	text, at, number := l.text[l.start:], 0, l.number
	return func(place int32) int {
		to := int(place)
		number += strings.Count(text[min(at, to):to], "\n") - strings.Count(text[to:max(at, to)], "\n")
		at = to
		return number
	}
}

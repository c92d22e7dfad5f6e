// The net under all formats: a word for a sick state must not stand in a text without being read.

package decode

import (
	"iter"
	"slices"

	"check_cs_backup/check/status"
)

// sickWords are the states that must not get lost.
var sickWords = [...]status.State{status.ErrorState, status.NonSteadyState}

// A sickCount counts them.
type sickCount [len(sickWords)]int

// read counts the states of a module.
func (c *sickCount) read(m status.Module) {
	for i, word := range sickWords {
		if m.Export.Is(word) {
			c[i]++
		}
		if m.Import.Is(word) {
			c[i]++
		}
	}
}

// sickIn counts them in a text, in any case, where they are words of their own.
func sickIn(text string) (n sickCount) {
	for word := range words(text) {
		for k, sick := range sickWords {
			if sick.Is(status.State(word)) {
				n[k]++
			}
		}
	}
	return n
}

// hasState reports whether a documented state stands in a text, as a word of its own.
func hasState(text string) bool {
	for word := range words(text) {
		if slices.ContainsFunc(status.States[:], status.State(word).Is) {
			return true
		}
	}
	return false
}

// words are the runs of letters, digits and underscores in a text.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start := 0
		for i := 0; i <= len(text); i++ {
			if i < len(text) && isWordByte(text[i]) {
				continue
			}
			if i > start && !yield(text[start:i]) {
				return
			}
			start = i + 1
		}
	}
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// unread compares the words in some lines, the first of which has a number, with the states that were read since:
// fewer than stand there is a loss.
func (b *builder) unread(l lines, number int, since sickCount) {
	stands := sickIn(l.text)
	for k, word := range sickWords {
		if stands[k] <= b.sick[k]-since[k] {
			continue
		}
		for sickIn(l.text[l.start:l.end])[k] == 0 {
			l.advance()
		}
		b.notRead(word, number-1+l.number)
	}
}

// notRead says that a word was not read as the state of a module.
func (b *builder) notRead(word status.State, line int) {
	b.lose(line, string(word)+" stands in it, but is no state of a module that was read", adviceSave)
}

// The net under all formats: a word for a sick state must not stand in a text without being read.

package decode

import (
	"strings"

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
	const tail = "state" // of each of them
	for i := 0; i+len(tail) <= len(text); i++ {
		if text[i]|0x20 != 's' || !strings.EqualFold(text[i:i+len(tail)], tail) {
			continue
		}
		for k, word := range sickWords {
			if isWordAt(text, i+len(tail)-len(word), string(word)) {
				n[k]++
			}
		}
	}
	return n
}

// isWordAt reports whether a word stands in a text at a place, in any case and as a word of its own.
func isWordAt(text string, at int, word string) bool {
	end := at + len(word)
	return at >= 0 && end <= len(text) && strings.EqualFold(text[at:end], word) &&
		(at == 0 || !isWordByte(text[at-1])) && (end == len(text) || !isWordByte(text[end]))
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// hasState reports whether a documented state stands in a text, as a word of its own.
func hasState(text string) bool {
	for _, state := range status.States {
		word := string(state)
		for at := 0; at+len(word) <= len(text); at++ {
			if text[at]|0x20 == word[0]|0x20 && isWordAt(text, at, word) {
				return true
			}
		}
	}
	return false
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
	b.lose("not read "+string(word), status.Loss{Line: line, What: string(word) + " stands in it, but is no state of a module that was read", Advice: adviceSave})
}

// unread compares the words in a value with the states that were read since: one that stands there and was not read
// as any state is a loss. Objects say a state more than once, so how often does not count. Prose tells of anything.
func (o *objects) unread(n int32, since sickCount) {
	stands, at := o.sickBelow(n)
	for k, word := range sickWords {
		if stands[k] > 0 && o.b.sick[k] == since[k] {
			o.b.notRead(word, o.line(at[k]))
		}
	}
}

// isProse reports whether a value is one of those of the collector's document that hold words for people.
func (o *objects) isProse(n int32) bool {
	if !o.inDocument {
		return false
	}
	switch o.field(n) {
	case fieldError, fieldErrorID, fieldBackupPoolError, fieldCMSMasterError, fieldNotes, fieldEvents:
		return true
	}
	return false
}

// sickBelow counts the words in a value, and tells where each stands first.
func (o *objects) sickBelow(n int32) (count sickCount, at [len(sickWords)]int32) {
	if o.isProse(n) {
		return count, at
	}
	count = sickIn(o.Nodes[n].Text)
	for k := range count {
		at[k] = o.Nodes[n].At
	}
	for c := range o.Children(n) {
		below, places := o.sickBelow(c)
		for k := range below {
			if count[k] == 0 {
				at[k] = places[k]
			}
			count[k] += below[k]
		}
	}
	return count, at
}

// The net under all formats: what is passed over must not tell of the Backup Service.

package decode

import (
	"strings"

	"check_cs_backup/check/status"
)

// A telling is what a word says of the Backup Service: a documented state that is not healthy, a documented module, a
// piece of such a state, a module in bracket form.
type telling int

const (
	noTelling   telling = -1
	firstModule telling = 3
	cutState            = firstModule + telling(len(status.Modules))
	bracketForm         = cutState + 1
	tellings            = bracketForm + 1
)

var unhealthyStates = [firstModule]status.State{status.ErrorState, status.NonSteadyState, status.NotInitialized}

// A piece of a state has so many letters, or is marked as cut and has two.
const minPiece, minMarked = 8, 2

// nextTelling finds the first word of a text that tells of the service, in any case, and where the text goes on.
func nextTelling(text string) (word string, what telling, end int) {
	for start := 0; start < len(text); {
		if text[start] == ':' && strings.HasPrefix(text[start:], ":[") && start > 0 &&
			!strings.ContainsRune(" \t\n\"'", rune(text[start-1])) {
			name := strings.LastIndexAny(text[:start], " \t\n{,") + 1
			end := start + len(":[")
			return text[name : end+strings.IndexByte(text[end:], ']')+1], bracketForm, end
		}
		if !isWordByte(text[start]) {
			start++
			continue
		}
		end := start + 1
		for end < len(text) && isWordByte(text[end]) {
			end++
		}
		if what = stateIn(text, start, end); what != noTelling {
			return text[start:end], what, end
		}
		if n, what := moduleAt(text, start); n > 0 {
			return text[start : start+n], what, start + n
		}
		start = end
	}
	return "", noTelling, len(text)
}

// stateIn tells which state that is not healthy a word of a text is, whole or a piece of it.
func stateIn(text string, start, end int) telling {
	word := text[start:end]
	if len(word) < minMarked {
		return noTelling
	}
	cutBehind := end < len(text) && beginsWithMark(text[end:])
	cutBefore := start > 0 && endsWithMark(text[:start])
	for i, state := range unhealthyStates {
		full := string(state)
		switch {
		case state.Is(status.State(word)):
			return telling(i)
		case (len(word) >= minPiece || cutBehind) && hasPrefixFold(full, word):
			return cutState
		case cutBefore && len(word) <= len(full) && strings.EqualFold(full[len(full)-len(word):], word):
			return cutState
		}
	}
	return noTelling
}

func beginsWithMark(text string) bool {
	return strings.HasPrefix(text, "…") || strings.HasPrefix(text, "...")
}

func endsWithMark(text string) bool {
	return strings.HasSuffix(text, "…") || strings.HasSuffix(text, "...")
}

// moduleAt finds a documented module that begins at a place of a text, and its length.
func moduleAt(text string, start int) (n int, what telling) {
	if c := text[start] | 0x20; c != 'u' && c != 'c' && c != 'a' {
		return 0, noTelling
	}
	for i, module := range status.Modules {
		if hasPrefixFold(text[start:], module) {
			end := start + len(module)
			if (end == len(text) || !isWordByte(text[end])) && (start == 0 || text[start-1] != '.') {
				return len(module), firstModule + telling(i)
			}
		}
	}
	return 0, noTelling
}

// tellsOf returns the first word of a text that tells of the service, empty where none does.
func tellsOf(text string) string {
	word, _, _ := nextTelling(text)
	return word
}

// isTelling reports whether a text is nothing but a word that tells of the service.
func isTelling(text string) bool {
	word, what, _ := nextTelling(text)
	bare := strings.Trim(text, " \t\n….")
	return what != noTelling && word == bare || what == bracketForm && !strings.ContainsAny(bare, " \t\n")
}

// A tally counts what tells of the service.
type tally [tellings]int

// read counts what was read of a module. In one that was joined, its words stand in pieces.
func (c *tally) read(m status.Module, joined bool) {
	for _, word := range [...]string{m.Identity, string(m.Export), string(m.Import)} {
		if _, what, _ := nextTelling(word); what != noTelling {
			c[what]++
			if joined {
				c[cutState]++
			}
		}
	}
}

func tallyOf(text string) (c tally) {
	for text != "" {
		_, what, end := nextTelling(text)
		if what != noTelling {
			c[what]++
		}
		text = text[end:]
	}
	return c
}

// hasState reports whether a documented state stands in a text, as a word of its own.
func hasState(text string) bool {
	for start := 0; start < len(text); start++ {
		end := start
		for end < len(text) && isWordByte(text[end]) {
			end++
		}
		if end > start && status.State(text[start:end]).IsDocumented() {
			return true
		}
		start = end
	}
	return false
}

func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// unread compares what tells of the service in some lines, the first of which has a number, with what was read since:
// more that stands there is a loss.
func (b *builder) unread(l lines, number int, since tally) {
	stands := tallyOf(l.text)
	for what := range stands {
		if stands[what] <= b.found[what]-since[what] {
			continue
		}
		for {
			for line := l.text[l.start:l.end]; line != ""; {
				word, found, end := nextTelling(line)
				if found == telling(what) {
					b.notRead(word, number-1+l.number)
					return
				}
				line = line[end:]
			}
			if l.isAtEnd() {
				break
			}
			l.next()
		}
		b.lose(number, "something of a status stands in it that was not read", adviceSave)
		return
	}
}

// passOver looks at a text that nobody reads.
func (b *builder) passOver(text string, line int) {
	if word := tellsOf(text); word != "" {
		b.notRead(word, line)
	}
}

// notRead says of a word that it was not read as part of a module.
func (b *builder) notRead(word string, line int) {
	b.lose(line, quote(word)+" stands in it, but is no part of a module that was read", adviceSave)
}

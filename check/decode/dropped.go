// Forms that are not read: each is one loss that says so.

package decode

import (
	"slices"
	"strings"
)

// droppedForm names a form that begins on a line and is not read; empty where none does.
func droppedForm(l lines) string {
	below := l
	below.next()
	switch {
	case strings.HasPrefix(l.trimmed, "class ") && below.trimmed == "{":
		return "the output of Format-Custom, which is not read"
	case isTallHeader(l):
		return "the names of a table's columns go on over several lines, as in a narrow window"
	}
	return ""
}

func beginsDropped(l lines) bool { return droppedForm(l) != "" }

// readDropped passes over what belongs to it: a table up to a blank line, an object up to its last brace.
func readDropped(r *reader) {
	isObject := strings.HasPrefix(r.trimmed, "class ")
	advice := adviceWidth
	if isObject {
		advice = adviceSave
	}
	r.b.lose(r.number, droppedForm(r.lines), advice)
	for r.next(); !r.isAtEnd() && !isPrompt(r.trimmed); r.next() {
		if isObject && r.line == "}" || !isObject && r.trimmed == "" {
			r.next()
			return
		}
	}
}

// isTallHeader reports whether names of columns that a status has begin on a line, with dashes several lines below.
func isTallHeader(l lines) bool {
	const most = 5 // lines
	begins := func(word string) bool {
		return slices.ContainsFunc(
			[]field{fieldIdentity, fieldExport, fieldImport, fieldBackupModules},
			func(f field) bool {
				return len(word) > 2 && hasPrefixFold(f.String(), word)
			},
		)
	}
	if strings.HasSuffix(l.trimmed, "=") || !slices.ContainsFunc(strings.Fields(l.trimmed), begins) {
		return false
	}
	for n := 1; n <= most && l.trimmed != ""; n++ {
		names := strings.Fields(l.trimmed)
		if l.next(); isDashes(l.trimmed) {
			return n > 1 && !namesOf(names).areModules()
		}
	}
	return false
}

// isDouble reports whether a text of several lines has no two of them one below the other, as some clipboards make it.
func isDouble(text string) bool {
	some, above := 0, false
	for line := range strings.Lines(text) {
		isText := strings.TrimSpace(line) != ""
		if isText && above {
			return false
		}
		if isText {
			some++
		}
		above = isText
	}
	return some > 1
}

// The bracket form, a module's text: "Identity:[Export,Import]", several of them in braces or one after another.

package decode

import (
	"strconv"
	"strings"
)

// beginsBrackets finds a module in this form at the beginning of a line, perhaps behind a brace.
func beginsBrackets(l lines) bool {
	text := strings.TrimLeft(strings.TrimPrefix(l.trimmed, "{"), " ")
	end := strings.IndexAny(text, ":,{}[] \t")
	return end > 0 && strings.HasPrefix(text[end:], ":[")
}

// readBrackets takes the line, or those up to the closing brace.
func readBrackets(r *reader) {
	g := r.takeGroup()
	x := row{line: r.number}
	x.set(fieldBackupModules, r.trimmed)
	for r.next(); r.trimmed != "" && x.goesOn(fieldBackupModules, ""); r.next() {
		if isOther(r.lines) || beginsBrackets(r.lines) || beginsList(r.lines) {
			break
		}
		x.goOn(fieldBackupModules, r.trimmed)
	}
	r.take(x, g)
}

// endsInStop returns the text without the mark that a list was stopped or cut at its end, and whether there is one.
func endsInStop(text string) (string, bool) {
	for _, mark := range [...]string{"…", "...", "?", "\uFFFD"} {
		if rest, ok := strings.CutSuffix(text, mark); ok {
			return rest, true
		}
	}
	return text, false
}

// brackets takes the modules of a text in bracket form, which are those of a pool. What is no module is a loss.
func (b *builder) brackets(text string, of row) {
	rest, opened := strings.CutPrefix(strings.TrimSpace(text), "{")
	if rest == "" {
		b.lose(of.line, "where the modules should be, there is nothing", adviceSave)
	}
	if opened {
		var closed bool
		if rest, closed = strings.CutSuffix(rest, "}"); !closed {
			// With "…" at the end the window was too narrow, or a table's cell.
			if _, stopped := endsInStop(rest); !stopped {
				b.lose(of.line, "the list of modules is cut: its closing brace is missing in "+quote(text), adviceWidth)
			}
		}
	}
	rest, stopped := endsInStop(strings.TrimSpace(rest))
	if rest != "" && !strings.Contains(rest, ":[") && !strings.ContainsAny(rest, "{}") {
		b.lose(of.line, "the modules are lost, there is only "+quote(text), adviceSave)
		return
	}
	modules := b.bracketList(rest, stopped, of)
	if stopped {
		b.lose(of.line, "the list stops after module "+strconv.Itoa(modules), adviceLimit)
	}
}

// bracketList takes the elements of a list and returns how many of them are modules.
func (b *builder) bracketList(rest string, stopped bool, of row) (modules int) {
	comma := true // an element may stand here without one before it
	for !b.full {
		after := strings.TrimLeft(rest, " \t\n")
		if len(rest)-len(after) > 1 && !comma && !of.joined {
			b.lose(of.line, "an element of the list of modules is empty", adviceAgain)
		}
		rest = after
		if rest == "" {
			if comma && modules > 0 && !stopped {
				b.lose(of.line, "an element is missing at the end of the list of modules", adviceAgain)
			}
			return modules
		}
		if rest[0] == ',' {
			if comma {
				b.lose(of.line, "an element is missing in the list of modules", adviceAgain)
			}
			comma = true
			rest = rest[1:]
			continue
		}
		comma = false
		x, n := bracket(rest)
		if n == 0 {
			// Go on behind the next comma or blank, so that the others are read.
			if n = strings.IndexAny(rest[1:], " ,\t\n") + 1; n == 0 {
				n = len(rest)
			}
			if !stopped || n < len(rest) { // else the cut element is a part of that loss
				b.lose(of.line, "no module in the form Name:[Export,Import]: "+quote(rest[:n]), adviceSave)
			}
		} else {
			modules++
			b.found[bracketForm]++
			b.takeModule(x.in(of))
		}
		rest = rest[n:]
	}
	return modules
}

// bracket reads one module at the start of text. n is its length, 0 when there is none.
func bracket(text string) (x row, n int) {
	end := strings.IndexAny(text, ":,{}[] \t\n")
	if end <= 0 || !strings.HasPrefix(text[end:], ":[") {
		return x, 0
	}
	inner := text[end+2:]
	stop := strings.IndexAny(inner, "]{}[:")
	if stop < 0 || inner[stop] != ']' {
		return x, 0
	}
	export, import_, ok := strings.Cut(inner[:stop], ",")
	if !ok || strings.Contains(import_, ",") {
		return x, 0
	}
	x.set(fieldIdentity, text[:end])
	x.set(fieldExport, strings.TrimSpace(export))
	x.set(fieldImport, strings.TrimSpace(import_))
	return x, end + 2 + stop + 1
}

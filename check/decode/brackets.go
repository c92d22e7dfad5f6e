// The bracket form, a module's text: "Identity:[Export,Import]", several of them in braces or one after another.

package decode

import (
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

// endsInStop returns the text without the mark that a list was stopped or cut at its end, and whether there is one.
func endsInStop(text string) (string, bool) {
	for _, mark := range [...]string{"…", "...", "?", "\uFFFD"} {
		if rest, ok := strings.CutSuffix(text, mark); ok {
			return rest, true
		}
	}
	return text, false
}

// brackets reads the modules of a text in bracket form and hands each to add. What is not such a module is a loss.
func (b *builder) brackets(text string, line int, add func(status.Module)) {
	text = strings.TrimSpace(text)
	modules := 0
	opened := strings.HasPrefix(text, "{")
	rest := text
	if opened {
		rest = rest[1:]
		closed := false
		if rest, closed = strings.CutSuffix(rest, "}"); !closed {
			// With "…" at the end the window was too narrow, or a table's cell.
			if _, stopped := endsInStop(rest); !stopped {
				b.lose("open brace", status.Loss{Line: line, What: "the list of modules is cut: its closing brace is missing in " + quote(text), Advice: adviceWidth})
			}
		}
	}
	rest = strings.TrimSpace(rest)
	stopped := false
	if rest, stopped = endsInStop(rest); stopped {
		defer func() {
			b.lose("stopped list", status.Loss{Line: line, What: "the list stops after " + strconv.Itoa(modules) + " modules", Advice: adviceLimit})
		}()
	}
	if rest != "" && !strings.Contains(rest, ":[") && !strings.ContainsAny(rest, "{}") {
		b.lose("type name", status.Loss{Line: line, What: "the modules are lost, there is only " + quote(text), Advice: adviceSave})
		return
	}
	comma := true // an element may stand here without one before it
	for {
		rest = strings.TrimLeft(rest, " \t\n\u00A0")
		if rest == "" {
			if comma && modules > 0 && !stopped {
				b.lose("comma", status.Loss{Line: line, What: "an element is missing at the end of the list of modules", Advice: adviceAgain})
			}
			return
		}
		if rest[0] == ',' {
			if comma {
				b.lose("comma", status.Loss{Line: line, What: "an element is missing in the list of modules", Advice: adviceAgain})
			}
			comma = true
			rest = rest[1:]
			continue
		}
		comma = false
		r, n := bracket(rest)
		if n == 0 {
			// Go on behind the next comma or blank, so that the others are read.
			n = strings.IndexAny(rest[1:], " ,\t\n") + 1
			if n == 0 {
				n = len(rest)
			}
			if stopped && n == len(rest) {
				return // the cut element: it is a part of the loss above
			}
			b.lose("no module", status.Loss{Line: line, What: "no module in the form Name:[Export,Import]: " + quote(rest[:n]), Advice: adviceSave})
			rest = rest[n:]
			continue
		}
		r.line = line
		modules++
		add(b.module(r))
		if b.fatal != nil {
			return
		}
		rest = rest[n:]
	}
}

// bracket reads one module at the start of text. n is its length, 0 when there is none.
func bracket(text string) (r reading, n int) {
	end := strings.IndexAny(text, ":,{}[] \t\n")
	if end <= 0 || !strings.HasPrefix(text[end:], ":[") {
		return r, 0
	}
	inner := text[end+2:]
	stop := strings.IndexAny(inner, "]{}[:")
	if stop < 0 || inner[stop] != ']' {
		return r, 0
	}
	export, imprt, ok := strings.Cut(inner[:stop], ",")
	if !ok || strings.Contains(imprt, ",") {
		return r, 0
	}
	return reading{identity: text[:end], export: strings.TrimSpace(export), imprt: strings.TrimSpace(imprt)}, end + 2 + stop + 1
}

// Format-Custom: objects as "class Name { Property = Value }", lists of them in square brackets.

package decode

import (
	"strconv"
	"strings"

	"check_cs_backup/check/decode/tree"
)

func beginsCustom(l lines) bool {
	below := l
	below.next()
	return strings.HasPrefix(l.trimmed, "class ") && below.trimmed == "{"
}

// readCustom takes one object.
func readCustom(r *reader) {
	start, number, count := r.start, r.number, r.numbers()
	t := r.tree.Reset(len(r.text))
	name, class := "", false // of the property whose value comes in brackets; whether the name of an object came
	var indents []int        // of the brackets that are open
	for ; !r.isAtEnd(); r.next() {
		text, at := r.trimmed, int32(r.start-start)
		switch {
		case text == "":
		case strings.HasPrefix(text, "class ") && !class && (!t.IsInObject() || name != ""):
			class = true
		case text == "{" && class, text == "[" && t.IsInObject() && name != "":
			n := tree.Node{Name: name, At: at}
			if text == "[" {
				n.Kind = tree.List
			}
			t.Open(n)
			indents = append(indents, indent(r.line))
			name, class = "", false
		case text == "}" || text == "]":
			last := len(indents) - 1
			if t.IsInObject() != (text == "}") || last < 0 || indents[last] != indent(r.line) {
				r.endCustom(number)
				return
			}
			indents = indents[:last]
			if t.Close(); t.IsClosed() {
				r.next()
				r.find(t, count)
				return
			}
		case t.IsInObject() && isCustomProperty(text):
			var value string
			name, value, _ = strings.Cut(text, "=")
			name, value = strings.TrimSpace(name), strings.TrimSpace(value)
			if value != "" {
				t.Add(tree.Node{Name: name, Text: value, Kind: tree.Text, At: at})
				name = ""
			}
		case isStopped(text):
			r.b.lose(r.number, "the list stops after "+strconv.Itoa(t.Count())+" modules", adviceLimit)
		default:
			r.endCustom(number)
			return
		}
		if t.Bound() != nil {
			break
		}
	}
	r.endCustom(number)
}

func isCustomProperty(text string) bool {
	name, _, ok := strings.Cut(text, "=")
	name = strings.TrimSpace(name)
	return ok && name != "" && !strings.ContainsAny(name, " \t:")
}

// isStopped reports whether a line says only that a list goes on: an ellipsis, or what an old code page makes of it.
func isStopped(text string) bool {
	return text == "…" || text == "..." || text == "?" || text == "." || text == "\uFFFD"
}

// endCustom gives up an object that does not end.
func (r *reader) endCustom(line int) {
	r.b.lose(line, "an object of Format-Custom begins here and does not end", adviceAgain)
	r.next()
}

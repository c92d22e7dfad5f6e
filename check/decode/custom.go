// Format-Custom to a tree: objects as "class Name { Property = Value }", lists of them in square brackets.

package decode

import (
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

func beginsCustom(l lines) bool {
	below := l
	below.next()
	return strings.HasPrefix(l.trimmed, "class ") && below.trimmed == "{"
}

// readCustom takes one object.
func readCustom(r *reader) {
	start, number, count := r.start, r.number, r.counter()
	t := r.tree.reset(len(r.text))
	name, class := "", false // of the property whose value comes in brackets; whether the name of an object came
	var indents []int        // of the brackets that are open
	for ; !r.isAtEnd(); r.next() {
		text, at := r.trimmed, int32(r.start-start)
		switch {
		case text == "":
		case strings.HasPrefix(text, "class ") && !class && (!t.isInObject() || name != ""):
			class = true
		case text == "{" && class, text == "[" && t.isInObject() && name != "":
			n := node{name: name, at: at}
			if text == "[" {
				n.kind = kindList
			}
			t.open(n)
			indents = append(indents, indent(r.line))
			name, class = "", false
		case text == "}" || text == "]":
			last := len(indents) - 1
			if t.isInObject() != (text == "}") || last < 0 || indents[last] != indent(r.line) {
				r.endCustom(number)
				return
			}
			indents = indents[:last]
			if t.close(); len(t.stack) == 0 {
				r.next()
				r.find(t, count.line)
				return
			}
		case t.isInObject() && isCustomProperty(text):
			var value string
			name, value, _ = strings.Cut(text, "=")
			name, value = strings.TrimSpace(name), strings.TrimSpace(value)
			if value != "" {
				t.add(node{name: name, text: value, kind: kindText, at: at})
				name = ""
			}
		case isStopped(text):
			r.b.lose("stopped list", status.Loss{Line: r.number, What: "the list stops after " + strconv.Itoa(t.count()) + " modules", Advice: adviceLimit})
		default:
			r.endCustom(number)
			return
		}
		if t.isTooDeep() || t.isTooLarge() {
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
	r.b.lose("", status.Loss{Line: line, What: "an object of Format-Custom begins here and does not end", Advice: adviceAgain})
	r.next()
}

// count returns how many values what is open has.
func (t *tree) count() (n int) {
	if len(t.stack) > 0 {
		for range t.children(t.stack[len(t.stack)-1].node) {
			n++
		}
	}
	return n
}

// Format-Custom: objects as "class Name { Property = Value }", lists of them in square brackets.

package decode

import (
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

// A custom is an object that is open, with the brackets of all levels.
type custom struct {
	line     int
	brackets []byte
	items    int
}

// customLine takes a line of an object.
func (t *textReader) customLine(text string, number int) {
	c := t.custom
	switch {
	case strings.HasPrefix(text, "class "):
	case text == "{" || text == "[":
		c.brackets = append(c.brackets, text[0])
		if text == "{" {
			c.items++
		}
		t.rec.begin(text == "[")
	case text == "}" || text == "]":
		n := len(c.brackets)
		if n == 0 || c.brackets[n-1] != text[0]-2 { // the opening bracket stands two before the closing one in ASCII
			t.strange(text, number)
			t.endCustom()
			return
		}
		c.brackets = c.brackets[:n-1]
		t.rec.end()
		if n == 1 {
			t.custom = nil
		}
	case text == "…" || text == "..." || text == "?" || text == "." || text == "\uFFFD":
		t.b.lose("stopped list", status.Loss{Line: number, What: "the list stops after " + strconv.Itoa(max(c.items-1, 0)) + " modules", Advice: adviceLimit})
	default:
		name, value, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" || strings.ContainsAny(name, " \t") || len(c.brackets) == 0 {
			t.strange(text, number)
			return
		}
		t.rec.key(name)
		if value = strings.TrimSpace(value); value != "" {
			t.rec.value(kindText, value)
		}
	}
}

// endCustom gives up an object that does not end.
func (t *textReader) endCustom() {
	c := t.custom
	if c == nil {
		return
	}
	t.custom = nil
	t.rec.reset()
	t.b.lose("", status.Loss{Line: c.line, What: "an object of Format-Custom begins here and does not end", Advice: adviceAgain})
}

// JSON: the collector's document, and what ConvertTo-Json makes of the cmdlet's objects.

package decode

import (
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// startsJSON reports whether a text begins as JSON does. A brace and a bracket begin other things as well: the
// bracket form, the prompt of a remote session.
func startsJSON(text string) bool {
	if text == "" {
		return false
	}
	rest := strings.TrimSpace(text[1:])
	switch text[0] {
	case '"':
		return strings.Contains(text, ":[") && csvDelimiter(text) == 0
	case '{':
		return rest == "" || rest[0] == '"' || rest[0] == '}' && strings.TrimSpace(rest[1:]) == ""
	case '[':
		return rest == "" || strings.IndexByte(`{["]-0123456789`, rest[0]) >= 0 ||
			strings.HasPrefix(rest, "true") || strings.HasPrefix(rest, "false") || strings.HasPrefix(rest, "null")
	}
	return false
}

func beginsJSON(l lines) bool { return startsJSON(l.trimmed) }

// readJSON takes one value.
func readJSON(r *reader) {
	start, count := r.start, r.numbers()
	t := r.tree.Reset(r.text)
	n, err := t.ReadJSON(r.text[start:])
	if err != nil {
		r.jump(start + n)
		l := jsonLoss(err, r.lines)
		r.b.lose(r.number, l.What, l.Advice)
		r.next()
		return
	}
	r.find(t, count)
	r.jump(start + n)
}

// jsonLoss says what is wrong with JSON, at the place where that was met.
func jsonLoss(err error, at lines) status.Loss {
	if l, ok := errors.AsType[status.Loss](err); ok {
		return l
	}
	// What was cut in the middle of a text may have a line end behind it, which no text may hold.
	if errors.Is(err, io.ErrUnexpectedEOF) || strings.TrimSpace(at.text[at.start:]) == "" {
		return status.Loss{What: "the JSON breaks off: it is cut", Advice: adviceAgain}
	}
	begin := strings.LastIndexByte(at.text[:at.start], '\n') + 1
	l := status.Loss{
		What:   "the JSON is broken in column " + strconv.Itoa(utf8.RuneCountInString(at.text[begin:at.start])+1),
		Advice: adviceAgain,
	}
	if what, advice := hint(at.text[begin:at.end]); what != "" {
		l.What, l.Advice = l.What+": "+what, advice
	}
	return l
}

// JSON: the collector's document, and what ConvertTo-Json makes of the cmdlet's objects; and the collector's line:
// a begin marker, the document as base64, an end marker. An agent may fold it anywhere, its markers too.

package decode

import (
	"encoding/base64"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"check_cs_backup/check/decode/tree"
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

const adviceOutput = "see whether the agent cuts long output: packets of NRPE version 2 hold 1,024 bytes"

// The markers, with line ends and blanks in them where an agent folded them.
var beginMarker, endMarker = folded(status.BeginMarker), folded(status.EndMarker)

func folded(marker string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp {
		letters := strings.Split(strings.ReplaceAll(marker, " ", ""), "")
		return regexp.MustCompile(strings.Join(letters, `[ \n]*`))
	})
}

// longestMarker is how many bytes a marker has at most.
const longestMarker = 256

// findMarker finds a marker that begins on a line and may go on in the next ones.
func findMarker(l lines, marker func() *regexp.Regexp) (from, to int, ok bool) {
	if strings.IndexByte(l.trimmed, '-') < 0 {
		return 0, 0, false
	}
	at := marker().FindStringIndex(l.text[l.start:min(l.end+longestMarker, len(l.text))])
	if at == nil || l.start+at[0] >= l.end {
		return 0, 0, false
	}
	return l.start + at[0], l.start + at[1], true
}

func beginsMarked(l lines) bool {
	_, _, begin := findMarker(l, beginMarker)
	_, _, end := findMarker(l, endMarker)
	return begin || end
}

// readMarked takes one document.
func readMarked(r *reader) {
	from, to, ok := findMarker(r.lines, beginMarker)
	endFrom, _, isEnd := findMarker(r.lines, endMarker)
	if !ok || isEnd && endFrom < from {
		r.b.lose(r.number, "the collector's output is cut: an end marker without its begin marker", adviceOutput)
		r.next()
		return
	}
	if before := strings.TrimSpace(r.text[r.start:from]); before != "" {
		r.b.notUnderstood(before, r.number)
	}
	number := r.number
	behind := strings.TrimLeft(r.text[to:], status.Base64Letters+" \n")
	payload := r.text[to : len(r.text)-len(behind)]
	r.jump(len(r.text) - len(behind))
	end := endMarker().FindStringIndex(behind[:min(longestMarker, len(behind))])
	if end == nil || end[0] > 0 {
		r.b.lose(number, "the collector's output is cut: a begin marker without its end marker", adviceOutput)
		return
	}
	r.jump(len(r.text) - len(behind) + end[1])
	payload = strings.ReplaceAll(payload, " ", "") // line ends are passed over
	decoded, err := base64.StdEncoding.Strict().DecodeString(payload)
	if err != nil {
		r.b.lose(number, withCause("the base64 between the markers is damaged", err), adviceOutput)
		return
	}
	t := r.tree.Reset(r.text)
	document := string(decoded)
	n, err := t.ReadJSON(document)
	if err != nil || strings.TrimSpace(document[n:]) != "" || !isDocument(t) {
		r.b.lose(number, withCause("what stands between the markers is not the collector's document", err),
			adviceOutput)
		return
	}
	r.find(t, func(int32) int { return number })
}

// isDocument reports whether a tree is a document of the collector.
func isDocument(t *tree.Tree) bool {
	for c := range t.Children(1) {
		if field(t.Nodes[c].Meaning) == fieldSchema {
			return t.Nodes[1].Kind == tree.Object
		}
	}
	return false
}

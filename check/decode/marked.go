// The collector's line: a begin marker, the document as base64, an end marker. An agent may fold it anywhere, its
// markers too.

package decode

import (
	"encoding/base64"
	"regexp"
	"strings"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

const adviceOutput = "see whether the agent cuts long output: packets of NRPE version 2 hold 1,024 bytes"

// The markers, with line ends and blanks in them where an agent folded them.
var beginMarker, endMarker = folded(status.BeginMarker), folded(status.EndMarker)

func folded(marker string) func() *regexp.Regexp {
	letters := strings.Split(strings.ReplaceAll(marker, " ", ""), "")
	return lazily(strings.Join(letters, `[ \n]*`))
}

// findMarker finds a marker that begins on a line and may go on in the next ones.
func findMarker(l lines, marker func() *regexp.Regexp) (from, to int, ok bool) {
	const longest = 256 // bytes
	if strings.IndexByte(l.trimmed, '-') < 0 {
		return 0, 0, false
	}
	at := marker().FindStringIndex(l.text[l.start:min(l.end+longest, len(l.text))])
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
	behind := strings.TrimLeft(r.text[to:], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \n")
	payload := r.text[to : len(r.text)-len(behind)]
	r.jump(len(r.text) - len(behind))
	end := endMarker().FindStringIndex(behind)
	if end == nil || end[0] > 0 {
		r.b.lose(number, "the collector's output is cut: a begin marker without its end marker", adviceOutput)
		return
	}
	r.jump(len(r.text) - len(behind) + end[1])
	decoded, err := base64.StdEncoding.Strict().
		DecodeString(strings.ReplaceAll(payload, " ", ""))
		// it passes over line ends
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

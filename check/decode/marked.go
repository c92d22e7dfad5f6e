// The collector's line: a begin marker, the document as base64, an end marker. An agent may fold it anywhere, its
// markers too.

package decode

import (
	"encoding/base64"
	"strings"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/status"
)

const adviceOutput = "see whether the agent cuts long output: packets of NRPE version 2 hold 1,024 bytes"

func beginsMarked(l lines) bool {
	_, _, begin := findMarker(l, status.BeginMarker)
	_, _, end := findMarker(l, status.EndMarker)
	return begin || end
}

// findMarker finds a marker that begins on a line. It may go on in the next ones.
func findMarker(l lines, marker string) (from, to int, ok bool) {
	for at := l.start; at < l.end; at++ {
		i := strings.IndexByte(l.text[at:l.end], marker[0])
		if i < 0 {
			break
		}
		at += i
		if to, ok := folded(l.text, at, marker); ok {
			return at, to, true
		}
	}
	return 0, 0, false
}

// folded reports whether a marker stands in a text at a place, perhaps with line ends and blanks in it, and where it
// ends.
func folded(text string, at int, marker string) (end int, ok bool) {
	marker = strings.ReplaceAll(marker, " ", "")
	for i := 0; i < len(marker); at++ {
		switch {
		case at == len(text):
			return 0, false
		case text[at] == marker[i]:
			i++
		case i == 0 || text[at] != '\n' && text[at] != ' ':
			return 0, false
		}
	}
	return at, true
}

// readMarked takes one document.
func readMarked(r *reader) {
	from, to, ok := findMarker(r.lines, status.BeginMarker)
	endFrom, _, isEnd := findMarker(r.lines, status.EndMarker)
	if !ok || isEnd && endFrom < from {
		r.b.lose("marker", status.Loss{Line: r.number, What: "the collector's output is cut: an end marker without its begin marker", Advice: adviceOutput})
		r.next()
		return
	}
	if before := strings.TrimSpace(r.text[r.start:from]); before != "" {
		r.b.notUnderstood(before, r.number)
	}
	number := r.number
	end := to
	for end < len(r.text) && (isBase64(r.text[end]) || r.text[end] == '\n' || r.text[end] == ' ') {
		end++
	}
	behind, ok := folded(r.text, end, status.EndMarker)
	if !ok {
		r.b.lose("marker", status.Loss{Line: number, What: "the collector's output is cut: a begin marker without its end marker", Advice: adviceOutput})
		r.jump(end)
		return
	}
	r.jump(behind)
	payload := strings.NewReplacer("\n", "", " ", "").Replace(r.text[to:end])
	document, err := base64.StdEncoding.Strict().DecodeString(payload)
	if err != nil {
		r.b.lose("base64", status.Loss{Line: number, What: "the base64 between the markers is damaged", Advice: adviceOutput, Err: err})
		return
	}
	t := r.tree.Reset(len(r.text))
	n, err := t.ReadJSON(string(document), document)
	if err != nil || strings.TrimSpace(string(document[n:])) != "" || !isDocument(t) {
		r.b.lose("marked", status.Loss{Line: number, What: "what stands between the markers is not the collector's document", Advice: adviceOutput, Err: err})
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

func isBase64(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '+' || c == '/' || c == '='
}

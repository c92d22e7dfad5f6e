package status

import "strings"

// The markers of the one-line form of the collector's document: what a process prints between them is the base64 of
// the document. They find it between whatever else is printed.
const (
	BeginMarker = "-----BEGIN CHECK_CS_BACKUP-----"
	EndMarker   = "-----END CHECK_CS_BACKUP-----"
)

// CutMarked takes the first marked document from a text: what stands between the first end marker and the begin marker
// next to it. Before may hold begin markers too, whose ends are lost. Where there is no end marker, or no begin marker
// before it, found is false and rest is what stands behind that end marker, or all of the text.
func CutMarked(text string) (before, document, rest string, found bool) {
	end := strings.Index(text, EndMarker)
	if end < 0 {
		return "", "", text, false
	}
	rest = text[end+len(EndMarker):]
	begin := strings.LastIndex(text[:end], BeginMarker)
	if begin < 0 {
		return text[:end], "", rest, false
	}
	return text[:begin], text[begin+len(BeginMarker) : end], rest, true
}

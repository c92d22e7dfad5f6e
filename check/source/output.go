package source

import (
	"bytes"
	"errors"
	"strings"

	"check_cs_backup/check/status"
)

var errNoEnd = errors.New("output without end")

// An output is the standard output of a collector as it comes in. It finds the document between what is printed around
// it. After a Write it may have ended: the document is whole, or there is too much of it.
type output struct {
	// document is the base64 of the document, with its markers; empty while there is none.
	document string
	// ended is closed as soon as nothing more is wanted.
	ended chan struct{}
	// text is all that came until then, of which seen bytes hold no document; limit is how many may come.
	text        []byte
	seen, limit int
}

func newOutput(limit int) *output { return &output{ended: make(chan struct{}), limit: limit} }

// Write takes the next bytes. It returns an error when nothing more is wanted because there is too much.
func (o *output) Write(p []byte) (int, error) {
	if o.document != "" {
		return len(p), nil
	}
	if len(o.text) > o.limit {
		return 0, errNoEnd
	}
	o.text = append(o.text, p...)
	o.look(max(o.seen, len(o.text)-len(p)-len(status.EndMarker)))
	if o.document != "" || len(o.text) > o.limit {
		close(o.ended)
	}
	return len(p), nil
}

// look looks for the document. No end marker stands between what was seen and from. What a module prints between two
// markers, or a script that is shown, is no base64.
func (o *output) look(from int) {
	for {
		length := bytes.Index(o.text[from:], []byte(status.EndMarker))
		if length < 0 {
			return
		}
		end := from + length
		if begin := bytes.LastIndex(o.text[o.seen:end], []byte(status.BeginMarker)); begin >= 0 {
			begin += o.seen
			if isBase64(string(o.text[begin+len(status.BeginMarker) : end])) {
				o.document = string(o.text[begin : end+len(status.EndMarker)])
				return
			}
		}
		o.seen = end + len(status.EndMarker)
		from = o.seen
	}
}

// cut returns how many bytes came behind a begin marker that has no end marker, and whether there is one.
func (o *output) cut() (int, bool) {
	_, behind, found := bytes.Cut(o.text[o.seen:], []byte(status.BeginMarker))
	return len(behind), found
}

// isBase64 reports whether the text holds something, and nothing but base64 and what may wrap it.
func isBase64(text string) bool {
	return strings.TrimSpace(text) != "" && strings.Trim(text, status.Base64Letters+" \t\r\n") == ""
}

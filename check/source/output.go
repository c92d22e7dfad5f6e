package source

import (
	"bytes"
	"errors"
	"strings"

	"check_cs_backup/check/status"
)

// headLimit is how much of an output without a document is kept for messages.
const headLimit = 4 << 10

var errNoEnd = errors.New("output without end")

// An output is the standard output of a collector as it comes in. It finds the document between what is printed around
// it. After a Write it may have ended: the document is whole, or there is too much of it.
type output struct {
	// document is the base64 of the document, strange the first text between two markers that is none: it may be what a
	// module prints, and is the document only where no better one comes.
	document, strange string
	// ended is closed as soon as nothing more is wanted.
	ended chan struct{}
	// head is how the output begins.
	head []byte
	// total is how many bytes came, limit how many may come.
	total, limit int
	// pending is what came behind the last end marker.
	pending []byte
}

func newOutput(limit int) *output { return &output{ended: make(chan struct{}), limit: limit} }

// Write takes the next bytes. It returns an error when nothing more is wanted because there is too much.
func (o *output) Write(p []byte) (int, error) {
	if o.document != "" {
		return len(p), nil
	}
	if o.total > o.limit {
		return 0, errNoEnd
	}
	o.head = append(o.head, p[:min(headLimit-len(o.head), len(p))]...)
	o.total += len(p)
	unseen := max(0, len(o.pending)-len(status.EndMarker)+1)
	o.pending = append(o.pending, p...)
	if bytes.Contains(o.pending[unseen:], []byte(status.EndMarker)) {
		o.look()
	}
	if o.document != "" {
		close(o.ended)
	} else if o.total > o.limit {
		close(o.ended)
		return 0, errNoEnd
	}
	return len(p), nil
}

// look takes what stands before the last end marker out of pending.
func (o *output) look() {
	text := string(o.pending)
	for strings.Contains(text, status.EndMarker) {
		_, document, rest, found := status.CutMarked(text)
		text = rest
		switch {
		case found && isBase64(document):
			o.document = document
			return
		case found && o.strange == "":
			o.strange = status.BeginMarker + document + status.EndMarker
		}
	}
	o.pending = o.pending[len(o.pending)-len(text):]
}

// isWhole reports whether the document is there; it may be asked once ended is closed.
func (o *output) isWhole() bool { return o.document != "" }

// found returns the document between its markers once the output is over: the one that is base64, else the first one
// that is not, else nil.
func (o *output) found() []byte {
	switch {
	case o.document != "":
		return []byte(status.BeginMarker + o.document + status.EndMarker)
	case o.strange != "":
		return []byte(o.strange)
	}
	return nil
}

// cut returns how many bytes came behind a begin marker that has no end marker, and whether there is one.
func (o *output) cut() (int, bool) {
	begin := bytes.LastIndex(o.pending, []byte(status.BeginMarker))
	return len(o.pending) - begin - len(status.BeginMarker), begin >= 0
}

// isBase64 reports whether the text holds something, and nothing but base64 and what may wrap it.
func isBase64(text string) bool {
	some := false
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '+', c == '/', c == '=':
			some = true
		case c == '\r', c == '\n', c == ' ', c == '\t':
		default:
			return false
		}
	}
	return some
}

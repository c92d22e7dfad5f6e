package source

import (
	"bytes"
	"errors"

	"check_cs_backup/check/status"
)

// headLimit is how much of an output without a document is kept for messages.
const headLimit = 4 << 10

var errNoEnd = errors.New("output without end")

// An output is the standard output of a collector as it comes in. It keeps the document and forgets what is printed
// around it. After a Write it may have ended: the document is whole, or there is too much of it.
type output struct {
	// document is what was printed from the begin marker to the end marker.
	document []byte
	// ended is closed as soon as nothing more is wanted.
	ended chan struct{}
	// head is how the output begins.
	head []byte
	// total is how many bytes came.
	total int
	// limit is how many bytes may come.
	limit int

	// pending holds what may still become the document: from the last begin marker on, or the last few bytes, which
	// may be the beginning of one.
	pending []byte
	// begun says that pending begins with the begin marker.
	begun bool
	// seen is how much of pending holds no other marker.
	seen int
	// strange is the first text between two markers that is no base64. It may be what a module prints; it is the
	// document only where no better one comes.
	strange []byte
}

func newOutput(limit int) *output { return &output{ended: make(chan struct{}), limit: limit} }

// Write takes the next bytes. It returns an error when nothing more is wanted because there is too much.
func (o *output) Write(p []byte) (int, error) {
	if o.document != nil {
		return len(p), nil
	}
	if o.total > o.limit {
		return 0, errNoEnd
	}
	if rest := headLimit - len(o.head); rest > 0 {
		o.head = append(o.head, p[:min(rest, len(p))]...)
	}
	o.total += len(p)
	o.pending = append(o.pending, p...)
	for o.step() {
	}
	if o.document != nil {
		close(o.ended)
	} else if o.total > o.limit {
		close(o.ended)
		return 0, errNoEnd
	}
	return len(p), nil
}

// step looks for the next marker in pending and reports whether there may be one more.
func (o *output) step() bool {
	const begin, end = status.BeginMarker, status.EndMarker
	b := bytes.Index(o.pending[o.seen:], []byte(begin))
	if !o.begun {
		if b < 0 {
			o.pending = tail(o.pending, len(begin)-1)
			o.seen = 0
			return false
		}
		o.restart(o.seen + b)
		return true
	}
	e := bytes.Index(o.pending[o.seen:], []byte(end))
	switch {
	case b >= 0 && (e < 0 || b < e):
		// The marker before was only talk.
		o.restart(o.seen + b)
		return true
	case e < 0:
		o.seen = max(len(begin), len(o.pending)-len(begin)+1)
		return false
	}
	between := o.pending[len(begin) : o.seen+e]
	whole := o.pending[:o.seen+e+len(end)]
	if isBase64(between) {
		o.document = whole
		return false
	}
	if o.strange == nil {
		o.strange = bytes.Clone(whole)
	}
	o.pending = o.pending[len(whole):]
	o.begun, o.seen = false, 0
	return true
}

func (o *output) restart(at int) {
	o.pending = o.pending[at:]
	o.begun, o.seen = true, len(status.BeginMarker)
}

// isWhole reports whether the document is there; it may be asked once ended is closed.
func (o *output) isWhole() bool { return o.document != nil }

// found returns the document once the output is over: the one that is base64, else the first one that is not, else
// nil.
func (o *output) found() []byte {
	if o.document != nil {
		return o.document
	}
	return o.strange
}

// cut returns how many bytes came behind a begin marker that has no end marker, and whether there is one.
func (o *output) cut() (int, bool) { return len(o.pending) - len(status.BeginMarker), o.begun }

// tail returns a copy of the last n bytes, so that what is before them can go.
func tail(p []byte, n int) []byte {
	if len(p) <= n {
		return p
	}
	return append(make([]byte, 0, 2*n), p[len(p)-n:]...)
}

// isBase64 reports whether the text holds something, and nothing but base64 and what may wrap it.
func isBase64(p []byte) bool {
	some := false
	for _, c := range p {
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

// A head keeps the beginning of a stream and takes the rest without a word.
type head struct {
	data  []byte
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	if rest := h.limit - len(h.data); rest > 0 {
		h.data = append(h.data, p[:min(rest, len(p))]...)
	}
	return len(p), nil
}

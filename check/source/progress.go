package source

import (
	"bytes"
	"encoding/base64"

	"check_cs_backup/check/status"
)

// The markers of what a collector tells of its work on the error stream; behind each comes base64, up to the end of the
// line. A step is a text, a part the document with what is known so far.
const (
	stepMarker = "-----CHECK_CS_BACKUP STEP-----"
	partMarker = "-----CHECK_CS_BACKUP PART-----"
)

const (
	// textLimit is how much of what else is printed is kept.
	textLimit = 64 << 10
	// stepLimit is how many characters of a step are shown.
	stepLimit = 1 << 10
)

// A progress is the error stream of a collector as it comes in.
type progress struct {
	// step is what the collector told last that it does. Empty where it told nothing.
	step string
	// part is the document as it was told last, as JSON.
	part string
	// text is how all else begins that was printed.
	text []byte
	// line is what came since the last end of a line, at most limit bytes.
	line  []byte
	limit int
}

func newProgress(limit int) *progress { return &progress{limit: limit} }

// Write takes the next bytes. It wants all of them.
func (p *progress) Write(data []byte) (int, error) {
	for line := range bytes.Lines(data) {
		p.line = append(p.line, line...)
		if line[len(line)-1] == '\n' {
			p.take()
			p.line = p.line[:0]
		} else if len(p.line) > p.limit {
			p.keep(p.line)
			p.line = p.line[:0]
		}
	}
	return len(data), nil
}

// take looks at a line that is whole.
func (p *progress) take() {
	if before, step, ok := cutTold(p.line, stepMarker); ok {
		p.step = status.Shorten(step, stepLimit)
		p.keep(before)
		return
	}
	if before, part, ok := cutTold(p.line, partMarker); ok {
		p.part = part
		p.keep(before)
		return
	}
	p.keep(p.line)
}

// end takes the last line, which may be cut: then it is no step and no part, and nothing to show either.
func (p *progress) end() {
	for _, marker := range []string{stepMarker, partMarker} {
		p.line, _, _ = bytes.Cut(p.line, []byte(marker))
	}
	p.keep(p.line)
	p.line = nil
}

func (p *progress) keep(text []byte) {
	p.text = append(p.text, text[:min(textLimit-len(p.text), len(text))]...)
}

// cutTold takes what is told behind a marker; in front of that may stand what somebody printed without an end of line.
func cutTold(line []byte, marker string) (before []byte, told string, ok bool) {
	i := bytes.LastIndex(line, []byte(marker))
	if i < 0 {
		return nil, "", false
	}
	text, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(line[i+len(marker):])))
	return line[:i], string(text), err == nil && len(text) > 0
}

// The collector's one-line form: a begin marker, the document as base64, an end marker. What stands around it is
// what modules, agents and login scripts print.

package decode

import (
	"encoding/base64"
	"errors"
	"io"

	"check_cs_backup/check/status"
)

// markedStatus reads the marked documents of a source. marked is false when there is no marker.
func markedStatus(s source) (snap status.Snapshot, marked bool, err error) {
	begin := s.find(status.BeginMarker, 0)
	end := s.find(status.EndMarker, 0)
	if begin < 0 && end < 0 {
		return snap, false, nil
	}
	b := newBuilder()
	rec := newRecogniser(b)
	rec.onlyDocument = true
	for begin >= 0 || end >= 0 {
		if begin < 0 || end >= 0 && end < begin {
			return snap, true, status.Loss{What: "the collector's output is cut: an end marker without its begin marker", Advice: adviceOutput}
		}
		from := begin + len(status.BeginMarker)*s.enc.unit()
		next := s.find(status.BeginMarker, from)
		if end < 0 || next >= 0 && next < end {
			return snap, true, status.Loss{What: "the collector's output is cut: a begin marker without its end marker", Advice: adviceOutput}
		}
		if err := document(s.slice(from, end), rec); err != nil {
			return snap, true, err
		}
		end = s.find(status.EndMarker, end+len(status.EndMarker)*s.enc.unit())
		begin = next
	}
	snap, err = b.finish()
	return snap, true, err
}

const adviceOutput = "see whether the agent cuts long output: packets of NRPE version 2 hold 1,024 bytes"

// document reads one document between its markers.
func document(s source, rec *recogniser) error {
	payload := base64.NewDecoder(base64.StdEncoding.Strict(), &unwrapped{r: s.open()})
	before := rec.documents
	values, _, err := decodeJSON(payload, rec)
	if err != nil {
		if l, ok := errors.AsType[status.Loss](err); ok {
			return l
		}
		if corrupt, ok := errors.AsType[base64.CorruptInputError](err); ok {
			return status.Loss{What: "the base64 between the markers is damaged", Advice: adviceOutput, Err: corrupt}
		}
		return status.Loss{What: "what stands between the markers is damaged", Advice: adviceOutput, Err: err}
	}
	if values != 1 || rec.documents != before+1 {
		return status.Loss{What: "what stands between the markers is not the collector's document", Advice: adviceAgain}
	}
	return nil
}

// An unwrapped leaves out the blanks and line ends that agents put into a long line.
type unwrapped struct{ r io.Reader }

func (u *unwrapped) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	k := 0
	for _, c := range p[:n] {
		switch c {
		case ' ', '\t', '\r', '\n':
		default:
			p[k] = c
			k++
		}
	}
	return k, err
}

// Package decode turns the bytes of a saved or collected status into a snapshot.
//
// It never repairs and never guesses: what is cut, absent or not understood becomes a loss or stays as it was read,
// and either makes the result UNKNOWN. It is pure: the same bytes, the same snapshot, no clock, no files.
package decode

import (
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// Decode turns the bytes of a saved or collected status into a snapshot. The format and the encoding are found by looking.
// The error is a status.Loss: nothing in data is a status; it says what it looks like and what to do.
func Decode(data []byte) (status.Snapshot, error) {
	s, err := identify(data)
	if err != nil {
		return status.Snapshot{}, err
	}
	snap, marked, err := markedStatus(s)
	if !marked {
		snap, err = s.look()
	}
	if err != nil {
		return status.Snapshot{}, asLoss(err)
	}
	return snap, nil
}

// asLoss keeps the promise that the error is a loss.
func asLoss(err error) error {
	if l, ok := err.(status.Loss); ok {
		return l
	}
	return status.Loss{What: "it can't be read", Advice: adviceSave, Err: err}
}

// look finds the format by the first line that a console did not add, and reads it.
func (s source) look() (status.Snapshot, error) {
	lines := newLineReader(s.open())
	var console noise
	for {
		start := lines.offset()
		raw, ok, err := lines.next()
		if err != nil {
			// One line of more than 1 MiB: JSON and CLIXML in one line may be that long.
			raw, ok = lines.head(), true
			text := strings.TrimSpace(powershell.StripEscapes(string(raw)))
			if text == "" && s.isBlank() {
				return status.Snapshot{}, status.Loss{What: "the status is empty: nothing but blanks", Advice: adviceEmpty}
			}
			if text == "" || console.is(text, 0) {
				return status.Snapshot{}, err
			}
		}
		if !ok {
			if lines.number == 0 || console == (noise{}) && s.isBlank() {
				return status.Snapshot{}, status.Loss{What: "the status is empty: nothing but blanks", Advice: adviceEmpty}
			}
			return textStatus(s)
		}
		line := strings.TrimPrefix(powershell.StripEscapes(string(raw)), "\uFEFF")
		text := strings.TrimSpace(line)
		if text == "" || console.is(text, lines.number) {
			continue
		}
		// Where the text begins, for the formats that are read from there.
		at := start + int64(strings.Index(string(raw), text[:1]))
		switch {
		case startsJSON(text):
			return jsonStatus(s, at)
		case hasPrefixFold(text, "<!doctype html"), hasPrefixFold(text, "<html"), hasPrefixFold(text, "<table"):
			return status.Snapshot{}, status.Loss{What: "it is HTML, which is not read", Advice: adviceSave}
		case strings.HasPrefix(text, powershell.CLIXMLHeader), startsXML(text):
			return clixmlStatus(s, at)
		case strings.HasPrefix(text, strings.TrimSpace(typeLine)):
			return s.typed(start, lines)
		}
		if delimiter := csvDelimiter(text); delimiter != 0 {
			return csvStatus(s, start, lines.number, delimiter)
		}
		if headerlessCSV(text) {
			return status.Snapshot{}, status.Loss{Line: lines.number, What: "CSV without a line of names, so what its columns are is not known: " + quote(text), Advice: "leave out -NoHeader; " + adviceSave}
		}
		return textStatus(s)
	}
}

// typed reads CSV below a line #TYPE, which says nothing of the delimiter.
func (s source) typed(start int64, lines *lineReader) (status.Snapshot, error) {
	number := lines.number
	for {
		raw, ok, err := lines.next()
		if err != nil || !ok {
			return status.Snapshot{}, status.Loss{Line: number, What: "CSV that ends behind its line #TYPE", Advice: adviceAgain}
		}
		text := strings.TrimSpace(string(raw))
		if text == "" {
			continue
		}
		delimiter := csvDelimiter(text)
		if delimiter == 0 {
			return status.Snapshot{}, status.Loss{Line: lines.number, What: "CSV whose line of names has none of a status: " + quote(text), Advice: adviceSave}
		}
		return csvStatus(s, start, number, delimiter)
	}
}

// isBlank reports whether a source holds nothing but blanks.
func (s source) isBlank() bool {
	r := s.open()
	buf := make([]byte, 16<<10)
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			if c > ' ' {
				return false
			}
		}
		if err != nil {
			return true
		}
	}
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// startsJSON reports whether a text begins as JSON does. A brace and a bracket begin other things as well: the
// bracket form, the prompt of a remote session.
func startsJSON(text string) bool {
	switch text[0] {
	case '"':
		return strings.Contains(text, ":[") && csvDelimiter(text) == 0
	case '{':
		rest := strings.TrimSpace(text[1:])
		return rest == "" || rest[0] == '"' || rest[0] == '}' && strings.TrimSpace(rest[1:]) == ""
	case '[':
		rest := strings.TrimSpace(text[1:])
		if rest == "" {
			return true
		}
		switch rest[0] {
		case '{', '[', '"', ']', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			return true
		}
		for _, word := range [...]string{"true", "false", "null"} {
			if strings.HasPrefix(rest, word) {
				return true
			}
		}
	}
	return false
}

// startsXML reports whether a text begins with a tag, a declaration or a comment of XML.
func startsXML(text string) bool {
	if len(text) < 2 || text[0] != '<' {
		return false
	}
	c := text[1]
	return c == '?' || c == '!' || c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// headerlessCSV reports whether a line is one of quoted fields.
func headerlessCSV(text string) bool {
	if text[0] != '"' || len(text) < 2 {
		return false
	}
	return text[len(text)-1] == '"' && (strings.Contains(text, `","`) || strings.Contains(text, `";"`) || strings.Contains(text, "\"\t\"") || strings.Count(text, `"`) == 2)
}

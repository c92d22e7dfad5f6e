package powershell

import (
	"encoding/xml"
	"strings"

	"check_cs_backup/check/status"
)

const (
	// errorsLimit is how many bytes of error records are kept: the first one is what matters.
	errorsLimit = 4 << 10
	// messageLines is how many lines of a console one message may take.
	messageLines = 16
)

// Errors returns the text of the error records in CLIXML, as a console would show it, and how many bytes the CLIXML
// has: up to the end of its outermost element. XML that is cut or broken yields what stands before the break, and ends
// with the text. What stands before the XML, such as CLIXMLHeader, must be cut off.
func Errors(clixml string) (text string, n int) {
	decoder := xml.NewDecoder(strings.NewReader(clixml))
	decoder.Strict = false
	var b strings.Builder
	// Two forms are in use: <S S="Error"> with a piece of the console's text, and <Obj S="Error"> with a whole record,
	// whose first <ToString> is the message.
	depth, record := 0, 0
	take, told := false, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return b.String(), len(clixml)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			if record == 0 && t.Name.Local == "Obj" && isError(t) {
				record, told = depth, false
			}
			take = record == 0 && t.Name.Local == "S" && isError(t) ||
				record > 0 && !told && t.Name.Local == "ToString"
		case xml.CharData:
			if take && b.Len() < errorsLimit {
				b.WriteString(Unescape(string(t)))
			}
		case xml.EndElement:
			if take && record > 0 {
				b.WriteString("\n\n")
				told = true
			}
			take = false
			if depth == record {
				record = 0
			}
			depth--
			if depth == 0 {
				return b.String(), int(decoder.InputOffset())
			}
		}
	}
}

func isError(element xml.StartElement) bool {
	for _, attribute := range element.Attr {
		if attribute.Name.Local == "S" {
			return strings.EqualFold(attribute.Value, "Error")
		}
	}
	return false
}

// FirstError returns the first message of an error stream, in at most limit bytes: of CLIXML the first error, else the
// first line. Empty where nothing was said.
func FirstError(stream string, limit int) string {
	around := ""
	for {
		before, clixml, found := strings.Cut(stream, CLIXMLHeader)
		around += before
		if !found {
			return FirstLine(around, limit)
		}
		text, n := Errors(clixml)
		if message := FirstMessage(text, limit); message != "" {
			return message
		}
		stream = clixml[n:]
	}
}

// FirstMessage returns the first message of errors as a console shows them, in at most limit bytes: PowerShell breaks
// it into lines of the console's width, and puts the place in the script behind it ("At line:1 char:1", "+ …").
func FirstMessage(text string, limit int) string {
	var words []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(StripEscapes(line))
		if line == "" && len(words) == 0 {
			continue
		}
		if line == "" || strings.HasPrefix(line, "At line:") || strings.HasPrefix(line, "+ ") || len(words) == messageLines {
			break
		}
		words = append(words, line)
	}
	return status.Shorten(strings.Join(words, " "), limit)
}

// FirstLine returns the first line of a text that says anything, without its colours, in at most limit bytes.
func FirstLine(text string, limit int) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(StripEscapes(line)); line != "" {
			return status.Shorten(line, limit)
		}
	}
	return ""
}

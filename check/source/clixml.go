package source

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/powershell"
)

// messageLimit is how many bytes of a message are shown.
const messageLimit = 1 << 10

// clixmlErrors returns the text of the error records in the CLIXML that follows the first header, as it would stand on
// a console, and what is no CLIXML around it. XML that is cut or broken yields what stands before the break.
func clixmlErrors(stream string) (errorText, around string) {
	before, text, found := strings.Cut(stream, powershell.CLIXMLHeader)
	if !found {
		return "", stream
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict = false
	var b strings.Builder
	// Two forms are in use: <S S="Error"> with a piece of the console's text, and <Obj S="Error"> with a whole record,
	// whose first <ToString> is the message.
	depth, record := 0, 0
	take, told := false, false
	for {
		token, err := decoder.Token()
		if err != nil {
			return b.String(), before
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
			if take && b.Len() < 4*messageLimit {
				b.WriteString(powershell.Unescape(string(t)))
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
				return b.String(), before + text[decoder.InputOffset():]
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

// firstError returns the first message of an error stream: of CLIXML the first error, else the first line. Empty where
// nothing was said.
func firstError(stream string) string {
	for strings.Contains(stream, powershell.CLIXMLHeader) {
		var errorText string
		errorText, stream = clixmlErrors(stream)
		if message := firstMessage(errorText); message != "" {
			return message
		}
	}
	return firstLine(stream)
}

// firstMessage returns the first message of errors as a console shows them: PowerShell breaks it into lines of the
// console's width, and puts the place in the script behind it ("At line:1 char:1", "+ …").
func firstMessage(text string) string {
	var words []string
	for line := range strings.Lines(plain(text)) {
		line = strings.TrimSpace(line)
		if line == "" && len(words) == 0 {
			continue
		}
		if line == "" || strings.HasPrefix(line, "At line:") || strings.HasPrefix(line, "+ ") || len(words) == 16 {
			break
		}
		words = append(words, line)
	}
	return shorten(strings.Join(words, " "))
}

// firstLine returns the first line of a text that says anything.
func firstLine(text string) string {
	for line := range strings.Lines(plain(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, stepMarker) {
			return shorten(line)
		}
	}
	return ""
}

// lastLine returns the last line of a text that says anything.
func lastLine(text string) string {
	last := ""
	for line := range strings.Lines(plain(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, stepMarker) {
			last = line
		}
	}
	return shorten(last)
}

// plain drops the colours, line by line: what is broken in one line takes nothing from the next.
func plain(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(powershell.StripEscapes(line))
	}
	return b.String()
}

// shorten cuts a message that is too long to be one.
func shorten(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= messageLimit {
		return text
	}
	cut := messageLimit
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

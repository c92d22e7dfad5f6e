package source

import (
	"encoding/xml"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// clixmlHeader stands before the error stream as Windows PowerShell writes it for another process.
const clixmlHeader = "#< CLIXML"

// messageLimit is how many bytes of a message are shown.
const messageLimit = 1 << 10

// clixmlErrors returns the text of the error records in the CLIXML that follows the first header, as it would stand on
// a console, and what is no CLIXML around it. XML that is cut or broken yields what stands before the break.
func clixmlErrors(stream string) (errorText, around string) {
	before, text, found := strings.Cut(stream, clixmlHeader)
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
				b.WriteString(unescapeCLIXML(string(t)))
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

// unescapeCLIXML turns _xHHHH_ into the UTF-16 unit that it stands for.
func unescapeCLIXML(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for text != "" {
		unit, rest, ok := cutEscape(text)
		if !ok {
			_, size := utf8.DecodeRuneInString(text)
			b.WriteString(text[:size])
			text = text[size:]
			continue
		}
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			second, behind, _ := cutEscape(rest)
			if r = utf16.DecodeRune(r, rune(second)); r != utf8.RuneError {
				rest = behind
			}
		}
		b.WriteRune(r)
		text = rest
	}
	return b.String()
}

// cutEscape returns the unit of the escape that text begins with, and what is behind it.
func cutEscape(text string) (unit uint16, rest string, ok bool) {
	if len(text) < 7 || text[:2] != "_x" || text[6] != '_' {
		return 0, text, false
	}
	for i := 2; i < 6; i++ {
		digit := strings.IndexByte("0123456789abcdef", text[i]|0x20)
		if digit < 0 {
			return 0, text, false
		}
		unit = unit<<4 | uint16(digit)
	}
	return unit, text[7:], true
}

// firstError returns the first message of an error stream: of CLIXML the first error, else the first line. Empty where
// nothing was said.
func firstError(stream string) string {
	for strings.Contains(stream, clixmlHeader) {
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

// plain drops the colours: ESC [ … letter.
func plain(text string) string {
	if !strings.Contains(text, "\x1b[") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		text = strings.TrimLeft(rest, "0123456789;?")
		if text != "" && text[0] >= 0x40 && text[0] <= 0x7E {
			text = text[1:]
		}
	}
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

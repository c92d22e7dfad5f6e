package powershell

import (
	"html"
	"regexp"
	"strings"
	"sync"

	"check_cs_backup/check/status"
)

// messageLines is how many lines of a console one message may take.
const messageLines = 16

// document is CLIXML as PowerShell prints it for another process. errorPiece is what it says of an error in there, in
// two forms: a piece of the console's text, and a whole record, whose first <ToString> is the message.
var (
	document = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?s)` + CLIXMLHeader + `.*?(?:</Objs>|$)`)
	})
	errorPiece = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?s)<S S="Error">([^<]*)|<Obj S="Error".*?<ToString>([^<]*)`)
	})
)

// FirstError returns the first message of an error stream, in at most limit characters: of CLIXML the first error, else
// the first line. Empty where nothing was said. It is for people, so CLIXML that is cut will do.
func FirstError(stream string, limit int) string {
	for _, clixml := range document().FindAllString(stream, -1) {
		var text strings.Builder
		for _, piece := range errorPiece().FindAllStringSubmatch(clixml, -1) {
			text.WriteString(Unescape(html.UnescapeString(piece[1] + piece[2])))
			if piece[2] != "" { // a whole record
				text.WriteString("\n\n")
			}
		}
		if message := FirstMessage(text.String(), limit); message != "" {
			return message
		}
	}
	return FirstLine(document().ReplaceAllString(stream, ""), limit)
}

// FirstMessage returns the first message of errors as a console shows them, in at most limit characters: PowerShell
// breaks it into lines of the console's width, and puts the place in the script behind it ("At line:1 char:1", "+ …").
func FirstMessage(text string, limit int) string {
	var words []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(StripEscapes(line))
		if line == "" && len(words) == 0 {
			continue
		}
		isPlace := strings.HasPrefix(line, "At line:") || strings.HasPrefix(line, "+ ")
		if line == "" || isPlace || len(words) == messageLines {
			break
		}
		words = append(words, line)
	}
	return status.Shorten(strings.Join(words, " "), limit)
}

// FirstLine returns the first line of a text that says anything, without its colours, in at most limit characters.
func FirstLine(text string, limit int) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(StripEscapes(line)); line != "" {
			return status.Shorten(line, limit)
		}
	}
	return ""
}

// What a line that is not understood looks like, and what to do about it.

package decode

import "strings"

// formattedClass is a property that only the objects have which Format-Table and the like hand on to a console.
const formattedClass = "ClassId2e4f51ef21dd47e99d3c952918aff9cd"

const (
	adviceColumns   = "the columns must be called Identity, ExportStatus and ImportStatus, as the cmdlet calls them; " + adviceSave
	adviceFormatted = "leave out Format-Table and the like in front of Export-Csv, ConvertTo-Json or Export-Clixml"
)

// hint says what is wrong with a line, in a word or two, and what to do; nothing where it is anything.
func hint(line string) (what, advice string) {
	const longest = 4096 // bytes
	text := strings.TrimSpace(line)
	switch {
	case text == "", len(text) > longest:
	case strings.Contains(text, formattedClass):
		return "the output of Format-Table, saved as objects", adviceFormatted
	case strings.ContainsAny(text, "“”„"):
		return "typographic quotes", "an editor or a mail program changed the quotes: " + adviceAgain
	case strings.Contains(text, "&quot;") || strings.Contains(text, "&lt;"):
		return "entities of HTML", "copy it from the page, not from its source: " + adviceAgain
	case text[0] == '>':
		return "a quote in a mail", "take the marks in front of the lines away; " + adviceSave
	case text[0] == '|':
		return "a table of Markdown", adviceSave
	case strings.HasSuffix(text, " =") || strings.Contains(text, "=3D") || strings.Contains(text, "=20"):
		return "quoted-printable, as mails are sent", "save it from the mail program as text: " + adviceAgain
	case isHeaderlessCSV(text):
		return "CSV without a line of names, so what its columns are is not known", "leave out -NoHeader; " + adviceSave
	case endsInStates(text):
		return "a table without its header, so what its columns are is not known", "leave out -HideTableHeaders; " + adviceColumns
	}
	return "", ""
}

// endsInStates reports whether a line ends in two of the documented states, as the row of a table does.
func endsInStates(text string) bool {
	words := strings.Fields(text)
	return len(words) >= 3 && len(words) <= 8 && hasState(words[len(words)-1]) && hasState(words[len(words)-2])
}

// isHeaderlessCSV reports whether a line is one of quoted fields.
func isHeaderlessCSV(text string) bool {
	if len(text) < 2 || text[0] != '"' || text[len(text)-1] != '"' {
		return false
	}
	return strings.Contains(text, `","`) || strings.Contains(text, `";"`) || strings.Contains(text, "\"\t\"")
}

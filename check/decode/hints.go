// What a line that is not understood looks like, and what to do about it.

package decode

import (
	"regexp"
	"strings"
	"sync"
)

// formattedClass is a property that only the objects have which Format-Table and the like hand on to a console.
const formattedClass = "ClassId2e4f51ef21dd47e99d3c952918aff9cd"

const (
	adviceColumns = "the columns must be called Identity, ExportStatus and ImportStatus, as the cmdlet calls them; " +
		adviceSave
	adviceFormatted = "leave out Format-Table and the like in front of Export-Csv, ConvertTo-Json or Export-Clixml"
)

const (
	anyState = `(?:FinalState|SteadyState|NonSteadyState|NotInitialized|ErrorState|NormalState)`
	oneState = `\S*\b` + anyState + `\b\S*`
)

// hints are what people save or copy instead of what PowerShell writes.
var hints = [...]struct {
	looks        func() *regexp.Regexp
	what, advice string
}{
	{lazily(formattedClass), "the output of Format-Table, saved as objects", adviceFormatted},
	{
		lazily(
			`^CHECK_NRPE|^NRPE: |^connect to (?:address|host) \S+ port \d+: `,
		), "what check_nrpe says in place of an answer",
		"run check_nrpe by hand; its -t, and command_timeout of the NRPE agent, must be longer than the command takes",
	},
	{
		lazily(`[“”„]`),
		"typographic quotes",
		"an editor or a mail program changed the quotes: " + adviceAgain,
	},
	{
		lazily(`&quot;|&lt;`),
		"entities of HTML",
		"copy it from the page, not from its source: " + adviceAgain,
	},
	{lazily(`^class \w+`), "the output of Format-Custom, which is not read", adviceSave},
	{
		lazily(`^(?:\w+ +)*(?:ExportS|ImportS|BackupM)\w*(?: +\w+)*$`),
		"names of columns that are cut, or go on in the next line",
		adviceWidth,
	},
	{lazily(`^>`), "a quote in a mail", "take the marks in front of the lines away; " + adviceSave},
	{lazily(`^\|`), "a table of Markdown", adviceSave},
	{
		lazily(` =$|=3D|=20`),
		"quoted-printable, as mails are sent",
		"save it from the mail program as text: " + adviceAgain,
	},
	{
		lazily(`^".*"[,;\t]".*"$`),
		"CSV without a line of names, so what its columns are is not known",
		"leave out -NoHeader; " + adviceSave,
	},
	{
		lazily(`(?i)^(?:\S+\s+){1,6}` + oneState + `\s+` + oneState + `$`),
		"a table without its header, so what its columns are is not known",
		"leave out -HideTableHeaders; " + adviceColumns,
	},
}

// lazily compiles a regular expression when it is first asked for: most statuses ask for none, and compiling all of them
// took a tenth of a check.
func lazily(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// hint says what is wrong with a line, in a word or two, and what to do; nothing where it is anything.
func hint(line string) (what, advice string) {
	const longest = 4096 // bytes
	text := strings.TrimSpace(line)
	for _, h := range hints {
		if len(text) <= longest && h.looks().MatchString(text) {
			return h.what, h.advice
		}
	}
	return "", ""
}

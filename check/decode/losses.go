// What was met and not read: one loss for each cause, bounded; and what a line that is not understood looks like.

package decode

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"check_cs_backup/check/status"
)

const (
	maxLosses = 20
	maxLost   = 50_000 // after so many it is no status
)

// Advice that goes with losses.
const (
	adviceSave   = status.AdviceSave
	adviceEmpty  = status.AdviceEmpty
	adviceFailed = `see why the cmdlet failed: by default only members of RTCUniversalServerAdmins may run it, ` +
		`and it is in the module SkypeForBusiness, else Lync`
	adviceAgain  = status.AdviceAgain
	adviceWidth  = `a table in a narrow window loses columns and the ends of cells; ` + adviceSave
	adviceLimit  = `Format-List stops after $FormatEnumerationLimit modules (4; -1 for all); better ` + adviceSave
	advicePaired = `see whether the pool is paired: Get-CsPoolBackupRelationship`
	adviceReport = `report it with what contrib/report/collect-sample.ps1 saves: README, First front end`
	adviceTwo    = `two pools, or two times? save each pool in a file of its own, or ` + adviceSave
)

// losses are collected while a text is read.
type losses struct {
	list     []loss
	hidden   int         // how many losses more there are
	unparsed loss        // the first line that is not understood
	failed   status.Loss // the first error that PowerShell reported
	lost     int         // more of it than before says that something was not read
	full     bool        // a bound is exceeded: nothing more is read
	// collected says that a document of the collector is read: it can't be saved any better.
	collected bool
}

// A loss is a status.Loss and how often its cause was met.
type loss struct {
	status.Loss
	cause string
	times int
}

// differing is what losses of one cause differ in: what they quote, numbers, and what stands behind a colon.
var differing = lazily(`(?s)".*"|[0-9]+|:.*`)

// lose records a loss: the line, 0 where lines mean nothing, what is lost, and what to do. One of each cause is told.
func (l *losses) lose(line int, what, advice string) {
	if l.collected && strings.HasSuffix(advice, adviceSave) {
		advice = adviceReport
	}
	l.count()
	cause := differing().ReplaceAllString(what, "")
	i := slices.IndexFunc(l.list, func(known loss) bool { return known.cause == cause })
	switch {
	case i >= 0:
		l.list[i].times++
	case len(l.list) == maxLosses:
		l.hidden++
	default:
		l.list = append(l.list, loss{status.Loss{Line: line, What: what, Advice: advice}, cause, 1})
	}
}

func (l *losses) count() {
	if l.lost++; l.lost > maxLost {
		l.tooMuch(maxLost, "parts that are not understood")
	}
}

// tooMuch ends the reading: the text holds more than any status.
func (l *losses) tooMuch(n int, of string) {
	if !l.full {
		l.full = true
		what := "it holds more than " + strconv.Itoa(n) + " " + of
		l.list = append(l.list, loss{Loss: status.Loss{What: what, Advice: "split the file"}})
	}
}

// notUnderstood records a line that fits nothing.
func (l *losses) notUnderstood(line string, number int) {
	if what, advice := hint(line); what != "" {
		l.lose(number, what+": "+quote(line), advice)
		return
	}
	l.count()
	if l.unparsed.times++; l.unparsed.times == 1 {
		l.unparsed.Loss = status.Loss{Line: number, What: quote(line), Advice: adviceSave}
	}
}

// fail records an error that PowerShell reported. The first one is the cause of the others.
func (l *losses) fail(message string, line int) {
	if l.failed.What == "" {
		l.failed = status.Loss{Line: line, What: quoteLong(message), Advice: adviceFailed}
	}
}

// failBeside records an error of a status or a module that has states all the same.
func (l *losses) failBeside(text string, line int) {
	l.lose(line, "an error stands beside the states: "+quoteLong(text), adviceFailed)
}

// all returns the losses. Of a text that holds no status only those are left that say why.
func (l *losses) all(isStatus bool) (all []status.Loss) {
	if l.failed.What != "" {
		where := "in place of a status: "
		if isStatus {
			where = "beside the status: "
		}
		l.failed.What = "PowerShell reported an error " + where + l.failed.What
		all = append(all, l.failed)
	}
	for _, x := range l.list {
		all = append(all, x.told())
	}
	if l.hidden > 0 {
		all = append(all, status.Loss{What: "and " + strconv.Itoa(l.hidden) + " more losses", Advice: adviceSave})
	}
	switch {
	case isStatus && l.unparsed.times > 0:
		l.unparsed.What = "not understood: " + l.unparsed.What
		return append(all, l.unparsed.told())
	case isStatus || len(all) > 0: // these say why there is no status
		return all
	case l.unparsed.times > 0:
		what := "it is text, but holds no status; it begins with " + l.unparsed.What
		return []status.Loss{{What: what, Advice: adviceSave}}
	default:
		return []status.Loss{{What: "it holds no status, only what a console adds", Advice: adviceEmpty}}
	}
}

// told returns the loss with how many more there are of its cause.
func (l loss) told() status.Loss {
	if l.times > 1 {
		l.What += " (and " + strconv.Itoa(l.times-1) + " more of this kind)"
	}
	return l.Loss
}

// quote quotes a piece of the source in a message.
func quote(text string) string { return status.Quote(text) }

// quoteLong bounds a message that is quoted whole, on one line.
func quoteLong(text string) string {
	return status.Shorten(strings.Join(strings.Fields(text), " "), 300)
}

// withCause puts an error behind what is lost.
func withCause(what string, err error) string {
	if err == nil {
		return what
	}
	return what + ": " + err.Error()
}

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

// lazily compiles a regular expression when it is first asked for: most statuses ask for none, and compiling all of
// them took a tenth of a check.
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

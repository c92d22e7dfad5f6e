// What a console adds to a status: prompts, the blocks of a transcript, warnings, errors. A line is passed over only
// where nothing of a status stands in it.

package decode

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// The lines of a console.
var (
	// promptLine is a prompt and its command: "PS C:\> …", "[host]: PS C:\> …", ">> …" where the command goes on.
	promptLine = lazily(`^(?:\[.*?\]: )?PS(?: [^>]*)?>(.*)$|^>>( .*)?$`)
	// consoleMessage is what PowerShell says beside its output, in the languages that are known.
	consoleMessage = lazily(
		`^(?:WARNING|VERBOSE|DEBUG|WARNUNG|AVERTISSEMENT ?|AVVISO|ADVERTENCIA|AVISO|警告|경고|` +
			`ПРЕДУПРЕЖДЕНИЕ): `,
	)
	// ruleLine stands around the blocks of a transcript.
	ruleLine = lazily(`^\*{20,}$`)
	// errorLine begins an error as PowerShell writes it for people, in any language: "Verb-Noun : message".
	errorLine = lazily(`^[A-Z]\w*-[A-Z]\w* *:`)
	// A command asks for a pool.
	cmdlet   = lazily(`(?i)get-csbackupservicestatus`)
	poolFqdn = lazily(`(?i)-poolfqdn[ :]*(?:"([^"]*)|'([^']*)|([^ )|;}]*))`)
)

func isPrompt(text string) bool { return startsIn(text, "P[>") && promptLine().MatchString(text) }
func isConsoleMessage(text string) bool {
	return strings.Contains(text, ": ") && consoleMessage().MatchString(text)
}
func isRule(text string) bool { return startsIn(text, "*") && ruleLine().MatchString(text) }

func startsIn(text, letters string) bool {
	return text != "" && strings.IndexByte(letters, text[0]) >= 0
}

// command is that behind a prompt.
func command(text string) (command string, ok bool) {
	if !isPrompt(text) {
		return text, false
	}
	match := promptLine().FindStringSubmatch(text)
	return strings.TrimSpace(match[1] + match[2]), true
}

// beginsError finds an error, also in the place of a command.
func beginsError(l lines) bool {
	text, _ := command(l.trimmed)
	return strings.Contains(text, ":") && errorLine().MatchString(text) || isErrorMark(text)
}

// isErrorMark finds what no line but that of an error has, such as what a transcript notes of one that ended a command.
func isErrorMark(text string) bool {
	return strings.Contains(text, "TerminatingError(") || strings.Contains(text, "FullyQualifiedErrorId") ||
		strings.Contains(text, "CategoryInfo")
}

// isOther reports whether a line is none of a table, a list or the like: a console's, or the begin of another part.
func isOther(l lines) bool {
	return isPrompt(l.trimmed) || isRule(l.trimmed) || startsJSON(l.trimmed) || beginsXML(l) || beginsMarked(l) ||
		beginsError(l)
}

// maxBlock is how many lines the block of a transcript may have, and a warning that the console wrapped.
const maxBlock = 60

// ofStatus reports whether something of a status stands in a line: then it is no console's.
func ofStatus(text string) bool {
	if strings.Contains(text, ":[") || strings.Contains(text, `","`) || strings.Contains(text, "-----BEGIN CHECK_CS") ||
		hasState(text) ||
		tellsOf(text) != "" {
		return true
	}
	if startsJSON(text) || startsXML(text) || isDashes(text) {
		return true
	}
	name, _, isProperty := property(text)
	return isProperty && columnOf(name) != fieldNone || isHeader(text)
}

// message makes a warning a note. The console may have wrapped it: then each of its lines but the last is so long that
// the first word of the next one had no room in it. Among rows only its first line is passed over: what stands below it
// may be a row.
func (r *reader) message(amongRows bool) bool {
	if !isConsoleMessage(r.trimmed) || ofStatus(r.trimmed) {
		return false
	}
	block := []string{r.line}
	l := r.lines
	for l.next(); !amongRows && len(block) < maxBlock && !l.isAtEnd() && l.trimmed != ""; l.next() {
		if _, _, ok := property(l.trimmed); ok || ofStatus(l.trimmed) || csvDelimiter(l.trimmed) != 0 ||
			isConsoleMessage(l.trimmed) || isRow(l.trimmed) || isOther(l) {
			break
		}
		block = append(block, l.line)
	}
	r.next()
	if isWrapped(block) {
		r.lines = l
	} else {
		block = block[:1]
	}
	r.b.note(strings.Join(block, " "))
	return true
}

// isRow reports whether a line looks like one of a table or of JSON, and not like prose, in which two blanks stand
// behind a sentence at most.
func isRow(text string) bool {
	at := strings.Index(text, "  ")
	return strings.Contains(text, "\t") || strings.HasPrefix(text, `"`) ||
		at > 0 && !strings.ContainsRune(".:!?", rune(text[at-1]))
}

func isWrapped(block []string) bool {
	const narrowest = 40 // characters of a line that is wrapped
	window := 0
	for _, line := range block {
		window = max(window, utf8.RuneCountInString(line))
	}
	for i, line := range block[:len(block)-1] {
		word, _, _ := strings.Cut(strings.TrimSpace(block[i+1]), " ")
		length := utf8.RuneCountInString(line)
		if length < narrowest || length+1+utf8.RuneCountInString(word) <= window {
			return false
		}
	}
	return true
}

// prompt passes over a prompt and its command. The pool that a command asks for is that of the output below it.
func (r *reader) prompt() bool {
	command, ok := command(r.trimmed)
	if !ok || beginsError(r.lines) {
		return false
	}
	r.dropGroup()
	if ofStatus(command) {
		r.lose()
		return true
	}
	if pool, asks := poolOf(command); asks || !strings.HasPrefix(r.trimmed, ">>") {
		r.pool = pool
	}
	r.next()
	return true
}

// poolOf returns the pool whose status a command asks for, where it does so once and with a literal name.
func poolOf(command string) (pool string, asks bool) {
	calls := cmdlet().FindAllStringIndex(command, 2)
	if calls == nil {
		return "", false
	}
	named := poolFqdn().FindStringSubmatch(command[calls[0][0]:])
	if named == nil || len(calls) > 1 {
		return "", true
	}
	pool = cmp.Or(named[1:]...)
	if status.IsDamaged(pool) {
		return "", true // a variable
	}
	return pool, true
}

// block passes over the block of a transcript, whose fields are translated: anything may stand there, but not a
// status. The line behind the block at its head is PowerShell's own, and names the transcript's file.
func (r *reader) block() bool {
	if !isRule(r.trimmed) {
		return false
	}
	r.dropGroup()
	l := r.lines
	for n := 0; ; n++ {
		l.next()
		if l.isAtEnd() || n == maxBlock || ofStatus(l.trimmed) || isErrorMark(l.trimmed) ||
			strings.HasPrefix(l.trimmed, "Get-Cs") || // an error of one line
			isRow(l.trimmed) && !isProperty(l.trimmed) {
			r.b.lose(r.number, "a block of a transcript begins here and does not end", adviceAgain)
			r.next()
			return true
		}
		if isRule(l.trimmed) {
			break
		}
	}
	r.lines = l
	r.next()
	own := r.trimmed
	if _, _, ok := property(own); !ok && strings.ContainsAny(own, `/\`) && !ofStatus(own) && !isPrompt(own) &&
		!beginsError(r.lines) {
		r.b.note(own)
		r.next()
	}
	return true
}

// readError takes an error up to its end. The newer view has the message in its last line.
func readError(r *reader) {
	line, last := r.number, ""
	first, _ := command(r.trimmed)
	goesOn := func(text string) bool { return text != "" && !isPrompt(text) && !isRule(text) && !ofStatus(text) }
	for r.next(); !r.isAtEnd() && goesOn(r.trimmed); r.next() {
		last = strings.TrimLeft(r.trimmed, "| ")
	}
	if strings.HasSuffix(first, ":") {
		first += " " + last
	}
	r.b.fail(first, line)
}

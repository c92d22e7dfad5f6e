// What a console adds to a status: prompts, the blocks of a transcript, warnings, errors. A line is passed over only
// where nothing of a status stands in it.

package decode

import (
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// asides begin what PowerShell says beside its output, in the languages that are known.
var asides = [...]string{
	"WARNING: ", "VERBOSE: ", "DEBUG: ", "WARNUNG: ", "AVERTISSEMENT : ", "AVERTISSEMENT: ", "AVVISO: ", "ADVERTENCIA: ",
	"AVISO: ", "警告: ", "경고: ", "ПРЕДУПРЕЖДЕНИЕ: ",
}

// maxBlock is how many lines the block of a transcript may have, and a warning that the console wrapped.
const maxBlock = 60

// ofStatus reports whether something of a status stands in a line: then it is no console's.
func ofStatus(text string) bool {
	if strings.Contains(text, ":[") || strings.Contains(text, `","`) || strings.Contains(text, "-----BEGIN CHECK_CS") || hasState(text) {
		return true
	}
	if startsJSON(text) || startsXML(text) || isDashes(text) {
		return true
	}
	name, _, isProperty := property(text)
	return isProperty && columnOf(name) != fieldNone || isHeader(text)
}

// aside makes a warning a note. The console may have wrapped it: then each of its lines but the last is so long that
// the first word of the next one had no room in it. Among rows only its first line is passed over: what stands below it
// may be a row.
func (r *reader) aside(amongRows bool) bool {
	if !isAside(r.trimmed) || ofStatus(r.trimmed) {
		return false
	}
	block := []string{r.line}
	l := r.lines
	for l.next(); !amongRows && len(block) < maxBlock && !l.isAtEnd() && l.trimmed != ""; l.next() {
		if _, _, ok := property(l.trimmed); ok || ofStatus(l.trimmed) || isAside(l.trimmed) || isPrompt(l.trimmed) || isStars(l.trimmed) || beginsError(l) {
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

// isBelowRows reports whether the line stands right below another one that no console added.
func (r *reader) isBelowRows() bool {
	above := strings.TrimRight(r.text[:max(r.start-1, 0)], blanks)
	above = above[strings.LastIndexByte(above, '\n')+1:]
	return strings.TrimSpace(above) != "" && !isPrompt(strings.TrimSpace(above)) && !isStars(strings.TrimSpace(above)) && !isAside(strings.TrimSpace(above))
}

func isAside(text string) bool {
	for _, begin := range asides {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

func isWrapped(block []string) bool {
	window := 0
	for _, line := range block {
		window = max(window, utf8.RuneCountInString(line))
	}
	for i, line := range block[:len(block)-1] {
		word, _, _ := strings.Cut(strings.TrimSpace(block[i+1]), " ")
		if utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= window {
			return false
		}
	}
	return true
}

// prompt passes over a prompt and its command: "PS C:\> …", "[host]: PS C:\> …", and ">> …" where the command goes on.
// The pool that a command asks for is that of the output below it.
func (r *reader) prompt() bool {
	command, ok := cutPrompt(r.trimmed)
	if !ok || isError(command) {
		return false
	}
	r.dropGroup()
	if ofStatus(command) {
		r.lose()
		return true
	}
	pool, asks := poolOf(command)
	if asks || !strings.HasPrefix(r.trimmed, ">>") {
		r.dropAsked()
		r.pool = pool
	}
	if shows := strings.TrimLeft(command, "(& "); asks && hasPrefixFold(shows, cmdlet) && !isSilent(shows) {
		r.asked = status.Loss{Line: r.number, What: "no status stands below the command that asks for it: " + quote(command), Advice: adviceEmpty}
	}
	r.next()
	return true
}

// isSilent reports whether a command puts what it has into a file or away, so that nothing comes of it on the screen.
func isSilent(command string) bool {
	lower := strings.ToLower(command)
	for _, into := range [...]string{">", "export-", "out-file", "out-null", "set-content", "add-content"} {
		if strings.Contains(lower, into) {
			return true
		}
	}
	return false
}

// dropAsked gives up a command whose answer did not come.
func (r *reader) dropAsked() {
	if r.asked.What != "" {
		r.b.lose("asked", r.asked)
	}
	r.asked = status.Loss{}
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

func isPrompt(text string) bool {
	_, ok := cutPrompt(text)
	return ok
}

func cutPrompt(text string) (command string, ok bool) {
	if text == ">>" || strings.HasPrefix(text, ">> ") {
		return strings.TrimSpace(text[2:]), true
	}
	if strings.HasPrefix(text, "[") {
		if _, after, found := strings.Cut(text, "]: "); found {
			text = after
		}
	}
	if !strings.HasPrefix(text, "PS>") && !strings.HasPrefix(text, "PS ") {
		return "", false
	}
	_, command, ok = strings.Cut(text, ">")
	return strings.TrimSpace(command), ok
}

const cmdlet = "get-csbackupservicestatus"

// poolOf returns the pool whose status a command asks for, where it does so once and with a literal name.
func poolOf(command string) (pool string, asks bool) {
	const parameter = "-poolfqdn"
	lower := strings.ToLower(command)
	if len(lower) != len(command) {
		return "", false // places differ
	}
	at := strings.Index(lower, cmdlet)
	if at < 0 {
		return "", false
	}
	from := strings.Index(lower[at:], parameter)
	if from < 0 || strings.Count(lower, cmdlet) > 1 {
		return "", true
	}
	value := strings.TrimLeft(command[at+from+len(parameter):], " :")
	if value != "" && (value[0] == '"' || value[0] == '\'') {
		value, _, _ = strings.Cut(value[1:], value[:1])
	} else if end := strings.IndexAny(value, " )|;}"); end >= 0 {
		value = value[:end]
	}
	if status.Damage(value) != "" {
		return "", true // a variable
	}
	return value, true
}

// isStars finds the line that PowerShell puts around the blocks of a transcript, of 22 stars.
func isStars(text string) bool { return len(text) >= 20 && strings.Trim(text, "*") == "" }

// stars passes over the block of a transcript, whose fields are translated: anything may stand there, but not a
// status. The line behind the block at its head is PowerShell's own, and names the transcript's file.
func (r *reader) stars() bool {
	if !isStars(r.trimmed) {
		return false
	}
	r.dropGroup()
	l := r.lines
	for n := 0; ; n++ {
		l.next()
		if l.isAtEnd() || n == maxBlock || ofStatus(l.trimmed) || isErrorMark(l.trimmed) {
			r.b.lose("", status.Loss{Line: r.number, What: "a block of a transcript begins here and does not end", Advice: adviceAgain})
			r.next()
			return true
		}
		if isStars(l.trimmed) {
			break
		}
	}
	r.lines = l
	r.next()
	own := r.trimmed
	if _, _, ok := property(own); !ok && strings.ContainsAny(own, `/\`) && !ofStatus(own) && !isPrompt(own) && !beginsError(r.lines) {
		r.b.note(own)
		r.next()
	}
	return true
}

// beginsError finds an error as PowerShell writes it for people, in any language: "Verb-Noun : message", the lines
// behind that, and what a transcript notes of an error that ended a command.
func beginsError(l lines) bool {
	if command, ok := cutPrompt(l.trimmed); ok {
		return isError(command)
	}
	return isError(l.trimmed)
}

func isError(text string) bool {
	head, _, ok := strings.Cut(text, ":")
	verb, noun, dash := strings.Cut(strings.TrimRight(head, " "), "-")
	return ok && dash && isCapitalised(verb) && isCapitalised(noun) || isErrorMark(text)
}

// isErrorMark finds what no line but that of an error has.
func isErrorMark(text string) bool {
	return strings.Contains(text, "TerminatingError(") || strings.Contains(text, "FullyQualifiedErrorId") || strings.Contains(text, "CategoryInfo")
}

// isCapitalised reports whether a word is letters and digits and begins with a capital, as the names of cmdlets do.
func isCapitalised(word string) bool {
	if word == "" || word[0] < 'A' || word[0] > 'Z' {
		return false
	}
	for i := range len(word) {
		if !isWordByte(word[i]) {
			return false
		}
	}
	return true
}

// readError takes an error up to its end. The newer view has the message in its last line.
func readError(r *reader) {
	line, first, last := r.number, r.trimmed, ""
	if command, ok := cutPrompt(first); ok {
		first = command
	}
	for r.next(); !r.isAtEnd() && r.trimmed != "" && !isPrompt(r.trimmed) && !isStars(r.trimmed) && !ofStatus(r.trimmed); r.next() {
		last = strings.TrimLeft(r.trimmed, "| ")
	}
	if strings.HasSuffix(first, ":") {
		first += " " + last
	}
	r.b.fail(first, line)
}

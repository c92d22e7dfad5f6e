package source

import (
	_ "embed"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// Query is what the collector is asked.
type Query struct {
	// Pools are the FQDNs to ask for; nothing documented tells a front end's own pool, so there is no default.
	Pools []string
	// Categories are the categories of modules to ask for; empty asks for all.
	Categories []string
	// Pair asks for the backup pool of each pool too.
	Pair bool
	// MasterKnown leaves out the question for the active CMS master: somebody knows it.
	MasterKnown bool
	// NoEvents leaves out the search for the Backup Service's own events, where something is not healthy.
	NoEvents bool
}

// collector is the script as people read it; it serves a scheduled task as it is.
//
//go:embed collector.ps1
var collector string

// bootstrap is the script that reads another one from standard input.
//
//go:embed bootstrap.ps1
var bootstrap string

const (
	// scriptVariable is the variable that holds the script for a PowerShell on this machine: a command line of Windows
	// has not room enough. fromEnvironment is the script that runs it.
	scriptVariable  = "CS_BACKUP_COLLECTOR"
	fromEnvironment = "& ([ScriptBlock]::Create($env:" + scriptVariable + "))"
)

// Collector returns the script ready for a scheduled task, with the query's values as defaults.
func Collector(q Query) string { return withQuery(collector, q) }

// liveScript returns the script for a run that this program starts: without comments, because there is little room,
// telling what it does, and ending itself when the time that is left is over.
func liveScript(q Query, left time.Duration) string {
	seconds := int((left + time.Second - 1) / time.Second)
	return strings.NewReplacer(
		`$Progress = $false`, `$Progress = $true`,
		`$Limit = 240`, `$Limit = `+strconv.Itoa(max(1, seconds)),
	).Replace(withQuery(stripComments(collector), q))
}

// withQuery replaces the lines of the script that hold what is asked.
func withQuery(script string, q Query) string {
	return strings.NewReplacer(
		`$PoolNames = ''`, `$PoolNames = '`+inert(q.Pools)+`'`,
		`$CategoryNames = ''`, `$CategoryNames = '`+inert(q.Categories)+`'`,
		`$WithBackup = $false`, `$WithBackup = `+literal(q.Pair),
		`$WithMaster = $true`, `$WithMaster = `+literal(!q.MasterKnown),
		`$WithEvents = $true`, `$WithEvents = `+literal(!q.NoEvents),
	).Replace(script)
}

func literal(b bool) string { return "$" + strconv.FormatBool(b) }

// inert joins names to a text that nothing ends inside single quotes of PowerShell. Besides ' it takes four more
// quotation marks for one, so only characters that are beyond doubt stand for themselves.
func inert(names []string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteByte(' ')
		}
		for _, unit := range utf16.Encode([]rune(name)) {
			if unit < utf8.RuneSelf && status.IsNameRune(rune(unit)) {
				b.WriteByte(byte(unit))
				continue
			}
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte("0123456789abcdef"[unit>>shift&0xF])
			}
		}
	}
	return b.String()
}

// stripComments drops lines that hold only a comment, empty lines and indentation. Our scripts have no other comments
// and no texts of several lines.
func stripComments(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimSpace(line)
		if line != "" && line[0] != '#' {
			b.WriteString(line)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// powerShellArguments returns the arguments that run a script: base64 of UTF-16, which no shell has to quote.
func powerShellArguments(script string) []string {
	units := utf16.Encode([]rune(script))
	data := make([]byte, 0, 2*len(units))
	for _, unit := range units {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return []string{"-NoLogo", "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass",
		"-EncodedCommand", base64.StdEncoding.EncodeToString(data)}
}

package source

import (
	_ "embed"
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Query is what the collector is asked.
type Query struct {
	// Pools are the FQDNs to ask for; nothing documented tells a front end's own pool, so there is no default.
	Pools []string
	// Categories are the categories of modules to ask for; empty asks for all.
	Categories []string
	// Pair asks for the backup pool of each pool too.
	Pair bool
}

// collector is the script as people read it; it serves a scheduled task as it is.
//
//go:embed collector.ps1
var collector string

// bootstrap is the script that reads another one from standard input, remote the one that runs the collector on another
// machine.
var (
	//go:embed bootstrap.ps1
	bootstrap string
	//go:embed remote.ps1
	remote string
)

// Collector returns the script ready for a scheduled task, with the query's values as defaults.
func Collector(q Query) string { return withQuery(collector, q, false) }

// liveScript returns the script for a run that this program starts: without comments, because a command line is short,
// and telling what it does.
func liveScript(q Query) string { return withQuery(stripComments(collector), q, true) }

// withQuery replaces the lines of the script that hold what is asked.
func withQuery(script string, q Query, progress bool) string {
	return strings.NewReplacer(
		`$PoolNames = ''`, `$PoolNames = '`+inert(q.Pools)+`'`,
		`$CategoryNames = ''`, `$CategoryNames = '`+inert(q.Categories)+`'`,
		`$WithBackup = $false`, `$WithBackup = `+literal(q.Pair),
		`$Progress = $false`, `$Progress = `+literal(progress),
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
			if isPlain(unit) {
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

// isPlain reports whether a UTF-16 unit is an ASCII letter, a digit or one of the signs that names of machines have.
func isPlain(unit uint16) bool {
	return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z' || unit >= '0' && unit <= '9' ||
		unit == '.' || unit == '-' || unit == '_'
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

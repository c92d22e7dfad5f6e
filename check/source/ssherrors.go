package source

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// sshFailed is ssh's own exit code for whatever goes wrong with the connection. It is also the one of a command on the
// other machine that was killed.
const sshFailed = 255

// A login is what ssh was asked for.
type login struct {
	host    string
	options []string
	exe     string
}

// command is the command line to try it by hand.
func (l login) command(flags ...string) string {
	words := append([]string{"ssh"}, flags...)
	for _, option := range l.options {
		if strings.ContainsAny(option, " \t'$&;|<>()*?[]~#") {
			option = `"` + option + `"`
		}
		words = append(words, "-o", option)
	}
	return strings.Join(append(words, l.host), " ")
}

// An sshAdvice is what to do about a line of OpenSSH's ssh. It looks at whole lines: the banner of a jump host looks
// alike.
type sshAdvice struct {
	line *regexp.Regexp
	// advice has COMMAND in the place of a command line to try it by hand.
	advice string
	// timedOut says that this is no fault but want of time.
	timedOut bool
}

// sshAdvices are the lines that have an advice of their own, those that say more first. A
// function and no variable: a run without ssh shall not build it.
func sshAdvices() []sshAdvice {
	said := regexp.MustCompile
	const hostKey = "compare the fingerprint of the host key and accept it, once by hand as the account of this " +
		"check: COMMAND; of one that has changed find out why first, then ssh-keygen -R takes the old one away"
	return []sshAdvice{
		{line: said(`^Host key for .* has changed|^No .* host key is known for |host key for .* is marked as revoked`),
			advice: hostKey},
		{line: said(`bad permissions$|^Bad owner or permissions on `),
			advice: "let only the account of this check read this file, and write to it"},
		{line: said(`Too many authentication failures`),
			advice: "offer one key alone: --ssh-option IdentitiesOnly=yes --ssh-option IdentityFile=PATH"},
		{line: said(`^\S.*: Permission denied \([\w,.@-]*\)\.$`),
			advice: "put this account's public key into authorized_keys there (administrators on Windows: " +
				"administrators_authorized_keys), or name a key: --ssh-option IdentityFile=PATH; a key with a " +
				"passphrase needs an agent that this account reaches (SSH_AUTH_SOCK); by hand: COMMAND"},
		{line: said(`Could not resolve hostname `),
			advice: "check the name, the name servers, and ssh's configuration of the account of this check"},
		{line: said(`^ssh: connect to host .* timed out$|^Connection timed out during banner exchange$|` +
			`^Timeout, server \S+ not responding|^Connection to \S+(?: port \d+)? timed out`), timedOut: true,
			advice: "check the network and the firewalls on the way; --ssh-option ConnectTimeout=SECONDS gives it " +
				"more time"},
		{line: said(`^ssh: connect to host \S+ port \d+: ` +
			`(?:Connection refused|No route to host|Network is unreachable|Host is down)$|` +
			`^channel \d+: open failed: `),
			advice: "see that the OpenSSH server runs there (service sshd) on this port, and that nothing on the way " +
				"blocks it"},
		{line: said(`^command-line|: Bad configuration option: |^Unsupported option |` +
			`: terminating, \d+ bad configuration options|^jumphost loop via |contains invalid characters`),
			advice: "check --hostname, --ssh-option and ssh's configuration of the account of this check"},
		// ssh says this behind a fault of a jump host, too.
		{line: said(`^Host key verification failed`), advice: hostKey},
	}
}

// sshLines are the lines of ssh's error stream that may say what went wrong: no warning, no line of a verbose run. At
// LogLevel=ERROR ssh prints no banner of the other machine.
func sshLines(stderr string) []string {
	var lines []string
	for line := range strings.Lines(powershell.StripEscapes(stderr)) {
		line = strings.TrimSpace(line)
		isNote := func(begin string) bool { return strings.HasPrefix(line, begin) }
		if line != "" && !slices.ContainsFunc([]string{"** ", "Warning: ", "debug"}, isNote) {
			lines = append(lines, line)
		}
	}
	return lines
}

// sshFault says what went wrong with ssh, or with starting PowerShell there. It reports false where PowerShell ran and
// is to blame itself.
func sshFault(p process, lines []string, l login) (status.Loss, bool) {
	if p.code == sshFailed {
		return connectionFault(p, lines, l), true
	}
	// The shells' words for a program that they do not find; cmd.exe says it in the language of the system and ends
	// with 1, or 9009, of which a byte is left.
	const notFound, notExecutable, cmdNotFound = 127, 126, 9009 & 0xFF
	said := strings.Join(lines, "\n")
	if p.code == notFound || p.code == notExecutable || p.code == cmdNotFound ||
		strings.Contains(said, "is not recognized as ") || strings.Contains(said, "CommandNotFoundException") {
		return status.Loss{
			What:   fmt.Sprintf("%s has no PowerShell that %q starts", l.host, l.exe),
			Advice: "name the one on that host with --powershell-path: powershell.exe on Windows, pwsh elsewhere",
			Err:    cause(lastOf(lines)),
		}, true
	}
	return status.Loss{}, false
}

// connectionFault is what ssh complained of, in its own words: the line that has an advice, else the last one. Where
// the collector had told a step, it had begun, and then it is not known which of the two ended.
func connectionFault(p process, lines []string, l login) status.Loss {
	loss := status.Loss{
		What:   "ssh to " + l.host + " failed",
		Advice: "run ssh by hand, as the account of this check: " + l.command("-v"),
		Err:    cause(cmp.Or(lastOf(lines), p.state)),
	}
	if p.told.step != "" {
		loss.What = "PowerShell on " + l.host + " or the connection to it ended while " + p.told.step
		loss.Advice = "see what ends processes and connections there; run the collector by hand (--print-collector), " +
			"as the account that ssh logs in with"
	}
	for _, a := range sshAdvices() {
		for _, line := range lines {
			if !a.line.MatchString(line) {
				continue
			}
			loss.Advice, loss.Err = strings.ReplaceAll(a.advice, "COMMAND", l.command()), cause(line)
			if a.timedOut {
				loss.What = cmp.Or(p.told.step, "connecting to "+l.host+" through ssh")
				loss.Err = fmt.Errorf("%w: %w", loss.Err, context.DeadlineExceeded)
			}
			return loss
		}
	}
	return loss
}

// lastOf returns the last line, or an empty one where there is none.
func lastOf(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

// cause is what a program said, as an error; nil where it said nothing.
func cause(said string) error {
	if said == "" {
		return nil
	}
	return errors.New(strings.TrimSuffix(status.Shorten(said, messageLimit), "."))
}

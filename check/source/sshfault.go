package source

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// sshFailed is ssh's own exit code for whatever goes wrong with the connection.
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

// sshFault says what went wrong with ssh, or with starting PowerShell there. It reports false where PowerShell ran and
// is to blame itself.
func sshFault(p process, log sshLog, l login) (status.Loss, bool) {
	if p.code == sshFailed && (log.ended != "" || p.told.step != "") {
		return brokenOff(p, log, l), true
	}
	if p.code == sshFailed {
		return connectionFault(p, log, l), true
	}
	// The shells' words for a program that they do not find; cmd.exe says it in the language of the system and ends
	// with 1, or 9009, of which a byte is left.
	const notFound, notExecutable, cmdNotFound = 127, 126, 9009 & 0xFF
	said := powershell.StripEscapes(strings.Join(log.lines, "\n"))
	if p.code == notFound || p.code == notExecutable || p.code == cmdNotFound ||
		strings.Contains(said, "is not recognized as ") || strings.Contains(said, "CommandNotFoundException") {
		return status.Loss{
			What:   fmt.Sprintf("%s has no PowerShell that %q starts", l.host, l.exe),
			Advice: "name the one on that host with --powershell-path: powershell.exe on Windows, pwsh elsewhere",
			Err:    cause(lastLine(log.lines)),
		}, true
	}
	return status.Loss{}, false
}

// brokenOff says how a command ended that had begun on the other machine.
func brokenOff(p process, log sshLog, l login) status.Loss {
	during := ""
	if p.told.step != "" {
		during = " while " + p.told.step
	}
	switch log.ended {
	case exitSignal:
		return status.Loss{
			What:   "PowerShell on " + l.host + " was killed" + during,
			Advice: "see what ends processes on " + l.host + ": want of memory, a limit, an administrator",
		}
	case exitStatus:
		return status.Loss{
			What:   fmt.Sprintf("PowerShell on %s ended with exit code %d%s", l.host, p.code, during),
			Advice: "run the collector by hand there (--print-collector), as the account that ssh logs in with",
			Err:    cause(powershell.FirstError(strings.Join(log.lines, "\n"), messageLimit)),
		}
	}
	loss := connectionFault(p, log, l)
	if !errors.Is(loss, context.DeadlineExceeded) {
		loss.What = "the connection to " + l.host + " broke off" + during
	}
	return loss
}

// connectionFault looks up what ssh complained of.
func connectionFault(p process, log sshLog, l login) status.Loss {
	inProxy := log.throughProxy && slices.ContainsFunc(log.lines, func(line string) bool {
		return strings.Contains(line, throughUnknown)
	})
	for _, fault := range sshFaults() {
		for _, line := range log.lines {
			match := fault.said.FindStringSubmatch(line)
			if match == nil || fault.keyWasAccepted && (log.accepted == "" || inProxy) {
				continue
			}
			fill := strings.NewReplacer("HOST", l.host, "WHO", who(match, inProxy, l), "COMMAND", tryCommand(match, inProxy, l),
				"NAME", named(match, l), "KEY", log.accepted).Replace
			loss := status.Loss{What: fill(fault.what), Advice: fill(fault.advice), Err: cause(line)}
			if fault.timedOut {
				loss.Err = fmt.Errorf("%w: %w", loss.Err, context.DeadlineExceeded)
			}
			return loss
		}
	}
	loss := status.Loss{
		What:   fmt.Sprintf("ssh to %s failed (%s)", l.host, p.state),
		Advice: "run ssh by hand, as the account of this check: " + l.command("-v"),
		Err:    cause(lastLine(log.lines)),
	}
	if inProxy { // what the other program printed may be a banner
		loss.What += " on the way through its jump host or proxy"
		loss.Err = nil
	}
	return loss
}

// named is the machine that a message names, as it names it, else the one that was asked for.
func named(match []string, l login) string {
	if len(match) > 1 && match[1] != "" {
		return match[1]
	}
	return l.host
}

// who is the machine to blame.
func who(match []string, inProxy bool, l login) string {
	switch {
	case !inProxy:
		return l.host
	case len(match) > 1 && match[1] != "":
		return "the jump host " + match[1]
	}
	return "the jump host of " + l.host
}

// tryCommand is the command line that shows the fault by hand.
func tryCommand(match []string, inProxy bool, l login) string {
	if !inProxy || len(match) < 2 || match[1] == "" {
		return l.command()
	}
	if host, port, found := strings.Cut(strings.TrimPrefix(match[1], "["), "]:"); found {
		return "ssh -p " + port + " " + host
	}
	return "ssh " + match[1]
}

// lastLine returns the last line that says anything.
func lastLine(lines []string) string {
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(powershell.StripEscapes(lines[i])); line != "" {
			return line
		}
	}
	return ""
}

// cause is what a program said, as an error; nil where it said nothing.
func cause(said string) error {
	if said == "" {
		return nil
	}
	return errors.New(strings.TrimSuffix(status.Shorten(said, messageLimit), "."))
}

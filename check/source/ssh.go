package source

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"iter"
	"os/exec"
	"strconv"
	"strings"
	"time"
	"unicode"

	"check_cs_backup/check/status"
)

const (
	// remotePowerShell is started where nothing else is named: front ends run Windows.
	remotePowerShell = "powershell.exe"
	// connectLimit is how many seconds ssh may take to connect, and less where the whole run has less.
	connectLimit = 10
)

// SSH runs the collector on another machine through the system's ssh, which brings the user's configuration, keys and
// known hosts with it. The options are passed as -o; exe names the PowerShell there, empty is Windows PowerShell.
func SSH(host string, options []string, exe string, q Query) Source {
	if exe == "" {
		exe = remotePowerShell
	}
	return func(ctx context.Context) iter.Seq[Item] {
		return func(yield func(Item) bool) {
			data, err := askThere(ctx, host, options, exe, q)
			yield(Item{Name: host, Data: string(data), Err: err})
		}
	}
}

func askThere(ctx context.Context, host string, options []string, exe string, q Query) ([]byte, error) {
	if err := checkRemote(host, exe); err != nil {
		return nil, err
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, status.Loss{What: "starting ssh", Err: err}
	}
	left := timeLeft(ctx)
	p := program{
		path: "ssh", arguments: sshArguments(host, options, remoteCommand(exe), left),
		// Nobody is there whom a window could ask.
		environment: []string{"SSH_ASKPASS_REQUIRE=never"},
		stdin:       remoteInput(q, left),
	}.run(ctx)
	if errors.Is(p.startErr, exec.ErrNotFound) {
		return nil, status.Loss{
			What:   "ssh was not found on this machine",
			Advice: "install the OpenSSH client, and see that the PATH of this check has it",
			Err:    p.startErr,
		}
	}
	if p.startErr != nil {
		return nil, status.Loss{
			What:   "ssh could not be started",
			Advice: "see that the account of this check may run ssh",
			Err:    p.startErr,
		}
	}
	lines := sshLines(string(p.told.text))
	p.told.text = []byte(strings.Join(lines, "\n"))
	if p.out.found() == nil && ctx.Err() == nil {
		if loss, known := sshFault(p, lines, login{host, options, exe}); known {
			return p.soFar(), loss
		}
	}
	return judge(ctx, p, "PowerShell on "+host, "connecting to "+host+" through ssh and starting the collector there")
}

// checkRemote refuses what ssh or the shell on the other machine would take for something else. Names of users may hold
// more than names of hosts, as CONTOSO\svc and svc@contoso.com do: ssh has no shell read them.
func checkRemote(host, exe string) error {
	if user, machine := cutUser(host); !isUser(user) || !isMachine(machine) {
		return status.Loss{
			What:   "this is no name of a host: " + strconv.Quote(host),
			Advice: "name it as ssh takes it: host, user@host, or a name from ssh's configuration",
		}
	}
	// No quotation means the same to cmd.exe, PowerShell and a POSIX shell, so nothing that needs one gets through.
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/\\:~"
	if exe[0] == '-' || strings.ContainsFunc(exe, func(r rune) bool { return !strings.ContainsRune(safe, r) }) {
		return status.Loss{
			What: "the path of the PowerShell on " + host + " has a character that a shell there may misread: " +
				strconv.Quote(exe),
			Advice: "use letters, digits, slashes and . _ - + : ~ only; for a folder with blanks its 8.3 name, such as " +
				"PROGRA~1 for Program Files",
		}
	}
	return nil
}

// cutUser cuts user@host.
func cutUser(host string) (user, machine string) {
	i := strings.LastIndexByte(host, '@')
	return host[:i+1], host[i+1:]
}

// isUser takes a name with the @ behind it, or none.
func isUser(name string) bool {
	return name != "@" && !strings.HasPrefix(name, "-") && !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || strings.ContainsRune("'`\";&<>|(){}", r)
	})
}

// isMachine takes nothing that a shell could run: ssh hands the name on to a ProxyCommand.
func isMachine(name string) bool {
	return name != "" && name[0] != '-' && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_:", r)
	})
}

// sshArguments returns the arguments of ssh. It takes the first value that it is given for an option, so the user's
// come first.
func sshArguments(host string, options []string, command string, left time.Duration) []string {
	connect := max(1, min(connectLimit, int(left/time.Second)-1))
	arguments := []string{"-T"}
	for _, option := range options {
		arguments = append(arguments, "-o", option)
	}
	for _, option := range []string{
		"BatchMode=yes",
		"StrictHostKeyChecking=yes",
		"ConnectTimeout=" + strconv.Itoa(connect),
		// What is left at this level are faults: no banner, no warning.
		"LogLevel=ERROR",
		// A connection that is shared may be one that hangs, and one that is kept is a process that is left behind.
		"ControlPath=none",
		// The user's configuration may want these for a person's session; an older ssh does not know the last three.
		"RemoteCommand=none",
		"ClearAllForwardings=yes",
		"IgnoreUnknown=StdinNull,ForkAfterAuthentication,SessionType,UseKeychain",
		"StdinNull=no",
		"ForkAfterAuthentication=no",
		"SessionType=default",
	} {
		arguments = append(arguments, "-o", option)
	}
	return append(arguments, "--", host, command)
}

// remoteCommand returns the command line for the other machine: one that cmd.exe, PowerShell and a POSIX shell read
// alike, and short enough for each. The rest comes on standard input.
func remoteCommand(exe string) string {
	return exe + " " + strings.Join(powerShellArguments(strings.TrimSpace(stripComments(bootstrap))), " ")
}

// remoteInput returns what the bootstrap reads: the collector, which ends itself when the time that is left is over,
// for on the other machine it outlives ssh.
func remoteInput(q Query, left time.Duration) io.Reader {
	return strings.NewReader(base64.StdEncoding.EncodeToString([]byte(liveScript(q, left))) + "\n")
}

package source

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
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
			yield(Item{Name: host, Data: data, Err: err})
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
	left := time.Duration(-1)
	if deadline, ok := ctx.Deadline(); ok {
		left = time.Until(deadline)
	}
	arguments := sshArguments(host, options, remoteCommand(exe), left)
	p := run(ctx, "ssh", arguments, remoteInput(q, left), Limit)
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
	if p.out.found() == nil && ctx.Err() == nil {
		if loss, known := sshFault(p, host, exe); known {
			return nil, loss
		}
	}
	return judge(ctx, p, "PowerShell on "+host, "waiting for the collector on "+host)
}

// checkRemote refuses what ssh or the shell on the other machine would take for something else.
func checkRemote(host, exe string) error {
	name := host[strings.LastIndexByte(host, '@')+1:] // a user's name may hold a blank
	if host == "" || host[0] == '-' || strings.Contains(name, " ") || strings.ContainsFunc(host, unicode.IsControl) {
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

// sshArguments returns the arguments of ssh. It takes the first value that it is given for an option, so the user's
// come first.
func sshArguments(host string, options []string, command string, left time.Duration) []string {
	connect := connectLimit
	if left >= 0 {
		connect = max(1, min(connect, int(left/time.Second)-1))
	}
	arguments := []string{"-T"}
	for _, option := range options {
		arguments = append(arguments, "-o", option)
	}
	for _, option := range []string{
		"BatchMode=yes",
		"StrictHostKeyChecking=yes",
		"ConnectTimeout=" + strconv.Itoa(connect),
		// The faults are read from what ssh says.
		"LogLevel=INFO",
		// A connection that is kept for the next run is a process that is left behind.
		"ControlMaster=no",
		// The user's configuration may want these for a person's session.
		"RemoteCommand=none",
		"ClearAllForwardings=yes",
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

// remoteInput returns what the bootstrap reads: the collector, in a script that ends itself when what is left of the
// time is over, for on the other machine it outlives ssh.
func remoteInput(q Query, left time.Duration) io.Reader {
	milliseconds := int64(-1)
	if left >= 0 {
		milliseconds = min(left.Milliseconds(), math.MaxInt32)
	}
	script := strings.NewReplacer(
		`$limit = -1`, fmt.Sprintf("$limit = %d", milliseconds),
		`$encoded = ''`, `$encoded = '`+base64.StdEncoding.EncodeToString([]byte(liveScript(q)))+`'`,
	).Replace(stripComments(remote))
	return strings.NewReader(base64.StdEncoding.EncodeToString([]byte(script)) + "\n")
}

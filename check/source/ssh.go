package source

import (
	"cmp"
	"context"
	"encoding/base64"
	"io"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// connectLimit is how many seconds ssh may take to connect, and less where the whole run has less.
const connectLimit = 10

// SSH runs the collector on another machine through the system's ssh, which brings the user's configuration, keys and
// known hosts with it. The host, or user@host, holds nothing that a shell could run: ssh hands it on to a ProxyCommand.
// The options are passed as -o; exe names the PowerShell there, empty is Windows PowerShell: front ends run Windows.
func SSH(host string, options []string, exe string, q Query) Source {
	exe = cmp.Or(exe, "powershell.exe")
	return live(host, func(ctx context.Context, left time.Duration) (string, error) {
		if err := checkRemote(host, exe); err != nil {
			return "", err
		}
		p := program{
			path: "ssh", arguments: sshArguments(host, options, remoteCommand(exe), left),
			// Nobody is there whom a window could ask.
			environment: []string{"SSH_ASKPASS_REQUIRE=never"},
			stdin:       remoteInput(q, left),
		}.run(ctx)
		if p.startErr != nil {
			const install = "install the OpenSSH client, and see that the PATH of this check has it"
			return "", startLoss("ssh", p.startErr, install)
		}
		lines := sshLines(string(p.told.text))
		p.told.text = []byte(strings.Join(lines, "\n"))
		if p.out.document == "" && ctx.Err() == nil {
			if loss, known := sshFault(p, lines, login{host, options, exe}); known {
				return p.told.part, loss
			}
		}
		phase := "connecting to " + host + " through ssh and starting the collector there"
		return documentOf(ctx, p, "PowerShell on "+host, phase)
	})
}

// checkRemote refuses a path that a shell on the other machine would take for something else. No quotation means the
// same to cmd.exe, PowerShell and a POSIX shell, so nothing that needs one gets through.
func checkRemote(host, exe string) error {
	const safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+/\\:~"
	if exe[0] != '-' && strings.Trim(exe, safe) == "" {
		return nil
	}
	return status.Loss{
		What: "the path of the PowerShell on " + host + " has a character that a shell there may misread: " +
			status.Quote(exe),
		Advice: "use letters, digits, slashes and . _ - + : ~ only; for a folder with blanks its 8.3 name, such as " +
			"PROGRA~1 for Program Files",
	}
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

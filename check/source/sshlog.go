package source

import "strings"

// An sshLog is what OpenSSH's ssh printed at LogLevel DEBUG1: how far it came, and what it complained of.
type sshLog struct {
	// lines are what is neither told for debugging, nor a banner of the other machine, nor a warning: complaints of ssh,
	// and what the command on the other machine printed.
	lines []string
	// throughProxy says that ssh goes by another program: a jump host's ssh, or a ProxyCommand.
	throughProxy bool
	// connected, loggedIn and started say how far it came: to the other machine, past its login, to the command there.
	connected, loggedIn, started bool
	// ended is how the command there ended: exitStatus, exitSignal, or empty where that was not told.
	ended string
	// accepted is a key that the other machine would take. It is no use when the login failed all the same.
	accepted string
}

// How ssh says that the command on the other machine ended: by itself, or by a signal.
const (
	exitStatus = "exit-status"
	exitSignal = "exit-signal"
)

// readSSHLog takes the error stream of ssh apart. Where the user has set another LogLevel it tells less.
func readSSHLog(stderr string) sshLog {
	const debug = "debug1: "
	var log sshLog
	banner := false
	for line := range strings.Lines(stderr) {
		line = strings.TrimRight(line, "\r\n")
		if told, ok := strings.CutPrefix(line, debug); ok {
			// A banner comes as the first answer to the login.
			banner = strings.HasPrefix(told, "SSH2_MSG_SERVICE_ACCEPT received")
			log.debug(told)
			continue
		}
		if !banner && !isSSHWarning(line) {
			log.lines = append(log.lines, line)
		}
	}
	return log
}

// debug takes what ssh tells of its way.
func (l *sshLog) debug(told string) {
	switch {
	case strings.HasPrefix(told, "Executing proxy command"), strings.HasPrefix(told, "Setting implicit ProxyCommand"):
		l.throughProxy = true
	case strings.HasPrefix(told, "Connection established"), strings.HasPrefix(told, "Remote protocol version"):
		l.connected = true
	case strings.HasPrefix(told, "Server accepts key: "):
		l.accepted = keyOf(strings.TrimPrefix(told, "Server accepts key: "))
	case strings.HasPrefix(told, "Entering interactive session"):
		l.loggedIn = true
	case strings.HasPrefix(told, "Sending command"):
		l.loggedIn, l.started = true, true
	case strings.Contains(told, "rtype "+exitStatus):
		l.ended = exitStatus
	case strings.Contains(told, "rtype "+exitSignal):
		l.ended = exitSignal
	}
}

// keyOf takes the name of a key out of "NAME TYPE FINGERPRINT MORE".
func keyOf(told string) string {
	if i := strings.Index(told, " SHA256:"); i >= 0 {
		told = told[:i]
		if i := strings.LastIndexByte(told, ' '); i >= 0 {
			return told[:i]
		}
	}
	return told
}

// isSSHWarning reports whether a line is one of ssh's own that is no fault: those of the key exchange begin with **,
// those of verbose runs are told as they go well.
func isSSHWarning(line string) bool {
	for _, prefix := range []string{
		"** ", "Warning: Permanently added ", "Authenticated to ", "Transferred: ", "Bytes per second: ",
	} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// phase says what a run is in the middle of that has told no step.
func (l sshLog) phase(host string) string {
	switch {
	case l.started:
		return "waiting for the collector on " + host
	case l.connected:
		return "logging in to " + host + " through ssh"
	case l.throughProxy:
		return "connecting to " + host + " through its jump host"
	}
	return "connecting to " + host + " through ssh"
}

package source

import (
	"errors"
	"fmt"
	"strings"

	"check_cs_backup/check/status"
)

// sshFailed is ssh's own exit code for whatever goes wrong with the connection.
const sshFailed = 255

// sshFault says what ssh complained of. It reports false where the fault is not ssh's: then the command on the other
// machine ran.
func sshFault(p process, host, exe string) (status.Loss, bool) {
	said := plain(p.stderr)
	cause := error(nil)
	if last := strings.TrimSuffix(lastLine(said), "."); last != "" {
		cause = errors.New(last)
	}
	if p.code == sshFailed {
		for _, fault := range sshFaults() {
			if containsAny(said, fault.texts) {
				return status.Loss{
					What:   strings.ReplaceAll(fault.what, "HOST", host),
					Advice: strings.ReplaceAll(fault.advice, "HOST", host),
					Err:    cause,
				}, true
			}
		}
		return status.Loss{
			What:   fmt.Sprintf("ssh to %s failed (%s)", host, p.state),
			Advice: "run ssh by hand, as the account of this check: ssh -v " + host,
			Err:    cause,
		}, true
	}
	// The shells' words for a program that they do not find; cmd.exe says it in the language of the system and ends
	// with 1, or 9009, of which a byte is left.
	const notFound, notExecutable, cmdNotFound = 127, 126, 9009 & 0xFF
	if p.code == notFound || p.code == notExecutable || p.code == cmdNotFound ||
		containsAny(said, []string{"is not recognized as ", "CommandNotFoundException"}) {
		return status.Loss{
			What:   fmt.Sprintf("%s has no PowerShell that %q starts", host, exe),
			Advice: "name the one on that host with --powershell-path: powershell.exe on Windows, pwsh elsewhere",
			Err:    cause,
		}, true
	}
	return status.Loss{}, false
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// sshFaults returns what OpenSSH's ssh says, the more exact first, and what to do. HOST stands for the host. A function
// and no variable: a program that never calls ssh shall not build it.
func sshFaults() []struct {
	texts        []string
	what, advice string
} {
	return []struct {
		texts        []string
		what, advice string
	}{
		{
			[]string{"REMOTE HOST IDENTIFICATION HAS CHANGED", "Host key for "},
			"the host key of HOST has changed: another machine may answer in its name",
			"find out why; when the new key is right, remove the old one with ssh-keygen -R and accept the new one, as the account of this check",
		},
		{
			[]string{"REVOKED HOST KEY", "is marked as revoked"},
			"the host key of HOST is marked as revoked",
			"give HOST a new host key, and put it into known_hosts of the account of this check",
		},
		{
			[]string{"host key is known for", "Host key verification failed", "key fingerprint is"},
			"the host key of HOST is not known here",
			"compare its fingerprint and accept it: run ssh HOST once by hand, as the account of this check",
		},
		{
			[]string{"UNPROTECTED PRIVATE KEY FILE", "bad permissions"},
			"ssh takes no private key that others may read",
			"let only the account of this check read the key file",
		},
		{
			[]string{"Permission denied (", "Too many authentication failures", "No more authentication methods"},
			"HOST accepted no key of this account",
			"put the public key of the account of this check into authorized_keys on HOST (for administrators on Windows: administrators_authorized_keys), or name a key with --ssh-option IdentityFile=PATH",
		},
		{
			[]string{"Could not resolve hostname"},
			"the name HOST was not found",
			"check the name, the name servers, and ssh's configuration of the account of this check",
		},
		{
			[]string{"Connection refused"},
			"HOST refused the connection",
			"see that the OpenSSH server runs there (service sshd), on this port",
		},
		{
			[]string{"timed out", "Timeout, server"},
			"HOST did not answer ssh in time",
			"check the network and the firewalls on the way; --ssh-option ConnectTimeout=SECONDS gives it more time",
		},
		{
			[]string{"No route to host", "Network is unreachable", "Host is down"},
			"there is no way through the network to HOST",
			"check the network and the firewalls on the way",
		},
		{
			[]string{"Unable to negotiate"},
			"ssh and HOST have no algorithm in common",
			"update the older one, or allow what it has with --ssh-option",
		},
		{
			[]string{"Bad configuration option", "command-line", "Unsupported option"},
			"ssh does not take one of its options",
			"check --ssh-option and ssh's configuration of the account of this check",
		},
		{
			[]string{"Connection closed by", "Connection reset by", "closed by remote host", "Broken pipe"},
			"HOST closed the connection",
			"look into the log of the OpenSSH server on HOST",
		},
	}
}

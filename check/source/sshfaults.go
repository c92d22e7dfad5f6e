package source

import "regexp"

// throughUnknown is how ssh names the other end where another program brings it there: then the fault may be that
// one's.
const throughUnknown = "UNKNOWN port 65535"

// An sshFaultText is what OpenSSH's ssh says of a fault, as a whole line where it can be (banners look alike), and what
// that means. In the texts stand WHO for the machine to blame, NAME for it as ssh names it (the first group of said, if
// there is one), HOST for the one that was asked for, COMMAND for a command line to try it by hand, KEY for the key
// that was accepted.
type sshFaultText struct {
	said         *regexp.Regexp
	what, advice string
	// timedOut says that this is no fault but want of time: then what is the phase.
	timedOut bool
	// keyWasAccepted says that it is this fault only where the other machine would have taken a key.
	keyWasAccepted bool
}

// sshFaults returns the faults, the more exact first. A function and no variable: a run without ssh shall not build it.
func sshFaults() []sshFaultText {
	const network = "check the network and the firewalls on the way"
	said := regexp.MustCompile
	return []sshFaultText{
		{
			said: said(`^Host key for (\S+) has changed and you have requested strict checking\.$`),
			what: "the host key of WHO has changed: another machine may answer in its name",
			advice: "find out why; when the new key is right, then as the account of this check: ssh-keygen -R NAME, and " +
				"accept the new one: COMMAND",
		},
		{
			said:   said(`^The \S+ host key for (\S+) is marked as revoked\.$`),
			what:   "the host key of WHO is marked as revoked",
			advice: "give WHO a new host key, and put it into known_hosts of the account of this check",
		},
		{
			said:   said(`^No \S+ host key is known for (\S+) and you have requested strict checking\.$`),
			what:   "the host key of WHO is not known here",
			advice: "compare its fingerprint and accept it, once by hand as the account of this check: COMMAND",
		},
		{
			said:   said(`^Load key ".*": bad permissions$`),
			what:   "ssh takes no private key that others may read",
			advice: "let only the account of this check read the key file",
		},
		{
			said:   said(`^no such identity: .*: No such file or directory$`),
			what:   "the key that ssh is told to use does not exist",
			advice: "name one that does with --ssh-option IdentityFile=PATH",
		},
		{
			said: said(`^(?:.*@)?(\S+): Permission denied \([\w,.@-]*\)\.$`),
			what: "WHO accepts the key KEY, but it could not be used: it has a passphrase, or its agent refuses",
			advice: "nobody can type a passphrase here: use a key without one, for this check alone, or an agent that the " +
				"account of this check reaches (SSH_AUTH_SOCK)",
			keyWasAccepted: true,
		},
		{
			said:   said(`Too many authentication failures`),
			what:   "HOST ended the login after too many keys that it does not accept",
			advice: "offer one key alone: --ssh-option IdentitiesOnly=yes --ssh-option IdentityFile=PATH",
		},
		{
			said: said(`^(?:.*@)?(\S+): Permission denied \([\w,.@-]*\)\.$`),
			what: "WHO accepted no key of this account",
			advice: "put this account's public key into authorized_keys on WHO (administrators on Windows: " +
				"administrators_authorized_keys), or name a key: --ssh-option IdentityFile=PATH; by hand: COMMAND",
		},
		{
			said:   said(`^(?:ssh: )?Could not resolve hostname (\S+): `),
			what:   "the name NAME was not found",
			advice: "check the name, the name servers, and ssh's configuration of the account of this check",
		},
		{
			said:     said(`^ssh: connect to host (\S+) port \d+: (?:Connection|Operation) timed out$`),
			what:     "connecting to WHO through ssh",
			advice:   network + "; --ssh-option ConnectTimeout=SECONDS gives it more time",
			timedOut: true,
		},
		{
			said:     said(`^Connection timed out during banner exchange$`),
			what:     "connecting to WHO through ssh",
			advice:   "something answers there, but not as an ssh server: see the service sshd, and " + network,
			timedOut: true,
		},
		{
			said:     said(`^(?:Timeout, server (\S+) not responding\.$|Connection to (?:\S+)(?: port \d+)? timed out)\.?$`),
			what:     "waiting for WHO, which stopped answering",
			advice:   network,
			timedOut: true,
		},
		{
			said:   said(`^ssh: connect to host (\S+) port \d+: Connection refused$`),
			what:   "WHO refused the connection",
			advice: "see that the OpenSSH server runs there (service sshd), on this port",
		},
		{
			said:   said(`^ssh: connect to host (\S+) port \d+: (?:No route to host|Network is unreachable|Host is down)$`),
			what:   "there is no way through the network to WHO",
			advice: network,
		},
		{
			said:   said(`^channel \d+: open failed: `),
			what:   "the jump host could not reach HOST",
			advice: "see that the OpenSSH server runs on HOST (service sshd), and that the jump host reaches it and finds its name",
		},
		{
			said:   said(`^Unable to negotiate with `),
			what:   "ssh and WHO have no algorithm in common",
			advice: "update the older one, or allow what it has with --ssh-option",
		},
		{
			said: said(`^command-line(?::)? line \d+: |: Bad configuration option: |^Unsupported option |` +
				`: terminating, \d+ bad configuration options|^jumphost loop via `),
			what:   "ssh does not take one of its options",
			advice: "check --ssh-option and ssh's configuration of the account of this check",
		},
		{
			said:   said(`^Bad owner or permissions on `),
			what:   "ssh does not take its configuration file, because others may write to it",
			advice: "let only the account of this check write to it",
		},
		{
			said:   said(`^(?:remote username|hostname) contains invalid characters`),
			what:   "ssh does not take this name of a host or a user",
			advice: "check --hostname",
		},
		// What follows is said behind a more exact word, too.
		{
			said:   said(`^Host key verification failed\.$`),
			what:   "the host key of WHO could not be verified",
			advice: "compare its fingerprint and accept it, once by hand as the account of this check: COMMAND",
		},
		{
			said:   said(`^Connection closed by UNKNOWN port `),
			what:   "the connection was closed on the way to HOST: by its jump host, its proxy, or HOST itself",
			advice: "by hand, as the account of this check: COMMAND",
		},
		{
			said: said(`^Connection (?:closed|reset) by \S+ port \d+|: Connection (?:closed|reset) by (?:remote host|peer)$|` +
				`^Connection to \S+ closed by remote host\.$|: Broken pipe$`),
			what:   "HOST closed the connection",
			advice: "look into the log of the OpenSSH server on HOST",
		},
	}
}

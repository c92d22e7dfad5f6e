package source

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A server is a real sshd on the loopback address, with keys made for one test.
type server struct {
	folder string
	port   int
	// asUser are the options with which the test's account logs in well.
	asUser []string
	// log is what sshd said.
	log string
}

// startServer starts sshd. The settings are lines of its configuration.
func startServer(t testing.TB, settings ...string) server {
	t.Helper()
	if testing.Short() {
		t.Skip("takes seconds: sshd")
	}
	if runtime.GOOS == "windows" {
		t.Skip("sshd is tried on Unix")
	}
	for _, name := range []string{"ssh", "ssh-keygen"} {
		if _, err := exec.LookPath(name); err != nil {
			absent(t, "no OpenSSH client: "+err.Error())
		}
	}
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		if sshd, err = exec.LookPath("/usr/sbin/sshd"); err != nil {
			absent(t, "no OpenSSH server: "+err.Error())
		}
	}
	if os.Getuid() == 0 {
		// Debian's sshd wants this folder, which its service makes.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := server{folder: tempDir(t), port: freePort(t)}
	for _, key := range []string{"host", "user", "other"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", s.path(key)).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "a passphrase", "-f",
		s.path("locked")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	locked, _ := os.ReadFile(s.path("locked.pub"))
	unlocked, _ := os.ReadFile(s.path("user.pub"))
	s.write(t, "authorized_keys", string(unlocked)+string(locked))
	s.copy(t, "user", "open", "")
	if err := os.Chmod(s.path("open"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.copy(t, "host.pub", "known_hosts", fmt.Sprintf("[127.0.0.1]:%d ", s.port))
	s.copy(t, "other.pub", "changed_hosts", fmt.Sprintf("[127.0.0.1]:%d ", s.port))
	s.copy(t, "host.pub", "revoked_hosts", fmt.Sprintf("@revoked [127.0.0.1]:%d ", s.port))
	s.write(t, "no_hosts", "")
	s.write(t, "config", strings.Join(append([]string{
		"ListenAddress 127.0.0.1:" + strconv.Itoa(s.port), "HostKey " + s.path("host"), "AuthorizedKeysFile " + s.path("authorized_keys"),
		"PidFile none", "StrictModes no", "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no",
	}, settings...), "\n")+"\n")
	s.log = s.path("log")
	// In the foreground, so that it is our child; its connections end with their clients.
	cmd := exec.Command(sshd, "-D", "-f", s.path("config"), "-E", s.log)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if text, _ := os.ReadFile(s.log); t.Failed() {
			t.Logf("sshd: %s", text)
		}
	})
	for start := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)))
		if err == nil {
			c.Close()
			break
		}
		if time.Since(start) > 10*time.Second {
			text, _ := os.ReadFile(s.log)
			t.Fatalf("%v: %s", err, text)
		}
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	s.asUser = []string{"Port=" + strconv.Itoa(s.port), "User=" + me.Username, "IdentityFile=" + s.path("user"), "IdentitiesOnly=yes",
		"UserKnownHostsFile=" + s.path("known_hosts"), "GlobalKnownHostsFile=/dev/null"}
	return s
}

func (s server) path(name string) string { return filepath.Join(s.folder, name) }

func (s server) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// script makes a program that ssh can start as a PowerShell.
func (s server) script(t testing.TB, name, text string) {
	t.Helper()
	s.write(t, name, "#!/bin/sh\n"+text+"\n")
	if err := os.Chmod(s.path(name), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (s server) copy(t testing.TB, from, to, prefix string) {
	t.Helper()
	text, err := os.ReadFile(s.path(from))
	if err != nil {
		t.Fatal(err)
	}
	s.write(t, to, prefix+string(text))
}

// with returns options of which the first win.
func (s server) with(options ...string) []string { return append(options, s.asUser...) }

// withKey returns the options with another private key; ssh tries all that it is given.
func (s server) withKey(name string) []string {
	var options []string
	for _, option := range s.asUser {
		if strings.HasPrefix(option, "IdentityFile=") {
			option = "IdentityFile=" + s.path(name)
		}
		options = append(options, option)
	}
	return options
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// remoteModule are the settings of an sshd whose PowerShell finds the made-up module.
func remoteModule(t testing.TB, more string) string {
	t.Helper()
	withModule(t)
	return "SetEnv PSModulePath=" + os.Getenv("PSModulePath") + " FAKE_CS_DLL=" + os.Getenv("FAKE_CS_DLL") + more
}

func TestSSHAsksAndNamesTheHost(t *testing.T) {
	s := startServer(t, remoteModule(t, ""))
	pools := append([]string{"healthy.contoso.com", "throwing.contoso.com", "quotes.contoso.com", "many.contoso.com",
		"chatter.contoso.com"}, hostile...)
	item := ask(t, patience, SSH("127.0.0.1", s.asUser, pwsh(t), Query{Pools: pools}))
	if item.Err != nil {
		t.Fatal(item.Err)
	}
	d := read(t, []byte(item.Data))
	if item.Name != "127.0.0.1" || len(d.Pools) != len(pools) {
		t.Fatalf("%q, %d pools", item.Name, len(d.Pools))
	}
	for i, want := range []int{3, 0, 2, 5000, 3} {
		if len(d.Pools[i].Modules) != want || (d.Pools[i].Error == "") != (want > 0) {
			t.Errorf("%s: %d modules, error %q", d.Pools[i].PoolFqdn, len(d.Pools[i].Modules), d.Pools[i].Error)
		}
	}
	for i, name := range pools {
		if d.Pools[i].PoolFqdn != name {
			t.Errorf("%q, want %q", d.Pools[i].PoolFqdn, name)
		}
	}
	if identity := d.Pools[2].Modules[1].Identity; identity != "Müdul € 😀" {
		t.Error(identity)
	}
}

// OpenSSH on Windows can have PowerShell as its shell: that one gets the command line and the input first.
func TestSSHWhereTheShellIsPowerShell(t *testing.T) {
	exe := pwsh(t)
	s := startServer(t, remoteModule(t, ""), "ForceCommand exec "+exe+` -NoLogo -NoProfile -c "$SSH_ORIGINAL_COMMAND"`)
	d := askWell(t, SSH("127.0.0.1", s.asUser, exe, Query{Pools: []string{"healthy.contoso.com"}}))
	if len(d.Pools[0].Modules) != 3 {
		t.Errorf("%+v", d)
	}
	item := ask(t, patience, SSH("127.0.0.1", s.asUser, "no-such-powershell", Query{Pools: []string{"a"}}))
	wantLoss(t, item.Err, `127.0.0.1 has no PowerShell that "no-such-powershell" starts`)
}

func TestSSHThatHangsEndsHereAndThere(t *testing.T) {
	folder := tempDir(t)
	processes, asked := filepath.Join(folder, "pids"), filepath.Join(folder, "asked")
	s := startServer(t, remoteModule(t, " FAKE_CS_PID="+processes+" FAKE_CS_ASKED="+asked))
	query := Query{Pools: []string{"single.contoso.com", "hang.contoso.com"}}
	// On a busy machine a short time is over before anything is asked.
	timeout := 10 * time.Second
	for ; ; timeout *= 2 {
		start := time.Now()
		item := ask(t, timeout, SSH("127.0.0.1", s.asUser, pwsh(t), query))
		if took := time.Since(start); took > timeout+atOnce {
			t.Errorf("took %v", took)
		}
		if !errors.Is(item.Err, context.DeadlineExceeded) {
			t.Fatal(item.Err)
		}
		if holds(asked, "hang.contoso.com")() {
			wantLoss(t, item.Err, "asking for pool hang.contoso.com: context deadline exceeded")
			if names := parse(t, []byte(item.Data)).names(); len(names) != 1 || names[0] != "single.contoso.com" {
				t.Errorf("%q", names)
			}
			break
		}
		if timeout > patience {
			t.Fatalf("nothing was asked within %v", timeout)
		}
	}
	// The PowerShell behind sshd ends itself: it was given as much time as was left, counted from its own start.
	ids := pids(t, processes)
	for end := time.Now().Add(timeout + atOnce); slices.ContainsFunc(ids, alive); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("of the processes %v one is left", ids)
		}
	}
}

func TestSSHFaults(t *testing.T) {
	banner := "Authorised use only.\nPermission denied (to all others).\nHost key verification failed.\nConnection timed out\nssh: " +
		"connect to host x port 1: Connection refused is what you may see\n"
	s := startServer(t, "Banner "+filepath.Join(bannerFolder(t, banner), "banner"), "MaxAuthTries 4")
	query := Query{Pools: []string{"pool01.contoso.com"}}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	closing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closing.Close() })
	go func() {
		for {
			c, err := closing.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	s.script(t, "killed", "kill -9 $$")
	s.script(t, "killed_in_a_step", "echo '"+strings.TrimSpace(told(stepMarker, "asking for pool a"))+"' >&2; kill -9 $$")
	s.script(t, "exit255", "echo '"+strings.TrimSpace(told(stepMarker, "asking for pool a"))+"' >&2; echo it broke >&2; exit 255")
	// By way of another ssh to the same server, as ProxyJump does it, but with options.
	jump := func(options string) string {
		return "ProxyCommand=ssh -F none -p " + strconv.Itoa(s.port) +
			" -o IdentitiesOnly=yes -o BatchMode=yes -o GlobalKnownHostsFile=/dev/null " +
			"-o StrictHostKeyChecking=yes " + options + " -W [%h]:%p 127.0.0.1"
	}
	good := "-i " + s.path("user") + " -o UserKnownHostsFile=" + s.path("known_hosts")
	port := func(l net.Listener) string { return "Port=" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }
	for _, c := range []struct {
		name, host string
		options    []string
		exe        string
		says       string
		advice     string
		timedOut   bool
		part       string
	}{
		{name: "unknown host key", options: s.with("UserKnownHostsFile=" + s.path("no_hosts")),
			says:   "ssh to 127.0.0.1 failed: No ED25519 host key is known for [127.0.0.1]:",
			advice: "ssh -o UserKnownHostsFile=" + s.path("no_hosts") + " -o Port="},
		{name: "changed host key", options: s.with("UserKnownHostsFile=" + s.path("changed_hosts")),
			says: "Host key for [127.0.0.1]:" + strconv.Itoa(s.port) + " has changed", advice: "ssh-keygen -R"},
		{name: "revoked host key", options: s.with("UserKnownHostsFile=" + s.path("revoked_hosts")),
			says: "is marked as revoked", advice: "fingerprint"},
		{name: "no key is accepted", options: s.withKey("other"),
			says: "@127.0.0.1: Permission denied (publickey)", advice: "authorized_keys"},
		{name: "a key that is not there", options: s.withKey("absent"),
			says: "@127.0.0.1: Permission denied (publickey)", advice: "IdentityFile"},
		{name: "a key with a passphrase", options: s.withKey("locked"),
			says: "@127.0.0.1: Permission denied (publickey)", advice: "SSH_AUTH_SOCK"},
		{name: "a key with open permissions", options: s.withKey("open"),
			says: "bad permissions", advice: "let only the account"},
		{name: "refused", options: s.with("Port=" + strconv.Itoa(freePort(t))),
			says: "ssh to 127.0.0.1 failed: ssh: connect to host 127.0.0.1 port", advice: "OpenSSH server"},
		{name: "name not found", host: "no-such-host.invalid", options: s.asUser,
			says: "ssh to no-such-host.invalid failed: ssh: Could not resolve hostname no-such-host.invalid", advice: "name servers"},
		{name: "no answer", options: s.with(port(silent), "ConnectTimeout=2"), timedOut: true,
			says: "connecting to 127.0.0.1 through ssh: Connection timed out during banner exchange", advice: "firewalls"},
		{name: "closed", options: s.with(port(closing)),
			says: "ssh to 127.0.0.1 failed: kex_exchange_identification: ", advice: "ssh -v -o Port="},
		{name: "no algorithm in common", options: s.with("HostKeyAlgorithms=ssh-rsa"),
			says: "ssh to 127.0.0.1 failed: exit status 255", advice: "ssh -v -o HostKeyAlgorithms=ssh-rsa"},
		{name: "an option that ssh does not have", options: s.with("NoSuchOption=1"),
			says: "Bad configuration option: nosuchoption", advice: "--ssh-option"},
		{name: "an option with a wrong value", options: s.with("Port=abc"),
			says: "ssh to 127.0.0.1 failed: command-line line 0: Bad port 'abc'", advice: "--ssh-option"},
		{name: "no PowerShell there", options: s.asUser, exe: "no-such-powershell",
			says: `127.0.0.1 has no PowerShell that "no-such-powershell" starts`, advice: "--powershell-path"},
		{name: "no PowerShell there by default", options: s.asUser,
			says: `127.0.0.1 has no PowerShell that "powershell.exe" starts`, advice: "pwsh elsewhere"},
		{name: "a PowerShell that is killed", options: s.asUser, exe: s.path("killed"),
			says: "ssh to 127.0.0.1 failed: exit status 255", advice: "by hand"},
		{name: "a PowerShell that is killed in a step", options: s.asUser, exe: s.path("killed_in_a_step"),
			says: "PowerShell on 127.0.0.1 or the connection to it ended while asking for pool a", advice: "what ends processes"},
		{name: "exit code 255 of PowerShell", options: s.asUser, exe: s.path("exit255"),
			says: "PowerShell on 127.0.0.1 or the connection to it ended while asking for pool a: it broke", advice: "by hand"},

		{name: "jump host that refuses", host: "localhost", options: s.with("ProxyJump=127.0.0.1:" + strconv.Itoa(freePort(t))),
			says: "ssh to localhost failed: ssh: connect to host 127.0.0.1 port", advice: "OpenSSH server"},
		{name: "jump host whose name is not found", options: s.with("ProxyJump=no-such-jump.invalid"),
			says: "Could not resolve hostname no-such-jump.invalid", advice: "name servers"},
		{name: "jump host that takes no key", options: s.with(jump("-i " + s.path("other") + " -o UserKnownHostsFile=" +
			s.path("known_hosts"))),
			says: "@127.0.0.1: Permission denied (publickey)", advice: "authorized_keys"},
		{name: "jump host with an unknown key", options: s.with(jump("-o UserKnownHostsFile=" + s.path("no_hosts"))),
			says: fmt.Sprintf("No ED25519 host key is known for [127.0.0.1]:%d", s.port), advice: "fingerprint"},
		{name: "jump host that does not answer", options: s.with("ProxyCommand=sleep 60", "ConnectTimeout=2"), timedOut: true,
			says: "connecting to 127.0.0.1 through ssh: Connection timed out during banner exchange", advice: "firewalls"},
		{name: "a host that its jump host cannot reach", options: s.with("Port="+strconv.Itoa(freePort(t)), jump(good)),
			says: "channel 0: open failed: connect failed: Connection refused", advice: "sshd"},
		{name: "a host that takes no key, behind a jump host", options: append([]string{jump(good)}, s.withKey("other")...),
			says: "@127.0.0.1: Permission denied (publickey)", advice: "authorized_keys"},
		{name: "a proxy that does not start", options: s.with("ProxyCommand=no-such-proxy %h"),
			says: "ssh to 127.0.0.1 failed: ", advice: "by hand"},

		{name: "another program there", options: s.asUser, exe: "false",
			says: "PowerShell on 127.0.0.1 ended without a document (exit status 1)"},
		{name: "a program that echoes", options: s.asUser, exe: "echo",
			says: "PowerShell on 127.0.0.1 ended without a document (exit status 0): -NoLogo -NoProfile"},
		{name: "a path with blanks", exe: `C:\Program Files\PowerShell\7\pwsh.exe`, says: "a shell there may misread", advice: "8.3"},
		{name: "a path with a command", exe: "pwsh;id", says: "a shell there may misread"},
		{name: "a path that is an option", exe: "-x", says: "a shell there may misread"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			host := c.host
			if host == "" {
				host = "127.0.0.1"
			}
			start := time.Now()
			item := ask(t, 30*time.Second, SSH(host, c.options, c.exe, query))
			loss := wantLoss(t, item.Err, c.says)
			if !strings.Contains(loss.Advice, c.advice) {
				t.Errorf("advice %q", loss.Advice)
			}
			if errors.Is(item.Err, context.DeadlineExceeded) != c.timedOut {
				t.Error(item.Err)
			}
			if strings.Contains(loss.Error(), "uthorised use") || strings.Contains(loss.Error(), "to all others") {
				t.Errorf("the banner is shown: %v", loss)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			t.Log(loss.Error())
		})
	}
}

func bannerFolder(t *testing.T, text string) string {
	t.Helper()
	folder := tempDir(t)
	if err := os.WriteFile(filepath.Join(folder, "banner"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestSSHOptionsOfTheUserWin(t *testing.T) {
	s := startServer(t)
	options := s.with("UserKnownHostsFile="+s.path("no_hosts"), "StrictHostKeyChecking=no")
	item := ask(t, 30*time.Second, SSH("127.0.0.1", options, "no-such-powershell", Query{Pools: []string{"a"}}))
	wantLoss(t, item.Err, "has no PowerShell")
}

func TestSSHThatIsNotThere(t *testing.T) {
	t.Setenv("PATH", tempDir(t))
	loss := wantLoss(t, ask(t, time.Minute, SSH("fe01", nil, "", Query{Pools: []string{"a"}})).Err, `"ssh" was not found`)
	if !strings.Contains(loss.Advice, "OpenSSH client") {
		t.Errorf("%+v", loss)
	}
}

func TestSSHGetsNothingToQuote(t *testing.T) {
	arguments := sshArguments("fe01", []string{"Port=2222"}, remoteCommand("powershell.exe"), 50*time.Second)
	for _, want := range [][]string{{"-o", "Port=2222", "-o", "BatchMode=yes"}, {"StrictHostKeyChecking=yes"}, {"ConnectTimeout=10"},
		{"LogLevel=ERROR"}, {"ControlPath=none"}, {"--", "fe01"}} {
		if !strings.Contains(strings.Join(arguments, "\x00"), strings.Join(want, "\x00")) {
			t.Errorf("%q misses %q", arguments, want)
		}
	}
	command := arguments[len(arguments)-1]
	if rest := strings.Trim(command, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=.- "); rest != "" {
		t.Errorf("%q", rest)
	}
	if got := sshArguments("fe01", nil, "x", 3*time.Second); !strings.Contains(strings.Join(got, " "), "ConnectTimeout=2 ") {
		t.Errorf("%q", got)
	}
}

// The user's configuration may hold what suits a person's session, and a shared connection that hangs.
func TestSSHIsShieldedFromTheConfiguration(t *testing.T) {
	s := startServer(t)
	socket, err := net.Listen("unix", s.path("socket")) // it takes what comes and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	s.write(t, "user_config", strings.Join([]string{
		"ControlMaster auto", "ControlPath " + s.path("socket"), "RemoteCommand echo no", "StdinNull yes", "ForkAfterAuthentication yes",
		"SessionType none", "UseKeychain yes", "LogLevel DEBUG3", "LocalForward 1 127.0.0.1:1",
	}, "\n")+"\n")
	ssh, err := exec.LookPath("ssh")
	if err != nil {
		t.Fatal(err)
	}
	// ssh does not look at $HOME.
	s.script(t, "ssh", "exec "+ssh+" -F "+s.path("user_config")+` "$@"`)
	s.script(t, "powershell", "read script; test -n \"$script\" && echo '"+line+"'")
	t.Setenv("PATH", s.folder+":"+os.Getenv("PATH"))
	item := ask(t, time.Minute, SSH("127.0.0.1", s.asUser, s.path("powershell"), Query{Pools: []string{"a"}}))
	if string(item.Data) != line || item.Err != nil {
		t.Errorf("%q, %v", item.Data, item.Err)
	}
}

// What can't be made on the loopback address, in ssh's own words.
func TestSSHFaultTexts(t *testing.T) {
	const (
		closed  = "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n"
		quantum = "** WARNING: connection is not using a post-quantum key exchange algorithm.\r\n" +
			"** The server may need to be upgraded. See https://openssh.com/pq.html\r\n"
		connected = "connecting to fe01 through ssh: "
		deadline  = ": context deadline exceeded"
	)
	for _, c := range []struct {
		name, step, said string
		code             int
		want, advice     string
	}{
		{"no way", "", "ssh: connect to host fe01 port 22: No route to host\r\n", 255,
			"ssh to fe01 failed: ssh: connect to host fe01 port 22: No route to host", "sshd"},
		{"no answer", "", "ssh: connect to host fe01 port 22: Connection timed out\r\n", 255,
			connected + "ssh: connect to host fe01 port 22: Connection timed out" + deadline, "firewalls"},
		{"no more answers", "asking for pool a", "Timeout, server fe01 not responding.\r\n" + quantum + "x: more\n", 255,
			"asking for pool a: Timeout, server fe01 not responding" + deadline, "firewalls"},
		{"the jump host closes", "", "Welcome to jump\r\nnagios@jump: Permission denied (publickey).\r\n" + closed, 255,
			"ssh to fe01 failed: nagios@jump: Permission denied (publickey)", "authorized_keys"},
		{"the connection ends", "asking for pool a", "client_loop: send disconnect: Broken pipe\r\n", 255,
			"PowerShell on fe01 or the connection to it ended while asking for pool a: client_loop: send disconnect: Broken pipe",
			"what ends"},
		{"too many keys", "", "Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures\r\nDisconnected from " +
			"10.0.0.1\r\n", 255,
			"ssh to fe01 failed: Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures", "IdentitiesOnly"},
		{"a configuration that others may write", "", "Bad owner or permissions on /home/nagios/.ssh/config\r\n", 255,
			"ssh to fe01 failed: Bad owner or permissions on /home/nagios/.ssh/config", "let only"},
		{"something new", "", quantum + "\x1b[31msomething new\x1b[0m\r\n" + quantum, 255, "ssh to fe01 failed: something new",
			`ssh -v -o Port=2222 -o "ProxyCommand=nc %h %p" fe01`},
		{"a line without end", "", strings.Repeat("x", 10_000), 255, "ssh to fe01 failed: " + strings.Repeat("x", messageLimit) + "…",
			"by hand"},
		{"nothing", "", quantum, 255, "ssh to fe01 failed: exit status 255", "by hand"},
		{"no program in cmd.exe", "", "'pwsh' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n",
			1,
			`fe01 has no PowerShell that "pwsh" starts: operable program or batch file`, "--powershell-path"},
		{"no program in PowerShell", "", "\x1b[31;1mpwsh: The term 'pwsh' is not recognized as a name of a cmdlet\x1b[0m\n", 1,
			`fe01 has no PowerShell that "pwsh" starts: pwsh: The term 'pwsh' is not recognized as a name of a cmdlet`,
			"--powershell-path"},
		{"no program in sh", "", "sh: 1: pwsh: not found\n" + quantum, 127,
			`fe01 has no PowerShell that "pwsh" starts: sh: 1: pwsh: not found`, "--powershell-path"},
		{"PowerShell's own error", "", "whatever", 1, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			told := newProgress(Limit)
			told.step = c.step
			p := process{told: told, code: c.code, state: fmt.Sprint("exit status ", c.code)}
			loss, known := sshFault(p, sshLines(c.said), login{"fe01", []string{"Port=2222", "ProxyCommand=nc %h %p"}, "pwsh"})
			if known != (c.want != "") || loss.Error() != c.want || !strings.Contains(loss.Advice, c.advice) {
				t.Errorf("got  %v\nwant %s\nadvice %s", loss, c.want, loss.Advice)
			}
			if strings.HasSuffix(c.want, deadline) != errors.Is(loss, context.DeadlineExceeded) {
				t.Errorf("timed out: %v", loss)
			}
		})
	}
}

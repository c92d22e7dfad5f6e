package source

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
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
	s.copy(t, "user.pub", "authorized_keys", "")
	s.copy(t, "host.pub", "known_hosts", fmt.Sprintf("[127.0.0.1]:%d ", s.port))
	s.copy(t, "other.pub", "changed_hosts", fmt.Sprintf("[127.0.0.1]:%d ", s.port))
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
	pools := append([]string{"healthy.contoso.com", "throwing.contoso.com", "quotes.contoso.com", "many.contoso.com", "chatter.contoso.com"}, hostile...)
	item := ask(t, patience, SSH("127.0.0.1", s.asUser, pwsh(t), Query{Pools: pools}))
	if item.Err != nil {
		t.Fatal(item.Err)
	}
	d := read(t, item.Data)
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
	file := filepath.Join(tempDir(t), "pids")
	s := startServer(t, remoteModule(t, " FAKE_CS_PID="+file))
	const timeout = 12 * time.Second
	start := time.Now()
	item := ask(t, timeout, SSH("127.0.0.1", s.asUser, pwsh(t), Query{Pools: []string{"hang.contoso.com"}}))
	if took := time.Since(start); took > timeout+time.Second {
		t.Errorf("took %v", took)
	}
	wantLoss(t, item.Err, "asking for pool hang.contoso.com: context deadline exceeded")
	// The PowerShell behind sshd ends itself: it was given as much time as was left, counted from its own start.
	for end := time.Now().Add(timeout); alive(pids(t, file)[0]); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d is left", pids(t, file)[0])
		}
	}
}

func TestSSHFaults(t *testing.T) {
	s := startServer(t)
	query := Query{Pools: []string{"pool01.contoso.com"}}
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	closing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer closing.Close()
	go func() {
		for {
			c, err := closing.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	port := func(l net.Listener) string { return "Port=" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port) }
	for _, c := range []struct {
		name, host string
		options    []string
		exe        string
		says       string
		advice     string
	}{
		{name: "unknown host key", options: s.with("UserKnownHostsFile=" + s.path("no_hosts")),
			says: "the host key of 127.0.0.1 is not known here", advice: "run ssh 127.0.0.1 once by hand"},
		{name: "changed host key", options: s.with("UserKnownHostsFile=" + s.path("changed_hosts")),
			says: "the host key of 127.0.0.1 has changed", advice: "ssh-keygen -R"},
		{name: "no key is accepted", options: s.withKey("other"),
			says: "127.0.0.1 accepted no key of this account: ", advice: "authorized_keys"},
		{name: "refused", options: s.with("Port=" + strconv.Itoa(freePort(t))),
			says: "127.0.0.1 refused the connection: ssh: connect to host", advice: "OpenSSH server"},
		{name: "name not found", host: "no-such-host.invalid", options: s.asUser,
			says: "the name no-such-host.invalid was not found", advice: "name servers"},
		{name: "no answer", options: s.with(port(silent), "ConnectTimeout=2"),
			says: "127.0.0.1 did not answer ssh in time", advice: "firewalls"},
		{name: "closed", options: s.with(port(closing)),
			says: "127.0.0.1 closed the connection", advice: "log of the OpenSSH server"},
		{name: "an option that ssh does not have", options: s.with("NoSuchOption=1"),
			says: "ssh does not take one of its options", advice: "--ssh-option"},
		{name: "no PowerShell there", options: s.asUser, exe: "no-such-powershell",
			says: `127.0.0.1 has no PowerShell that "no-such-powershell" starts`, advice: "--powershell-path"},
		{name: "no PowerShell there by default", options: s.asUser,
			says: `127.0.0.1 has no PowerShell that "powershell.exe" starts`, advice: "pwsh elsewhere"},
		{name: "another program there", options: s.asUser, exe: "false",
			says: "PowerShell on 127.0.0.1 ended without a document (exit status 1)"},
		{name: "a program that echoes", options: s.asUser, exe: "echo",
			says: "PowerShell on 127.0.0.1 ended without a document (exit status 0): -NoLogo -NoProfile"},
		{name: "a host that is an option", host: "-oProxyCommand=id", says: `no name of a host: "-oProxyCommand=id"`},
		{name: "a host with a blank", host: "fe01 fe02", says: "no name of a host"},
		{name: "no host", host: "", says: "no name of a host"},
		{name: "a path with blanks", exe: `C:\Program Files\PowerShell\7\pwsh.exe`, says: "a shell there may misread", advice: "8.3"},
		{name: "a path with a command", exe: "pwsh;id", says: "a shell there may misread"},
		{name: "a path that is an option", exe: "-x", says: "a shell there may misread"},
	} {
		t.Run(c.name, func(t *testing.T) {
			host := c.host
			if host == "" && c.name != "no host" {
				host = "127.0.0.1"
			}
			start := time.Now()
			item := ask(t, 30*time.Second, SSH(host, c.options, c.exe, query))
			loss := wantLoss(t, item.Err, c.says)
			if !strings.Contains(loss.Advice, c.advice) {
				t.Errorf("advice %q", loss.Advice)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
			t.Log(loss.Error())
		})
	}
}

func TestSSHOptionsOfTheUserWin(t *testing.T) {
	s := startServer(t)
	options := s.with("UserKnownHostsFile="+s.path("no_hosts"), "StrictHostKeyChecking=no")
	item := ask(t, 30*time.Second, SSH("127.0.0.1", options, "no-such-powershell", Query{Pools: []string{"a"}}))
	wantLoss(t, item.Err, "has no PowerShell")
}

func TestSSHThatIsNotThere(t *testing.T) {
	t.Setenv("PATH", tempDir(t))
	loss := wantLoss(t, ask(t, time.Minute, SSH("fe01", nil, "", Query{Pools: []string{"a"}})).Err, "ssh was not found on this machine")
	if !strings.Contains(loss.Advice, "OpenSSH client") || !errors.Is(loss, exec.ErrNotFound) {
		t.Errorf("%+v", loss)
	}
}

func TestSSHGetsNothingToQuote(t *testing.T) {
	arguments := sshArguments("fe01", []string{"Port=2222"}, remoteCommand("powershell.exe"), 50*time.Second)
	for _, want := range [][]string{{"-o", "Port=2222", "-o", "BatchMode=yes"}, {"StrictHostKeyChecking=yes"}, {"ConnectTimeout=10"}, {"--", "fe01"}} {
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

// What cannot be made on the loopback address, in ssh's own words.
func TestSSHFaultTexts(t *testing.T) {
	for _, c := range []struct {
		said string
		code int
		want string
	}{
		{"ssh: connect to host fe01 port 22: No route to host\r\n", 255, "there is no way through the network to fe01"},
		{"ssh: connect to host fe01 port 22: Network is unreachable\r\n", 255, "there is no way through the network to fe01"},
		{"ssh: connect to host fe01 port 22: Connection timed out\r\n", 255, "fe01 did not answer ssh in time"},
		{"Timeout, server fe01 not responding.\r\n", 255, "fe01 did not answer ssh in time"},
		{"Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa\r\n", 255, "no algorithm in common"},
		{"Permissions 0644 for 'key' are too open.\r\nLoad key \"key\": bad permissions\r\nnagios@fe01: Permission denied (publickey).\r\n", 255, "no private key that others may read"},
		{"kex_exchange_identification: read: Connection reset by peer\r\n", 255, "fe01 closed the connection"},
		{"something new\r\n", 255, "ssh to fe01 failed (exit status 255): something new"},
		{"", 255, "ssh to fe01 failed (exit status 255)"},
		{"'pwsh' is not recognized as an internal or external command,\r\noperable program or batch file.\r\n", 1, `fe01 has no PowerShell that "pwsh" starts`},
		{"\x1b[31;1mpwsh: The term 'pwsh' is not recognized as a name of a cmdlet\x1b[0m\n", 1, `fe01 has no PowerShell that "pwsh" starts`},
		{"sh: 1: pwsh: not found\n", 127, `fe01 has no PowerShell that "pwsh" starts: sh: 1: pwsh: not found`},
	} {
		loss, known := sshFault(process{stderr: c.said, code: c.code, state: fmt.Sprint("exit status ", c.code)}, "fe01", "pwsh")
		if !known || !strings.Contains(loss.Error(), c.want) || loss.Advice == "" {
			t.Errorf("%q: %v", c.said, loss)
		}
	}
	if loss, known := sshFault(process{stderr: "whatever", code: 1}, "fe01", "pwsh"); known {
		t.Errorf("%+v", loss)
	}
}

package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// line is a document in its one-line form; nothing here looks into it.
const line = status.BeginMarker + "e30K" + status.EndMarker

// A saying is what a program prints on its two streams, and its exit code.
type saying struct {
	out, err string
	code     int
}

// sayings are the programs that do nothing else.
var sayings = map[string]saying{
	"nothing":                    {},
	"healthy":                    {out: line + "\n"},
	"document, then exit code 1": {out: line + "\n", code: 1},
	"part and document":          {out: line + "\n", err: told(partMarker, `{"pools":1}`)},
	"parts and exit code": {err: told(stepMarker, "a") + told(partMarker, `{"pools":1}`) + told(stepMarker, "b") +
		told(partMarker, `{"pools":2}`) + told(stepMarker, "asking for pool c"), code: 7},
	"noise around": {err: "an error that means nothing\n",
		out: "WARNING: a\r\nand -----BEGIN CERTIFICATE-----\r\nno newline: " + line + "\r\nmore noise\r\n"},
	"markers in noise": {out: status.EndMarker + "\n" + status.BeginMarker + "' + $line + '" + status.EndMarker + "\n" +
		status.BeginMarker + "\n" + line},
	"wrong document":                 {out: status.BeginMarker + "<html>" + status.EndMarker},
	"cut":                            {out: line[:len(line)-10]},
	"exit code":                      {code: 3},
	"exit code with words":           {err: "\r\n\x1b[31;1mSomething: it broke\x1b[0m\r\nAt line:1\r\n", code: 1},
	"exit code with words on stdout": {out: "This account is currently not available.\n", code: 1},
	"CLIXML": {code: 1, err: "#< CLIXML\r\n" +
		`<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">` +
		`<Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T></TN>` +
		`<MS><PR N="Record"><AV>Preparing</AV></PR></MS></Obj>` +
		`<S S="Error">Cannot load the m_x00FC_ller, because running scripts is _x000D__x000A_</S>` +
		`<S S="Error">disabled on this system._x000D__x000A_</S>` +
		`<S S="Error">At line:1 char:1_x000D__x000A_</S><S S="Error">+ x_x000D__x000A_</S></Objs>`},
	"constrained": {code: 1, err: "Method invocation is supported only on core types in this language mode.\n" +
		"    + FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage\n"},
	"arguments": {out: fmt.Sprintf("%q\n", os.Args[1:])},
}

// fakePowerShell is what the test binary does in the place of PowerShell.
func fakePowerShell(behaviour string) {
	if path := os.Getenv("FAKE_PIDS"); path != "" {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			panic(err)
		}
		fmt.Fprintln(f, os.Getpid())
		f.Close()
	}
	if says, known := sayings[behaviour]; known {
		fmt.Fprint(os.Stderr, says.err)
		fmt.Print(says.out)
		os.Exit(says.code)
	}
	switch behaviour {
	case "hang":
	case "step and hang":
		fmt.Fprint(os.Stderr, told(stepMarker, "asking for pool ü"))
	case "part and hang":
		fmt.Fprint(os.Stderr,
			told(stepMarker, "asking for pool a")+told(partMarker, `{"pools":1}`)+told(stepMarker, "asking for pool b"))
	case "cut part":
		fmt.Fprint(os.Stderr, told(partMarker, `{"pools":1}`)+partMarker+"eyJ")
	case "ignores SIGTERM":
		signal.Ignore(syscall.SIGTERM, os.Interrupt)
	case "document, then hang":
		fmt.Println(line)
	case "document, then endless":
		fmt.Println(line)
		io.Copy(os.Stdout, endless{})
	case "document with a grandchild":
		grandchild()
		fmt.Println(line)
		return
	case "grandchild without a document":
		grandchild()
		return
	case "grandchild and hang":
		grandchild()
	case "endless":
		io.Copy(os.Stdout, endless{})
	case "endless document":
		fmt.Print(status.BeginMarker)
		io.Copy(os.Stdout, endless{})
	case "endless errors":
		ready()
		io.Copy(os.Stderr, endless{})
	default:
		panic(behaviour)
	}
	ready()
	time.Sleep(5 * time.Minute)
}

// ready tells that what never ends has begun.
func ready() {
	if path := os.Getenv("FAKE_READY"); path != "" {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			panic(err)
		}
	}
}

// grandchild starts a process that hangs, and waits until it has told its id: then its run has begun.
func grandchild() {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "FAKE_POWERSHELL=hang", "FAKE_READY=")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if err := child.Start(); err != nil {
		panic(err)
	}
	for path := os.Getenv("FAKE_PIDS"); path != ""; time.Sleep(10 * time.Millisecond) {
		if text, _ := os.ReadFile(path); strings.Count(string(text), "\n") == 2 {
			break
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// faults are what a PowerShell does, and what is said of it.
var faults = []struct {
	behaviour string
	says      []string // the document where empty
	part      string   // what came before
	times     bool     // it is the timeout that ends it
}{
	{behaviour: "healthy"},
	{behaviour: "hang", says: []string{"waiting for the collector"}, times: true},
	{behaviour: "step and hang", says: []string{"asking for pool ü"}, times: true},
	{behaviour: "part and hang", says: []string{"asking for pool b"}, part: `{"pools":1}`, times: true},
	{behaviour: "cut part", says: []string{"waiting for the collector"}, part: `{"pools":1}`, times: true},
	{behaviour: "parts and exit code", says: []string{"without a document (exit status 7) while asking for pool c"},
		part: `{"pools":2}`},
	{behaviour: "part and document"},
	{behaviour: "ignores SIGTERM", says: []string{"waiting for the collector"}, times: true},
	{behaviour: "document, then hang"},
	{behaviour: "document, then exit code 1"},
	{behaviour: "document, then endless"},
	{behaviour: "document with a grandchild"},
	{behaviour: "grandchild without a document", says: []string{"ended without a document", "0"}},
	{behaviour: "grandchild and hang", says: []string{"waiting for the collector"}, times: true},
	{behaviour: "endless", says: []string{fmt.Sprintf("more than %d MiB", Limit>>20)}},
	{behaviour: "endless document", says: []string{fmt.Sprintf("more than %d MiB", Limit>>20)}},
	{behaviour: "endless errors", says: []string{"waiting for the collector"}, times: true},
	{behaviour: "noise around"},
	{behaviour: "markers in noise"},
	{behaviour: "wrong document", says: []string{"without a document (exit status 0): -----BEGIN"}},
	{behaviour: "cut", says: []string{"is cut: 23 bytes and no end"}},
	{behaviour: "exit code", says: []string{"without a document (exit status 3)"}},
	{behaviour: "exit code with words", says: []string{"(exit status 1): Something: it broke"}},
	{behaviour: "exit code with words on stdout", says: []string{"(exit status 1): This account is currently not available"}},
	{behaviour: "CLIXML", says: []string{"(exit status 1): Cannot load the müller, because running scripts is disabled on this " +
		"system"}},
	{behaviour: "constrained", says: []string{"PowerShell is in ConstrainedLanguage mode"}},
	{behaviour: "nothing", says: []string{"without a document (exit status 0)"}},
}

func TestFaultsOfPowerShellEndInTimeAndLeaveNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: processes that hang")
	}
	for _, c := range faults {
		t.Run(c.behaviour, func(t *testing.T) {
			folder := tempDir(t)
			file, ready := filepath.Join(folder, "pids"), filepath.Join(folder, "ready")
			t.Setenv("FAKE_PIDS", file)
			t.Setenv("FAKE_READY", ready)
			t.Setenv("FAKE_POWERSHELL", c.behaviour)
			source := PowerShell(self(t), Query{Pools: []string{"pool01.contoso.com"}})
			var item Item
			if c.times {
				var took time.Duration
				item, took = askUntil(t, source, func() bool { _, err := os.Stat(ready); return err == nil })
				if took > atOnce {
					t.Errorf("took %v", took)
				}
			} else { // what does not end by its timeout ends long before one
				start := time.Now()
				item = ask(t, time.Minute, source)
				if took := time.Since(start); took > 30*time.Second {
					t.Errorf("took %v", took)
				}
			}
			ids := pids(t, file)
			if want := 1 + strings.Count(c.behaviour, "grandchild"); len(ids) != want {
				t.Errorf("%d processes told their ids, want %d", len(ids), want)
			}
			wantGone(t, ids)
			if errors.Is(item.Err, context.DeadlineExceeded) != c.times {
				t.Errorf("error %v", item.Err)
			}
			if c.says != nil {
				wantLoss(t, item.Err, c.says...)
				if string(item.Data) != c.part {
					t.Errorf("part %q", item.Data)
				}
			} else if string(item.Data) != line {
				t.Errorf("data %q, error %v", item.Data, item.Err)
			}
			if item.Name != "PowerShell" {
				t.Errorf("name %q", item.Name)
			}
		})
	}
}

func TestCancelInTheMiddleNamesThePhase(t *testing.T) {
	file := filepath.Join(tempDir(t), "pids")
	t.Setenv("FAKE_PIDS", file)
	t.Setenv("FAKE_POWERSHELL", "grandchild and hang")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for ctx.Err() == nil {
			if text, _ := os.ReadFile(file); bytes.Count(text, []byte("\n")) == 2 {
				cancel()
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	for item := range PowerShell(self(t), Query{Pools: []string{"a"}})(ctx) {
		wantLoss(t, item.Err, "waiting for the collector")
		if !errors.Is(item.Err, context.Canceled) {
			t.Error(item.Err)
		}
	}
	wantGone(t, pids(t, file))
}

func TestNothingIsStartedWhenTheTimeIsOver(t *testing.T) {
	file := filepath.Join(tempDir(t), "pids")
	t.Setenv("FAKE_PIDS", file)
	t.Setenv("FAKE_POWERSHELL", "healthy")
	wantLoss(t, ask(t, -1, PowerShell(self(t), Query{Pools: []string{"a"}})).Err, "starting the collector", "deadline")
	wantLoss(t, ask(t, -1, SSH("fe01", nil, "", Query{Pools: []string{"a"}})).Err, "starting the collector", "deadline")
	if _, err := os.Stat(file); err == nil {
		t.Error("started")
	}
}

func TestPowerShellThatCannotBeStarted(t *testing.T) {
	folder := tempDir(t)
	text := filepath.Join(folder, "text.exe")
	if err := os.WriteFile(text, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	query := Query{Pools: []string{"a"}}
	for _, exe := range []string{"no-such-powershell", filepath.Join(folder, "none.exe")} {
		loss := wantLoss(t, ask(t, time.Minute, PowerShell(exe, query)).Err, "was not found")
		if !strings.Contains(loss.Advice, "--powershell-path") {
			t.Error(loss.Advice)
		}
	}
	wantLoss(t, ask(t, time.Minute, PowerShell(text, query)).Err, "text.exe\" could not be started")
}

func TestSourceCanBeUsedTwice(t *testing.T) {
	t.Setenv("FAKE_POWERSHELL", "healthy")
	source := PowerShell(self(t), Query{Pools: []string{"a"}})
	for range 2 {
		if item := ask(t, time.Minute, source); string(item.Data) != line {
			t.Errorf("%q, %v", item.Data, item.Err)
		}
	}
}

func self(t testing.TB) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

package source

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// TestMain lets the test binary be a PowerShell that does what FAKE_POWERSHELL says.
func TestMain(m *testing.M) {
	if behaviour := os.Getenv("FAKE_POWERSHELL"); behaviour != "" {
		fakePowerShell(behaviour)
		os.Exit(0)
	}
	code := m.Run()
	if types.folder != "" {
		os.RemoveAll(types.folder)
	}
	os.Exit(code)
}

// absent skips a test that needs a program that is not there; under CI it fails, so that nothing is left untried there
// without a word.
func absent(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// pwsh returns a real PowerShell: $PWSH, else the one on the PATH.
func pwsh(t testing.TB) string {
	t.Helper()
	name := os.Getenv("PWSH")
	if name == "" {
		name = "pwsh"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		absent(t, "no PowerShell: "+err.Error())
	}
	if path, err = filepath.Abs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fakes returns the folder of the made-up modules.
func fakes(t testing.TB) string {
	t.Helper()
	folder, err := filepath.Abs(filepath.Join("..", "..", "testdata", "powershell"))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// tempDir returns a new folder. Go's own way to remove one fails under Wine 8, so there the test that started this one
// names a folder that it removes.
func tempDir(t testing.TB) string {
	t.Helper()
	base := os.Getenv("TEST_FOLDER")
	if base == "" {
		return t.TempDir()
	}
	folder, err := os.MkdirTemp(base, "test")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// types is where the made-up module keeps its compiled types, for all tests.
var types struct {
	once   sync.Once
	folder string
	err    error
}

// withModule lets PowerShell find the made-up SkypeForBusiness module.
func withModule(t testing.TB) {
	t.Helper()
	exe := pwsh(t)
	types.once.Do(func() {
		types.folder, types.err = os.MkdirTemp(os.Getenv("TEST_FOLDER"), "types")
		if types.err != nil {
			return
		}
		cmd := exec.Command(exe, "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "Import-Module SkypeForBusiness")
		cmd.Env = append(os.Environ(), "PSModulePath="+fakes(t), "FAKE_CS_DLL="+filepath.Join(types.folder, "fake.dll"))
		if out, code := runByHand(cmd); code != 0 {
			types.err = errors.New(out)
		}
	})
	if types.err != nil {
		t.Fatal(types.err)
	}
	t.Setenv("PSModulePath", fakes(t))
	t.Setenv("FAKE_CS_DLL", filepath.Join(types.folder, "fake.dll"))
}

// runByHand runs a program and returns what it printed and its exit code. Under Wine something holds the streams of a
// PowerShell that is gone.
func runByHand(cmd *exec.Cmd) (string, int) {
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return err.Error(), -1
	}
	return string(out), cmd.ProcessState.ExitCode()
}

// A document is what the collector prints, as far as the tests look.
type document struct {
	Schema                    string
	CollectedAt               time.Time
	Host                      string
	Module                    string
	CMSMaster, CMSMasterError string
	Pools                     []struct {
		PoolFqdn, BackupPoolFqdn, BackupPoolError, ActiveMachineFqdn string
		Modules                                                      []struct{ Identity, ExportStatus, ImportStatus string }
		Events                                                       []event
		Error, ErrorID                                               string
		TimedOut                                                     bool
	}
	Notes []string
}

// An event is one of the service's own in that document.
type event struct {
	ID                           int
	Level, Machine, Module, Text string
	At                           time.Time
}

// names returns the FQDNs of the pools.
func (d document) names() []string {
	var names []string
	for _, pool := range d.Pools {
		names = append(names, pool.PoolFqdn)
	}
	return names
}

// read takes the one-line form apart.
func read(t testing.TB, data []byte) document {
	t.Helper()
	text, begun := strings.CutPrefix(string(data), status.BeginMarker)
	text, ended := strings.CutSuffix(text, status.EndMarker)
	if !begun || !ended {
		t.Fatalf("no markers around %.200q", data)
	}
	if strings.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != "" {
		t.Fatalf("not one line of base64: %.200q", text)
	}
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, plain)
}

func parse(t testing.TB, text []byte) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatalf("%v in %.200q", err, text)
	}
	if d.Schema != "check_cs_backup/1" {
		t.Fatalf("schema %q", d.Schema)
	}
	return d
}

// ask runs a source and returns its only item.
func ask(t testing.TB, timeout time.Duration, source Source) Item {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var items []Item
	for item := range source(ctx) {
		items = append(items, item)
	}
	if len(items) != 1 {
		t.Fatalf("%d items", len(items))
	}
	if items[0].Err == nil && items[0].Data == "" {
		t.Fatal("neither data nor an error")
	}
	return items[0]
}

// A timesUp is a context that is over as if its time were up, whatever ended it.
type timesUp struct{ context.Context }

func (c timesUp) Err() error {
	if c.Context.Err() != nil {
		return context.DeadlineExceeded
	}
	return nil
}

// askUntil runs a source, as if its time were up as soon as something has been seen. It returns its only item and how
// long that took from then.
func askUntil(t testing.TB, source Source, seen func() bool) (Item, time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	over := make(chan time.Time, 1)
	go func() {
		for !seen() && ctx.Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		over <- time.Now()
		cancel()
	}()
	var items []Item
	for item := range source(timesUp{ctx}) {
		items = append(items, item)
	}
	if len(items) != 1 {
		t.Fatalf("%d items", len(items))
	}
	select {
	case at := <-over:
		return items[0], time.Since(at)
	default:
		t.Fatalf("ended before it was told to: %q, %v", items[0].Data, items[0].Err)
		return Item{}, 0
	}
}

// atOnce is how long it may take on a busy machine until a run that is over has ended.
const atOnce = 5 * time.Second

// holds tells when a file holds a text.
func holds(path, text string) func() bool {
	return func() bool {
		content, _ := os.ReadFile(path)
		return strings.Contains(string(content), text)
	}
}

// patience is how long a healthy run of a real PowerShell may take on a busy machine.
const patience = 2 * time.Minute

// askWell runs a source that must yield a document.
func askWell(t testing.TB, source Source) document {
	t.Helper()
	item := ask(t, patience, source)
	if item.Err != nil {
		t.Fatal(item.Err)
	}
	return read(t, []byte(item.Data))
}

// wantLoss checks that the error is a loss with all that a person needs.
func wantLoss(t testing.TB, err error, parts ...string) status.Loss {
	t.Helper()
	var loss status.Loss
	if !errors.As(err, &loss) {
		t.Fatalf("no loss: %v", err)
	}
	for _, part := range parts {
		if !strings.Contains(loss.Error(), part) {
			t.Errorf("%q does not say %q", loss.Error(), part)
		}
	}
	if loss.What == "" || strings.HasSuffix(loss.What, ".") {
		t.Errorf("what is lost: %q", loss.What)
	}
	if loss.Advice == "" && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		t.Errorf("%q has no advice", loss.What)
	}
	return loss
}

// pids returns the process ids that were written to a file, one in each line.
func pids(t testing.TB, path string) []int {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int
	for _, word := range strings.Fields(string(text)) {
		id, err := strconv.Atoi(word)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// wantGone checks that none of the processes is left, which takes the kernel a moment.
func wantGone(t testing.TB, ids []int) {
	t.Helper()
	for _, id := range ids {
		for start := time.Now(); alive(id); time.Sleep(10 * time.Millisecond) {
			if time.Since(start) > atOnce {
				t.Errorf("process %d is left", id)
				break
			}
		}
	}
}

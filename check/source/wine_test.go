//go:build linux

package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A windows is what runs Windows programs here: $WINRUN, with the PowerShell for Windows in $PWSH_WINDOWS.
type windows struct {
	run, pwsh string
	// folder is in the command line of every PowerShell that these tests start.
	folder string
	// tests is this package's test binary for Windows.
	tests string
}

func newWindows(t *testing.T) windows {
	t.Helper()
	run, shell := os.Getenv("WINRUN"), os.Getenv("PWSH_WINDOWS")
	if run == "" || shell == "" {
		absent(t, "no Windows: WINRUN or PWSH_WINDOWS is not set")
	}
	w := windows{run: run, folder: t.TempDir()}
	if err := os.Symlink(filepath.Dir(shell), filepath.Join(w.folder, "app")); err != nil {
		t.Fatal(err)
	}
	w.pwsh = filepath.Join(w.folder, "app", filepath.Base(shell))
	w.tests = filepath.Join(w.folder, "source.test.exe")
	cmd := exec.Command("go", "test", "-c", "-o", w.tests, ".")
	cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return w
}

// path is how a Windows program sees a file.
func (w windows) path(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

// command prepares a Windows program.
func (w windows) command(program string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(w.run, append([]string{program}, arguments...)...)
	// Wine takes the encoding of file names from the locale.
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PWSH="+w.path(w.pwsh), "TEST_FOLDER="+w.path(w.folder))
	return cmd
}

// powershells returns the command lines of the PowerShells that run, as Linux sees them.
func (w windows) powershells(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, file := range files {
		text, _ := os.ReadFile(file)
		line := strings.ReplaceAll(string(text), "\x00", " ")
		// winrun itself and its shell have the path in Unix form or are no Windows program.
		if strings.HasPrefix(line, w.path(w.pwsh)) {
			lines = append(lines, fmt.Sprintf("%s: %.200s", file, line))
		}
	}
	return lines
}

// The same tests as here, as Windows programs against PowerShell for Windows.
func TestWindowsUnderWine(t *testing.T) {
	w := newWindows(t)
	tests := []string{
		"TestCollectorAsksForEachPool", // healthy, sick, throwing, quotes, non-ASCII
		"TestCollectorTakesHostileNamesAsNames",
		"TestCollectorOfAScheduledTask",
		"TestTaskHasALimitOfItsOwn",
		"TestTaskCarriesEachForm",
		"TestTaskRemovesWhatOldRunsLeft",
		"TestRealPowerShellLeavesNothing",
		"TestQuestionThatHangsCostsOnlyItself",
		"TestFaultsOfPowerShellEndInTimeAndLeaveNothing",
		"TestCancelInTheMiddleNamesThePhase",
		"TestPowerShellThatCannotBeStarted",
		"TestQueryIsInertInTheScript",
		"TestScriptsAreShortEnough",
		"TestEventsOfARealWindows",
		"TestFilesOfPatterns",
		"TestFileThatIsBeingReplaced",
		"TestStateFileIsReplaced",
		"TestStateFileThatIsUnfinished",
		"TestStateFileThatCannotBe",
		"TestStateFileThatIsLocked",
		"TestStateFileWithoutTime",
		"TestStateFileOfManyAtOnce",
	}
	stop, seen := make(chan struct{}), make(chan bool, 1)
	go func() {
		found := false
		for {
			select {
			case <-stop:
				seen <- found
				return
			case <-time.After(100 * time.Millisecond):
				found = found || len(w.powershells(t)) > 0
			}
		}
	}()
	out, err := w.command(w.tests, "-test.v", "-test.timeout", "40m", "-test.run", "^("+strings.Join(tests, "|")+")$").CombinedOutput()
	close(stop)
	if !<-seen {
		t.Error("no PowerShell was seen from here while the tests ran, so that none is left means nothing")
	}
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	for _, test := range tests {
		if !strings.Contains(string(out), "--- PASS: "+test+" ") {
			t.Errorf("%s has not passed", test)
		}
	}
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		left := w.powershells(t)
		if len(left) == 0 {
			break
		}
		if time.Since(start) > atOnce {
			t.Fatalf("left: %q", left)
		}
	}
}

// sshd on Windows hands the command line to cmd.exe, or to PowerShell.
func TestCommandLineOfSSHInTheShellsOfWindows(t *testing.T) {
	w := newWindows(t)
	command := remoteCommand(w.path(w.tests))
	if err := checkRemote("fe01", w.path(w.tests)); err != nil {
		t.Fatal(err)
	}
	_, arguments, _ := strings.Cut(command, " ")
	want := fmt.Sprintf("%q\n", strings.Fields(arguments))
	for _, shell := range [][]string{
		{"cmd.exe", "/c", command},
		{w.pwsh, "-NoLogo", "-NoProfile", "-c", command},
	} {
		cmd := w.command(shell[0], shell[1:]...)
		cmd.Env = append(cmd.Env, "FAKE_POWERSHELL=arguments")
		out, err := cmd.Output()
		if err != nil || strings.ReplaceAll(string(out), "\r\n", "\n") != want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", shell[0], err, out, want)
		}
	}
}

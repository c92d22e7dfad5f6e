//go:build linux

package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// windowsPath is how a program under Wine names a file.
func windowsPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

// newWindows returns $WINRUN, which runs Windows programs here, and the plugin for Windows.
func newWindows(t *testing.T) (winrun, plugin string) {
	t.Helper()
	if winrun = os.Getenv("WINRUN"); winrun == "" {
		absent(t, "no Windows: WINRUN is not set")
	}
	plugin = filepath.Join(t.TempDir(), "check_cs_backup.exe")
	t.Setenv("GOARCH", "amd64")
	build(t, plugin, "windows", ".")
	return absolute(t, winrun), plugin
}

// TestLiveScriptsOnWindows runs testdata/live with the plugin for Windows and PowerShell for Windows.
func TestLiveScriptsOnWindows(t *testing.T) {
	winrun, plugin := newWindows(t)
	pwsh := os.Getenv("PWSH_WINDOWS")
	if pwsh == "" {
		absent(t, "no PowerShell for Windows: PWSH_WINDOWS is not set")
	}
	runLive(t, absolute(t, pwsh), windowsPath, winrun, plugin)
}

// TestPackagesOnWindows runs the tests of the packages as Windows programs. check/source runs its own, with PowerShell;
// this package needs the go command and shells, which are not there, so TestSameOutputOnWindows stands for it; and
// packaging is for Linux.
func TestPackagesOnWindows(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes: Wine")
	}
	winrun, _ := newWindows(t)
	list, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{.Dir}}", "../../check/...", "../../thresholds/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		name, folder, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasSuffix(name, "/source") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			program := filepath.Join(t.TempDir(), "tests.exe")
			cmd := exec.Command("go", "test", "-c", "-o", program, name)
			cmd.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if _, err := os.Stat(program); err != nil {
				t.Skip("the package has no tests")
			}
			cmd = exec.Command(winrun, program, "-test.short", "-test.timeout", "10m")
			cmd.Dir = folder
			out, err := cmd.CombinedOutput()
			if err != nil && strings.TrimSpace(leftBehind.ReplaceAllString(string(out), "")) != "" {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// leftBehind is what a test prints that has passed, but whose folder Go can't remove under Wine 8.
var leftBehind = regexp.MustCompile(`(?m)^\s*(?:--- FAIL: .*|FAIL|.*TempDir RemoveAll cleanup: .*: Invalid function\.)\r?$`)

// TestSameOutputOnWindows: of each saved status the plugin for Windows says the same as the one for Linux, byte for
// byte but for what the clock shows.
func TestSameOutputOnWindows(t *testing.T) {
	winrun, windows := newWindows(t)
	linux := filepath.Join(t.TempDir(), "check_cs_backup")
	build(t, linux, "linux", ".")
	folder := t.TempDir()
	var files []string
	err := fs.WalkDir(os.DirFS("../../testdata/statuses"), ".", func(path string, entry fs.DirEntry, err error) error {
		// One set of each form is enough: each start of Wine takes its time.
		name := filepath.Base(path)
		if err != nil || entry.IsDir() || !(strings.HasPrefix(path, "by-hand/") || strings.HasPrefix(name, "broken-") ||
			strings.HasPrefix(name, "two-pools")) {
			return err
		}
		data, err := os.ReadFile(filepath.Join("../../testdata/statuses", path))
		if err != nil {
			return err
		}
		file := strings.ReplaceAll(path, "/", "_")
		files = append(files, file)
		return os.WriteFile(filepath.Join(folder, file), data, 0o600)
	})
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	if testing.Short() {
		files = files[:10]
	}
	clock := regexp.MustCompile(`'(age|time)'=[0-9.]+s`)
	wine := regexp.MustCompile(`(?m)^wine client error:.*\n`) // Wine's own, now and then, on a busy machine
	old := time.Now().Add(-73 * time.Hour)                    // "3 days ago", whenever it is looked at
	for _, file := range files {
		if err := os.Chtimes(filepath.Join(folder, file), time.Time{}, old); err != nil {
			t.Fatal(err)
		}
		run := func(program ...string) string {
			cmd := exec.Command(program[0], append(program[1:], "-f", file, "--max-age", "0", "-v")...)
			cmd.Dir = folder
			out, err := cmd.CombinedOutput()
			return clock.ReplaceAllString(wine.ReplaceAllString(string(out), ""), "'$1'=?s") + "exit code " + exitCode(err)
		}
		want, got := run(linux), run(winrun, windows)
		if got != want {
			t.Errorf("%s on Windows:\n%q\non Linux:\n%q", file, got, want)
		}
	}
}

// TestMemoryOnWindows: the plugin for Windows remembers from one check to the next, whoever else writes at the same time.
func TestMemoryOnWindows(t *testing.T) {
	winrun, plugin := newWindows(t)
	folder := t.TempDir()
	ahead := time.Until(testNow) // the program has the machine's clock
	const many = 6               // each start of Wine takes its time
	for _, round := range []struct {
		age  time.Duration
		want string
	}{{20 * time.Minute, "at least 0 s |"}, {15 * time.Minute, "at least 5 min |"},
		{9 * time.Minute, "at least 11 min (by --critical) |"}} {
		var wait sync.WaitGroup
		for i := range many {
			wait.Go(func() {
				file := fmt.Sprintf("status%d.json", i)
				text := collected(fmt.Sprintf("pool%d", i), ahead+round.age)
				if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
					t.Error(err)
				}
				cmd := exec.Command(winrun, plugin, "-f", file, "--max-age", "0", "--state-file", "state.json", "-c", "10m", "-t", "120")
				cmd.Dir = folder
				out, _ := cmd.CombinedOutput() // the exit code is that of the output
				first, _, _ := strings.Cut(string(out), "\n")
				if got, _, _ := strings.Cut(first, "'"); !strings.Contains(got, round.want) {
					t.Errorf("%s: got %s", round.want, out)
				}
			})
		}
		wait.Wait()
	}
	state, err := os.ReadFile(filepath.Join(folder, "state.json"))
	if err != nil || strings.Count(string(state), `"exportUnhealthySince"`) != many {
		t.Errorf("%v: %s", err, state)
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/testscript"
)

// testNow is what the plugin's clock shows in the scripts: ages and run times come out the same each time.
var testNow = time.Date(2026, 11, 24, 19, 0, 40, 0, time.UTC)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"check_cs_backup": func() {
			os.Exit(run(environment{
				args: os.Args[1:], getenv: os.Getenv, environ: os.Environ, stdin: os.Stdin, stdout: os.Stdout,
				now: func() time.Time { return testNow },
			}))
		},
		"check_cs_backup_live": main,
	})
}

// TestScripts runs the plugin as a user meets it: arguments, exact output, exit code. See testdata/scripts.
func TestScripts(t *testing.T) {
	statuses, err := filepath.Abs("../../testdata/statuses")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/scripts",
		Setup: func(env *testscript.Env) error {
			// What can't be written, or not be seen, in a script.
			for name, value := range map[string]string{"CR": "\r", "NBSP": "\u00a0", "ZWSP": "\u200b", "LATIN1": "\xe4"} {
				env.Setenv(name, value)
			}
			return copyStatuses(statuses, filepath.Join(env.WorkDir, "statuses"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"result": cmdResult, "wrong": cmdWrong, "dated": cmdDated, "lines": cmdLines,
			"status": cmdStatus, "locked": cmdLocked,
		},
	})
}

// copyStatuses gives each script the saved statuses, as if they were saved 40 seconds ago.
func copyStatuses(from, to string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	return filepath.WalkDir(to, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, time.Time{}, testNow.Add(-40*time.Second))
	})
}

// cmdDated sets the time of change of files: dated TIME FILE…
func cmdDated(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: dated TIME FILE…")
	}
	at, err := time.Parse(time.RFC3339, args[0])
	ts.Check(err)
	for _, file := range args[1:] {
		ts.Check(os.Chtimes(ts.MkAbs(file), time.Time{}, at))
	}
}

// cmdStatus writes what the collector would: status FILE SECONDS POOL MODULE=EXPORT,IMPORT…, dated so many seconds after
// 18:00:00 of the day of testNow.
func cmdStatus(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: status FILE SECONDS POOL MODULE=EXPORT,IMPORT…")
	}
	seconds, err := strconv.Atoi(args[1])
	ts.Check(err)
	var modules []string
	for _, text := range args[3:] {
		identity, states, _ := strings.Cut(text, "=")
		exports, imports, _ := strings.Cut(states, ",")
		modules = append(modules, fmt.Sprintf(`{"identity":%q,"exportStatus":%q,"importStatus":%q}`, identity, exports, imports))
	}
	at := testNow.Truncate(time.Hour).Add(-time.Hour + time.Duration(seconds)*time.Second)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil,
		`{"schema":"check_cs_backup/1","collectedAt":%q,"pools":[{"poolFqdn":%q,"modules":[%s]}]}`,
		at.Format(time.RFC3339), args[2], strings.Join(modules, ",")), 0o600))
}

// cmdLocked locks a memory as another check does, until the script ends: locked FILE.
func cmdLocked(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: locked FILE")
	}
	lock := flock.New(ts.MkAbs(args[0]) + ".lock")
	locked, err := lock.TryLock()
	ts.Check(err)
	if !locked {
		ts.Fatalf("somebody else has locked it")
	}
	ts.Defer(func() { lock.Close() })
}

// cmdLines sets an environment variable to several lines: lines NAME LINE…
func cmdLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: lines NAME LINE…")
	}
	ts.Setenv(args[0], strings.Join(args[1:], "\n"))
}

// cmdResult runs the plugin and compares all of its output and its exit code:
//
//	result CODE FILE ARGUMENT…
//
// FILE holds the output that is expected, without the blanks that stand before each end of line for Nagios XI. On the
// file's first line, "| …" stands for performance data that is not looked at. Nothing may stand on standard error.
func cmdResult(ts *testscript.TestScript, neg bool, args []string) {
	expect(ts, neg, args, func(out string) string { return out }, "check_cs_backup")
}

// cmdWrong runs the plugin with a command line that is wrong: wrong TEXT ARGUMENT…, where TEXT is what is wrong. It reads
// no file, so it needs no process of its own.
func cmdWrong(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: wrong TEXT ARGUMENT…")
	}
	var out strings.Builder
	code := run(environment{args: args[1:], getenv: ts.Getenv, environ: os.Environ, stdout: &out, now: time.Now})
	want := "CS BACKUP UNKNOWN - wrong use: " + args[0] + "\n    check_cs_backup --help shows all flags\n"
	if got := strings.ReplaceAll(out.String(), " \n", "\n"); got != want || code != 3 {
		ts.Fatalf("exit code %d, got:\n%s\nwant:\n%s", code, got, want)
	}
}

// expect runs a program with the arguments behind the code and the file, and compares.
func expect(ts *testscript.TestScript, neg bool, args []string, unify func(string) string, program ...string) {
	if difference := differs(ts, neg, args, unify, program...); difference != "" {
		ts.Fatalf("%s", difference)
	}
}

// differs does that and returns what is not as expected.
func differs(ts *testscript.TestScript, neg bool, args []string, unify func(string) string, program ...string) string {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: CODE FILE ARGUMENT…")
	}
	return compare(ts, args[0], ts.ReadFile(args[1]), unify, append(slices.Clone(program), args[2:]...))
}

// compare runs a command and compares its exit code and its output, which may not stand on standard error. It returns
// what is not as expected.
func compare(ts *testscript.TestScript, wantCode, want string, unify func(string) string, command []string) string {
	err := ts.Exec(command[0], command[1:]...)
	got, code := unify(ts.ReadFile("stdout")), exitCode(err)
	got = strings.ReplaceAll(got, " \n", "\n")
	if first, rest, _ := strings.Cut(want, "\n"); strings.HasSuffix(first, "| …") {
		text, _, _ := strings.Cut(got, "|")
		_, gotRest, _ := strings.Cut(got, "\n")
		got, want = text+"| …\n"+gotRest, first+"\n"+rest
	}
	if stderr := ts.ReadFile("stderr"); stderr != "" {
		return "on standard error: " + stderr
	}
	if got != want {
		return "got:\n" + got + "\nwant:\n" + want
	}
	if code != wantCode {
		return "exit code " + code + ", want " + wantCode
	}
	return ""
}

func exitCode(err error) string {
	if err == nil {
		return "0"
	}
	return strings.TrimPrefix(err.Error(), "exit status ")
}

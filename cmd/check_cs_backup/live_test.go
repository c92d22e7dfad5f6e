package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// absent skips a test that needs a program that is not there; under CI it fails, so that nothing is left untried there
// without a word.
func absent(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// TestLiveScripts runs the plugin with a real PowerShell, $PWSH or pwsh on the PATH, and made-up modules. See
// testdata/live.
func TestLiveScripts(t *testing.T) {
	pwsh, err := exec.LookPath(cmp.Or(os.Getenv("PWSH"), "pwsh"))
	if err != nil {
		absent(t, "no PowerShell: "+err.Error())
	}
	runLive(t, absolute(t, pwsh), func(path string) string { return path }, "check_cs_backup_live")
}

// runLive runs the scripts with one PowerShell; path is how that names a file, program how the plugin is started.
func runLive(t *testing.T, pwsh string, path func(string) string, program ...string) {
	t.Helper()
	modules := absolute(t, "../../testdata/powershell")
	types := filepath.Join(t.TempDir(), "types.dll") // compiled once, by the first run
	age := regexp.MustCompile(`, collected [0-9]+ s ago`)
	ageless := func(out string) string { return age.ReplaceAllString(out, ", collected 0 s ago") }
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/live",
		Setup: func(env *testscript.Env) error {
			for name, value := range map[string]string{
				"PSModulePath": path(modules), "FAKE_CS_DLL": path(types), "CHECK_CS_BACKUP_POWERSHELL_PATH": path(pwsh),
				"LC_ALL": "C.UTF-8", "WINEPREFIX": os.Getenv("WINEPREFIX"), "HOME": os.Getenv("HOME"),
			} {
				env.Setenv(name, value)
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "native" { // signals are not those of a program under Wine
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return program[0] == "check_cs_backup_live", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			// answer is what result is in testdata/scripts, with the machine's clock: FILE says that each status is 0 s old.
			"answer": func(ts *testscript.TestScript, neg bool, args []string) {
				expect(ts, neg, args, ageless, program...)
			},
			// timeout is answer with a --timeout that grows until the output is as expected: on a busy machine PowerShell
			// gets nowhere in a short time.
			"timeout": func(ts *testscript.TestScript, neg bool, args []string) {
				for seconds := 8; ; seconds *= 2 {
					difference := differs(ts, neg, append(slices.Clone(args), "--timeout", strconv.Itoa(seconds)), ageless, program...)
					if difference == "" {
						return
					}
					if seconds > 60 {
						ts.Fatalf("%s", difference)
					}
				}
			},
		},
	})
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

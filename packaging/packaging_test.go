// Package packaging makes what is released; see dist. Its tests install and run what `make dist` left in dist/.
package packaging

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const folder = "../dist"

// absent skips a test that needs what is not there; under CI it fails, so that nothing is left untried there without a
// word.
func absent(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// need skips a test that needs programs that are not there.
func need(t *testing.T, programs ...string) {
	t.Helper()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			absent(t, err.Error())
		}
	}
}

// run returns what a program prints, on both streams. It must end well.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// output returns what a program prints on standard output, and its exit code.
func output(t *testing.T, name string, args ...string) (string, int) {
	t.Helper()
	out, err := exec.Command(name, args...).Output()
	if err != nil && exitCode(err) == 0 {
		t.Fatal(err)
	}
	return string(out), exitCode(err)
}

// version is what this checkout would be released as.
func version(t *testing.T) string {
	t.Helper()
	need(t, "git")
	return strings.TrimSpace(run(t, "./version"))
}

// made returns the file of dist/ whose name has the version between two texts.
func made(t *testing.T, before, after string) string {
	t.Helper()
	path := filepath.Join(folder, before+version(t)+after)
	if _, err := os.Stat(path); err != nil {
		absent(t, "nothing made of this commit, run make dist: "+err.Error())
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// sums returns what SHA256SUMS says, by file.
func sums(t *testing.T, folder string) map[string]string {
	t.Helper()
	list := map[string]string{}
	for line := range strings.Lines(string(readFile(t, filepath.Join(folder, "SHA256SUMS")))) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		list[name] = sum
	}
	return list
}

// examples are the files of contrib/, where the packages put them.
func examples(t *testing.T) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS("../contrib"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, "/usr/share/doc/check-cs-backup/examples/"+path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// compare reports what is missing from a list, or too much on it.
func compare(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s lacks %s", what, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s has %s", what, name)
		}
	}
}

// Where the packages put things, as far as they agree.
var commonPaths = []string{
	"/usr/share/icinga2/include/plugins-contrib.d/check_cs_backup.conf",
	"/usr/share/man/man1/check_cs_backup.1.gz",
	"/usr/share/bash-completion/completions/check_cs_backup",
	"/usr/share/fish/vendor_completions.d/check_cs_backup.fish",
	"/usr/share/doc/check-cs-backup/README.md",
}

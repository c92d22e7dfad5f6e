// Package packaging makes what is released; see dist. Its tests install and run what `make dist` left in dist/.
package packaging

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	if testing.Short() {
		t.Skip("-short: it installs and runs what make dist made")
	}
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

// documents are what README links to, and what that is about, as the packages have it below a folder: all of contrib/ and
// docs/ but the manual page, and the texts of the top.
func documents(t *testing.T, below string) []string {
	t.Helper()
	names := []string{below + "README.md", below + "CHANGELOG.md", below + "CONTRIBUTING.md"}
	for _, top := range []string{"contrib", "docs"} {
		err := fs.WalkDir(os.DirFS(".."), top, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && path != "docs/check_cs_backup.1" {
				names = append(names, below+path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// TestReadmeLinks: what README links to is shipped under the name of the link.
func TestReadmeLinks(t *testing.T) {
	shipped := documents(t, "")
	links := regexp.MustCompile(`\]\(([\w./-]+)`).FindAllStringSubmatch(string(readFile(t, "../README.md")), -1)
	for _, link := range links {
		if link := link[1]; link != "LICENSE" && !strings.HasPrefix(link, "http") && !slices.Contains(shipped, link) {
			info, err := os.Stat("../" + link)
			if err != nil || !info.IsDir() {
				t.Errorf("README links to %s, which no package has", link)
			}
		}
	}
	if len(links) < 5 {
		t.Errorf("%d links", len(links))
	}
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
	"/usr/share/doc/check-cs-backup/LICENSE",
	"/usr/share/doc/check-cs-backup/examples",
	"/usr/bin/check_cs_backup",
}

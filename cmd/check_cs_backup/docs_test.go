package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReferences: what points to a file or a section of the documentation finds it.
func TestReferences(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]*)(#[^)]*)?\)`)             // [text](file#section)
	cited := regexp.MustCompile(`docs/\w+\.md(?:, [A-Z][\w' ]*[\w])?`) // a file of docs, Section
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case path.Ext(file) == ".md":
			for _, found := range link.FindAllStringSubmatch(readFile(t, file), -1) {
				target := path.Join(path.Dir(file), found[1])
				if found[1] == "" {
					target = file
				}
				if _, err := fs.Stat(root, target); err != nil {
					t.Errorf("%s: %s leads nowhere", file, found[0])
				} else if found[2] != "" && !slices.Contains(headings(t, target, anchor), found[2][1:]) {
					t.Errorf("%s: %s has no such section", file, found[0])
				}
			}
		case path.Ext(file) == ".go", path.Ext(file) == ".ps1":
			for _, found := range cited.FindAllString(readFile(t, file), -1) {
				target, section, _ := strings.Cut(found, ", ")
				begins := func(heading string) bool { return strings.HasPrefix(section, heading) }
				if _, err := fs.Stat(root, target); err != nil {
					t.Errorf("%s: %s leads nowhere", file, found)
				} else if section != "" && !slices.ContainsFunc(headings(t, target, plain), begins) {
					t.Errorf("%s: %s has no such section", file, found)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPrometheus runs the command of docs/other-systems.md, and looks for the lines that the page shows.
func TestPrometheus(t *testing.T) {
	for _, program := range []string{"sh", "jq"} {
		if _, err := exec.LookPath(program); err != nil {
			absent(t, err.Error())
		}
	}
	page, dir := readFile(t, "docs/other-systems.md"), t.TempDir()
	write(t, filepath.Join(dir, "status.json"), readFile(t, "contrib/samples/broken.json"))
	cmd := exec.Command("sh", "-c", blocks(t, page, "sh")[0])
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "cs_backup.prom"))
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^cs_backup_\w+(\{.*\})? \d+$`)
	shown := line.FindAllString(page, -1)
	if len(shown) != 3 || len(line.FindAllString(string(got), -1)) != 15 {
		t.Errorf("the page shows %q, there came\n%s", shown, got)
	}
	age := regexp.MustCompile(`(age_seconds\{.*\}) \d+`)
	for _, want := range shown {
		if !strings.Contains(age.ReplaceAllString(string(got), "$1"), age.ReplaceAllString(want, "$1")+"\n") {
			t.Errorf("%q did not come, but\n%s", want, got)
		}
	}
}

// headings returns the headings of a Markdown file in some form.
func headings(t *testing.T, file string, form func(string) string) []string {
	t.Helper()
	var list []string
	for _, found := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(readFile(t, file), -1) {
		list = append(list, form(found[1]))
	}
	return list
}

func plain(heading string) string { return heading }

// anchor is what a link to a heading has behind its #.
func anchor(heading string) string {
	return strings.ReplaceAll(regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// TestCollectorsDocument: docs/design.md explains each key that the collector writes.
func TestCollectorsDocument(t *testing.T) {
	rows := table(t, readFile(t, "docs/design.md"), "| key | value |")
	explained := ""
	for _, row := range rows {
		explained += row[0] + row[1] // an event's keys stand in the second cell
	}
	count := 0
	script := readFile(t, "check/source/collector.ps1")
	for _, object := range regexp.MustCompile(`\[ordered\]@\{([^}]*)\}`).FindAllStringSubmatch(script, -1) {
		for _, key := range regexp.MustCompile(`(?m)^\s*(\w+)\s*=`).FindAllStringSubmatch(object[1], -1) {
			count++
			if !strings.Contains(explained, "`"+key[1]+"`") {
				t.Errorf("docs/design.md does not have %s", key[1])
			}
		}
	}
	if count < 15 {
		t.Errorf("the collector writes %d keys only", count)
	}
}

// TestSftp runs the two lines of docs/setup.md that push a status, against the server that OpenSSH brings: the old file is
// replaced.
func TestSftp(t *testing.T) {
	const server = "/usr/lib/openssh/sftp-server"
	if _, err := os.Stat(server); err != nil {
		absent(t, err.Error())
	}
	dir := t.TempDir()
	for _, folder := range []string{"from", "to"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, folder, "status.json"), folder)
	}
	_, batch, _ := strings.Cut(readFile(t, "docs/setup.md"), "```\nput ")
	batch, _, _ = strings.Cut("put "+batch, "```")
	batch = strings.NewReplacer("C:/check_cs_backup", dir+"/from", "/var/spool/cs_backup", dir+"/to").Replace(batch)
	write(t, filepath.Join(dir, "push.txt"), batch)
	if out, err := exec.Command("sftp", "-D", server, "-b", filepath.Join(dir, "push.txt")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	files, err := os.ReadDir(filepath.Join(dir, "to"))
	got, readErr := os.ReadFile(filepath.Join(dir, "to", "status.json"))
	if err != nil || readErr != nil || len(files) != 1 || string(got) != "from" {
		t.Errorf("%v, %v, %v, %q", files, err, readErr, got)
	}
}

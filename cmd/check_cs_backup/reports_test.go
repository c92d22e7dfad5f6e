package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestReports runs the plugin on what was reported to go wrong. See testdata/reports.
func TestReports(t *testing.T) {
	const folder = "../../testdata/reports"
	shell, err := exec.LookPath("sh")
	if err != nil {
		absent(t, "no shell: "+err.Error())
	}
	table, err := os.ReadFile(filepath.Join(folder, "reports.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(strings.TrimSpace(string(table)), "\n")[1:]
	if len(rows) < 100 {
		t.Fatalf("only %d reports", len(rows))
	}
	for i, row := range rows {
		if testing.Short() && i%4 > 0 {
			continue
		}
		f := strings.Split(row, "\t")
		name, exits, says, saysNot, arguments := f[0], strings.Split(f[1], ","), f[2], f[3], f[4]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			// Some need no file; git keeps no empty folder.
			if err := os.CopyFS(dir, os.DirFS(filepath.Join(folder, name))); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			cmd := exec.Command(shell, "-c", "check_cs_backup "+arguments)
			cmd.Dir = dir
			var errors bytes.Buffer
			cmd.Stderr = &errors
			out, err := cmd.Output()
			if code := exitCode(err); !slices.Contains(exits, code) {
				t.Errorf("exit code %s, want %s", code, f[1])
			}
			if errors.Len() > 0 {
				t.Errorf("on standard error: %s", &errors)
			}
			if !bytes.HasPrefix(out, []byte("CS BACKUP ")) {
				t.Error("the first line does not begin with CS BACKUP")
			}
			if says != "-" && !regexp.MustCompile(says).Match(out) {
				t.Errorf("does not say %s", says)
			}
			if saysNot != "-" && regexp.MustCompile(saysNot).Match(out) {
				t.Errorf("says %s", saysNot)
			}
			if t.Failed() {
				t.Logf("%s\n%s", arguments, out)
			}
		})
	}
}

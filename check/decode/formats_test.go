package decode

import (
	"os"
	"strings"
	"testing"
)

// TestReadmeHasEveryFormat: "What it reads" has a row for each format, in which it is named, and no row more.
func TestReadmeHasEveryFormat(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## What it reads\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string]bool{}
	for line := range strings.Lines(section) {
		if cells := strings.Split(line, "|"); len(cells) > 3 && !strings.HasPrefix(line, "|---") {
			rows[strings.Trim(cells[1], " *")] = true
		}
	}
	delete(rows, "format")
	for _, f := range formats() {
		if f.name == "" {
			continue // of lines that are no status
		}
		if !rows[f.name] {
			t.Errorf("the README has no row %q", f.name)
		}
		delete(rows, f.name)
	}
	for row := range rows {
		t.Errorf("the README has a row %q, which is no format", row)
	}
}

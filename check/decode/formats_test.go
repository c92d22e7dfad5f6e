package decode

import (
	"os"
	"strings"
	"testing"
)

// TestPageHasEveryFormat: docs/formats.md has a row for each format, in which it is named, and no row more.
func TestPageHasEveryFormat(t *testing.T) {
	page, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	section, _, _ := strings.Cut(string(page), "\n## ")
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
			t.Errorf("the page has no row %q", f.name)
		}
		delete(rows, f.name)
	}
	for row := range rows {
		t.Errorf("the page has a row %q, which is no format", row)
	}
}

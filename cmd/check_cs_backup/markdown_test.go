package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// readFile reads a file of the repository.
func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks returns the code blocks of a Markdown text that are fenced with this language.
func blocks(t *testing.T, text, language string) []string {
	t.Helper()
	var found []string
	for {
		_, rest, ok := strings.Cut(text, "\n```"+language+"\n")
		if !ok {
			break
		}
		block, rest, ok := strings.Cut(rest, "\n```\n")
		if !ok {
			t.Fatalf("a block of %s has no end", language)
		}
		found = append(found, block+"\n")
		text = rest
	}
	if len(found) == 0 {
		t.Errorf("there is no block of %s", language)
	}
	return found
}

// table returns the rows of the Markdown table with this head, cell by cell.
func table(t *testing.T, text, head string) [][]string {
	t.Helper()
	_, body, ok := strings.Cut(text, "\n"+head+"\n")
	if !ok {
		t.Fatalf("there is no table %s", head)
	}
	var rows [][]string
	for line := range strings.Lines(body) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return rows[1:] // below the line of dashes
}

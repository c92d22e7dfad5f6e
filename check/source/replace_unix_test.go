//go:build unix

package source

import (
	"os"
	"testing"
)

// replaceSlowly puts a text in the place of a file in one step.
func replaceSlowly(t *testing.T, file, text string) {
	if err := os.WriteFile(file+".tmp", []byte(text), 0o600); err != nil {
		t.Error(err)
	}
	if err := os.Rename(file+".tmp", file); err != nil {
		t.Error(err)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCutByNRPE: NRPE version 2 cuts an answer at 1,023 bytes, and what pipes it on may put a line end behind.
func TestCutByNRPE(t *testing.T) {
	whole := string(document(10))
	const advice = "packets of NRPE version 2 hold 1,024 bytes, as many as came"
	for _, c := range []struct {
		name, text, what string
		isNRPE           bool
	}{
		{"cut", whole[:1023], "the JSON breaks off: it is cut", true},
		{"with a line end", whole[:1023] + "\n", "the JSON breaks off: it is cut", true},
		{"cut elsewhere", whole[:500] + "\n", "the JSON breaks off: it is cut", false},
		{"longer", whole[:1500], "the JSON breaks off: it is cut", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "status.json")
			write(t, file, c.text)
			stdin, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer stdin.Close()
			var out strings.Builder
			code := run(environment{
				args: []string{"-f", "-"}, getenv: func(string) string { return "" }, environ: os.Environ, stdin: stdin, stdout: &out,
				now: func() time.Time { return testNow },
			})
			if code != 3 || !strings.Contains(out.String(), c.what) || strings.Contains(out.String(), advice) != c.isNRPE {
				t.Errorf("exit code %d: %s", code, out.String())
			}
		})
	}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestHugeStatus: what is valid and as large as may be is judged and rendered before any time limit, however it is
// printed. Work that grew with the square of the modules took minutes.
func TestHugeStatus(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: 59,000 modules")
	}
	const modules = 59_000
	var b strings.Builder
	b.WriteString(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[{"poolFqdn":"pool01","events":[` +
		`{"id":4042,"level":"Error","module":"M58999","text":"a"},{"id":4007,"level":"Error","module":"none","text":"b"},` +
		`{"id":4069,"level":"Error","module":"M0","text":"c"}],"modules":[`)
	for i := range modules {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"identity":"M%d","exportStatus":"ErrorState","importStatus":"NonSteadyState"}`, i)
	}
	b.WriteString(`]}]}`)
	file := filepath.Join(t.TempDir(), "status.json")
	write(t, file, b.String())
	for _, output := range []string{"", "-v", "-vvv", "-o json", "--profile failover",
		"--state-file " + filepath.Join(t.TempDir(), "state.json")} {
		var out strings.Builder
		start := time.Now()
		code := run(environment{
			args: append([]string{"-f", file, "-t", "60"}, strings.Fields(output)...), getenv: func(string) string { return "" },
			environ: os.Environ,
			stdout:  &out, now: func() time.Time { return testNow },
		})
		t.Logf("%q: %s, %d bytes", output, time.Since(start).Round(time.Millisecond), out.Len())
		if code != 2 || strings.Contains(out.String(), "not done in time") {
			t.Errorf("%q: exit code %d: %.300s", output, code, out.String())
		}
	}
}

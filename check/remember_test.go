package check

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// judged runs a check of a module's export with a state file, as of so many seconds after now.
func judged(t *testing.T, file, state string, seconds int, ranges ...string) thresholds.Judgement {
	t.Helper()
	at := now.Add(time.Duration(seconds) * time.Second)
	data := fmt.Appendf(nil, `{"schema":"check_cs_backup/1","collectedAt":%q,"pools":[{"poolFqdn":"p","modules":[{"identity":"A.B","exportStatus":%q,"importStatus":"NormalState"}]}]}`,
		at.Format(time.RFC3339), state)
	s := Settings{
		Source: from(source.Item{Name: "status.json", Data: data}), StateFile: file,
		Now: func() time.Time { return at }, Phase: func(string) {},
		Rules: thresholds.Settings{Profile: thresholds.Default},
	}
	for i, field := range []**thresholds.Range{&s.Rules.Warning, &s.Rules.Critical} {
		if i < len(ranges) {
			r, err := thresholds.ParseRange(ranges[i])
			if err != nil {
				t.Fatal(err)
			}
			*field = &r
		}
	}
	return Run(context.Background(), s)
}

// TestStateFile: what one check leaves, the next one knows.
func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	for i, want := range []thresholds.Severity{thresholds.OK, thresholds.Warning, thresholds.Critical} {
		j := judged(t, file, "NonSteadyState", 700*i, "10m", "20m")
		if j.Severity != want || len(j.Remarks) > 0 {
			t.Errorf("%d: %s, %v", i, j.Severity, j.Remarks)
		}
	}
}

// TestBrokenStateFile: whatever is wrong with it, the verdict is that of the rules, and it is said once. Nothing that is
// not understood is overwritten.
func TestBrokenStateFile(t *testing.T) {
	folder := t.TempDir()
	files := map[string]string{
		"damaged": "hello", "empty": "", "newer": `{"schema":"check_cs_backup/memory/2"}`, "other": "{}",
		"half": `{"schema":"check_cs_backup/memory/1","pools":{"p":{"a.b":{"seen":"2026-`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "written.tmp", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"FinalState", "NonSteadyState", "NotInitialized", "ErrorState", "Odd", ""} {
		want := judged(t, "", state, 0)
		for _, name := range []string{"damaged", "empty", "newer", "other", "half", "written", ".", "absent/x"} {
			j := judged(t, filepath.Join(folder, name), state, 0, "10m", "20m")
			if j.Severity != want.Severity || len(j.Remarks) != 1 || j.Remarks[0].Kind != thresholds.MemoryFailed || j.Remarks[0].Err == nil {
				t.Errorf("%s, %s: %s, not %s; %v", name, state, j.Severity, want.Severity, j.Remarks)
			}
		}
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != text {
			t.Errorf("%s: %v, %s", name, err, got)
		}
	}
}

// TestNothingToRemember: where nothing was read, the memory has no part in it, and is not blamed.
func TestNothingToRemember(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	j := Run(context.Background(), Settings{
		Source: from(source.Item{Name: "status.json", Err: errors.New("x")}), StateFile: file,
		Now: func() time.Time { return now }, Phase: func(string) {},
	})
	if _, err := os.Stat(file); err == nil || len(j.Remarks) > 0 || j.Memory != nil || j.Severity != thresholds.Unknown {
		t.Errorf("%s, %v, %v", j.Severity, j.Remarks, err)
	}
}

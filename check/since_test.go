package check

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// document is a status of the export of one module, of so many seconds after now.
func document(pool, identity, state string, seconds int) source.Item {
	return source.Item{Name: "status.json",
		Data: fmt.Sprintf(`{"schema":"check_cs_backup/1","collectedAt":%q,"pools":[{"poolFqdn":%q,"modules":[`+
			`{"identity":%q,"exportStatus":%q,"importStatus":"NormalState"}]}]}`,
			now.Add(time.Duration(seconds)*time.Second).Format(time.RFC3339), pool, identity, state)}
}

// judged runs a check with a state file, by a clock that is so many seconds after now.
func judged(t *testing.T, file string, seconds int, limits []string, items ...source.Item) thresholds.Judgement {
	t.Helper()
	s := Settings{
		Source: from(items...), StateFile: file, Phase: func(string) {},
		Now:   func() time.Time { return now.Add(time.Duration(seconds) * time.Second) },
		Rules: thresholds.Settings{Profile: thresholds.Default},
	}
	for _, text := range limits {
		var l thresholds.Limit
		if err := l.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		s.Rules.Critical = append(s.Rules.Critical, l)
	}
	return Run(context.Background(), s)
}

// TestStateFile: what one check leaves, the next one knows, whatever rules they have; and an empty file is a new one.
func TestStateFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, want := range []thresholds.Severity{thresholds.Warning, thresholds.Warning, thresholds.Critical} {
		j := judged(t, file, 700*i, []string{"20m"}, document("p", "A.B", "NonSteadyState", 700*i))
		if j.Severity != want || len(j.Findings) > 0 || len(j.Notes) > 0 != (i == 0) {
			t.Errorf("%d: %s, %v, %v", i, j.Severity, j.Findings, j.Notes)
		}
	}
}

// TestNamedByPool: a status that names no pool is remembered under the name that --pool gives it.
func TestNamedByPool(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state.json")
	j := Run(context.Background(), Settings{
		Source:    from(source.Item{Name: "a", Data: "{A.B:[NonSteadyState,NormalState]}", Modified: now}),
		StateFile: file, Now: func() time.Time { return now }, Phase: func(string) {},
		Rules: thresholds.Settings{Profile: thresholds.Default, Pools: []string{"pool01.contoso.com"}},
	})
	if j.Severity != thresholds.Warning || len(j.Pools) != 1 || j.Pools[0].Name != "pool01.contoso.com" {
		t.Errorf("%s, %v", j.Severity, j.Findings)
	}
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), `"pool01.contoso.com"`) {
		t.Errorf("%v: %s", err, text)
	}
}

// TestBrokenStateFile: whatever is wrong with it is one UNKNOWN beside the verdict of the rules, and nothing that is not
// understood is overwritten.
func TestBrokenStateFile(t *testing.T) {
	folder := t.TempDir()
	files := map[string]string{
		"damaged": "hello", "blank": "\n", "newer": `{"schema":"check_cs_backup/memory/2"}`, "other": "{}",
		"half": `{"schema":"check_cs_backup/memory/1","pools":{"p":{"a.b":{"seen":"2026-`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(folder, "written.check_cs_backup.tmp", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"FinalState", "NonSteadyState", "NotInitialized", "ErrorState", "Odd", ""} {
		rules := judged(t, "", 0, nil, document("p", "A.B", state, 0))
		for _, name := range []string{"damaged", "blank", "newer", "other", "half", "written", ".", "absent/x"} {
			j := judged(t, filepath.Join(folder, name), 0, []string{"20m"}, document("p", "A.B", state, 0))
			want := thresholds.Worst(rules.Severity, thresholds.Unknown)
			if last := len(j.Findings) - 1; j.Severity != want || last != len(rules.Findings) ||
				j.Findings[last].Kind != thresholds.MemoryFailed {
				t.Errorf("%s, %s: %s, not %s; %v", name, state, j.Severity, want, j.Findings)
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
	j := judged(t, file, 0, nil, source.Item{Name: "status.json", Err: errors.New("x")})
	if _, err := os.Stat(file); err == nil || len(j.Findings) != 1 || j.Severity != thresholds.Unknown {
		t.Errorf("%s, %v, %v", j.Severity, j.Findings, err)
	}
}

// damage changes the bytes of a state file somehow, or leaves them.
func damage(random *rand.Rand, data []byte) []byte {
	if len(data) == 0 {
		return []byte(`{"schema":"check_cs_backup/memory/1","pools":{"p.x":{"a.b":{"seen":"2026-11-24T19:00:00Z"}}}}`)
	}
	data = append([]byte{}, data...)
	i := random.IntN(len(data))
	switch random.IntN(6) {
	case 0:
		return data[:i]
	case 1:
		data[i] = byte(random.IntN(256))
	case 2: // another date, which may be in the future
		return []byte(strings.Replace(string(data), "2026-11-2", fmt.Sprintf("20%02d-11-2", random.IntN(50)), 1+random.IntN(3)))
	case 3: // another digit
		if j := strings.IndexAny(string(data[i:]), "0123456789"); j >= 0 {
			data[i+j] = byte('0' + random.IntN(10))
		}
	case 4:
		return append(data, data[i:]...)
	}
	return data
}

// A remembered module is what the second judge knows of it: when it was seen last, and since when it is unhealthy.
type remembered struct {
	seen, since int // seconds of the clock
	unhealthy   bool
}

// A secondJudge remembers all modules, by their identity.
type secondJudge map[string]*remembered

// verdict makes CRITICAL what is a WARNING without a memory and lasts for longer than a limit, in seconds; 0 is none.
func (j secondJudge) verdict(without thresholds.Severity, identity, state string, clock, limit int) thresholds.Severity {
	healthy := state == "FinalState" || state == "SteadyState" || state == "NotInitialized" && identity != "A.B"
	was := j[identity]
	if was == nil {
		was = &remembered{seen: clock}
		j[identity] = was
	}
	if clock >= was.seen {
		if !was.unhealthy || clock-was.seen > 24*3600 {
			was.since = clock
		}
		was.seen, was.unhealthy = clock, !healthy
	}
	if without == thresholds.Warning && limit > 0 && !healthy && was.unhealthy && clock-was.since > limit {
		return thresholds.Critical
	}
	return without
}

// TestNeverMilder: in random rows of statuses, with random damage to the file, the exit code is never better with a state
// file than without, and with a memory that works it is what a second judge says who remembers all there was.
func TestNeverMilder(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 1))
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	gaps := []int{30, 300, 300, 900, 3600, 23 * 3600, 24*3600 + 1, -60}
	limits := []struct {
		texts   string
		seconds map[string]int // by module
	}{
		{"", nil},
		{"10m", map[string]int{"A.B": 600, "CentralMgmt.CMSMaster": 600}},
		{"10m A.*=1h", map[string]int{"A.B": 3600, "CentralMgmt.CMSMaster": 600}},
		{"CentralMgmt.CMSMaster=5m", map[string]int{"CentralMgmt.CMSMaster": 300}},
		{"A.B=1s *=2d", map[string]int{"A.B": 2 * 86400, "CentralMgmt.CMSMaster": 2 * 86400}},
	}
	rounds := 200
	if testing.Short() {
		rounds = 40
	}
	for round := range rounds {
		file, intact := filepath.Join(t.TempDir(), "state.json"), round%2 == 0
		second, clock, story := secondJudge{}, 0, ""
		for range 8 {
			clock += gaps[random.IntN(len(gaps))]
			identity := pick("A.B", "CentralMgmt.CMSMaster")
			state := pick("FinalState", "SteadyState", "NonSteadyState", "NonSteadyState", "NonSteadyState", "NotInitialized",
				"ErrorState", "Odd")
			for _, l := range limits {
				if random.IntN(len(limits)) > 0 {
					continue
				}
				item := document(pick("p", "p.x", "P.X"), identity, state, clock)
				without := judged(t, "", clock, nil, item).Severity
				got := judged(t, file, clock, strings.Fields(l.texts), item).Severity
				story += fmt.Sprintf("\n%d %s %s -c %s: %s", clock, identity, state, l.texts, got)
				if without.WorseThan(got) {
					t.Fatalf("milder than %s: %s", without, story)
				}
				if want := second.verdict(without, identity, state, clock, l.seconds[identity]); intact && got != want {
					t.Fatalf("want %s: %s", want, story)
				}
			}
			if data, err := os.ReadFile(file); !intact && err == nil && random.IntN(3) == 0 {
				data = damage(random, data)
				story += fmt.Sprintf("\n%s", data)
				if err := os.WriteFile(file, data, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// FuzzStateFile: whatever the file holds, the exit code is never better than without it.
func FuzzStateFile(f *testing.F) {
	f.Add([]byte(`{"schema":"check_cs_backup/memory/1","pools":{"p":{"a.b":{`+
		`"seen":"2026-11-24T19:00:00Z","exportUnhealthySince":"2026-11-24T18:00:00Z"}}}}`), "NonSteadyState", 60)
	f.Add([]byte("hello"), "FinalState", 0)
	f.Add([]byte{}, "ErrorState", -60)
	f.Fuzz(func(t *testing.T, data []byte, state string, seconds int) {
		file := filepath.Join(t.TempDir(), "state.json")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		seconds %= 1e8
		item := document("p", "A.B", state, seconds)
		without := judged(t, "", seconds, nil, item)
		if got := judged(t, file, seconds, []string{"30m"}, item); without.Severity.WorseThan(got.Severity) {
			t.Errorf("%s, without %s", got.Severity, without.Severity)
		}
	})
}

package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/memory"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// lasting are settings with a memory in which each module of these pools was unhealthy for so long already.
func lasting(t *testing.T, warning, critical string, since time.Duration, pools ...status.Pool) thresholds.Settings {
	t.Helper()
	s := settings()
	s.MaxAge, s.Memory = 0, &memory.Memory{}
	for text, r := range map[string]**thresholds.Range{warning: &s.Warning, critical: &s.Critical} {
		if text == "" {
			continue
		}
		parsed, err := thresholds.ParseRange(text)
		if err != nil {
			t.Fatal(err)
		}
		*r = &parsed
	}
	earlier := thresholds.Input{Snapshot: status.Snapshot{CollectedAt: input().CollectedAt.Add(-since), Pools: pools}}
	s.Memory = thresholds.Judge([]thresholds.Input{earlier}, s, now).Memory
	return s
}

// timed are options as the settings ask for them.
func timed(s thresholds.Settings) Options {
	o := prefixed()
	o.MaxAge, o.Times, o.Warning, o.Critical = 0, true, s.Warning, s.Critical
	return o
}

// TestTimesInTheFirstLine: it says since when, and what is tolerated, of how many pools there are.
func TestTimesInTheFirstLine(t *testing.T) {
	late := module("ConfServices.DataConf", "NonSteadyState", "NotInitialized")
	rgs := module("ApplicationServer.RGSDataStore", "NotInitialized", "NormalState")
	for _, tt := range []struct {
		name  string
		pools []status.Pool
		want  string
	}{
		{"nothing else", []status.Pool{pool("p", late)},
			"OK - p: 0 modules healthy (tolerated: ConfServices.DataConf export NonSteadyState since 12 min, import NotInitialized since 12 min)"},
		{"several", []status.Pool{pool("p", users, late, rgs)},
			"OK - p: 1 module healthy (tolerated: ConfServices.DataConf export NonSteadyState since 12 min, import NotInitialized since 12 min and 1 more)"},
		{"several pools", []status.Pool{pool("p", users), pool("q", rgs), pool("r", late)},
			"OK - 3 pools, 1 module healthy (tolerated: q: ApplicationServer.RGSDataStore export NotInitialized since 12 min and 1 more)"},
		{"beside something worse", []status.Pool{pool("p", users, late, broken)},
			"CRITICAL - p: ConfServices.DataConf export ErrorState since 12 min (1 more module healthy, 1 tolerated)"},
	} {
		s := lasting(t, "15m", "", 12*time.Minute, tt.pools...)
		got, _, _ := strings.Cut(render(timed(s), s, input(tt.pools...)), " |")
		if got != "CS BACKUP "+tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// TestToleratedIsShown: among many healthy pools the one with something tolerated is shown, behind what is worse.
func TestToleratedIsShown(t *testing.T) {
	var pools []status.Pool
	for i := range 20 {
		pools = append(pools, pool(fmt.Sprintf("pool%02d", i), users))
	}
	pools = append(pools, pool("late", slow, users), pool("sick", broken))
	s := lasting(t, "15m", "", 12*time.Minute, pools...)
	_, got, _ := strings.Cut(unify(render(timed(s), s, input(pools...))), "\n")
	want := `[CRITICAL] sick, collected 40 s ago
[CRITICAL] ConfServices.DataConf: export ErrorState since 12 min, import NormalState
    look for event 4042: see to the partner's file store: network, permissions, SMB 445 from each front end; NAS devices are not supported
[OK] late, collected 40 s ago
[OK] ConfServices.DataConf: export NonSteadyState since 12 min (tolerated by --warning), import NormalState
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] 20 healthy pools, 20 modules
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestToleratedInAPair: the way says that there is something, the pool says what. A memory that can't be had makes no pair
// unready, nor ready.
func TestToleratedInAPair(t *testing.T) {
	a, b := pool("a.x", slow, users), pool("b.x", users, module("ConfServices.DataConf", "FinalState", "NormalState"))
	a.Backup, b.Backup = "b.x", "a.x"
	s := lasting(t, "15m", "", 12*time.Minute, a, b)
	_, got, _ := strings.Cut(unify(render(timed(s), s, input(b, a))), "\n")
	want := `[OK] a.x to b.x: 2 modules, 1 state tolerated
[OK] b.x to a.x: 2 modules healthy
[OK] a.x, collected 40 s ago
[OK] ConfServices.DataConf: export NonSteadyState since 12 min (tolerated by --warning), import NormalState
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] b.x, collected 40 s ago: 2 modules healthy
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for state, want := range map[status.State]bool{"FinalState": true, "NonSteadyState": false} {
		a.Modules = []status.Module{module("ConfServices.DataConf", state, "NormalState"), users}
		s.Profile = thresholds.Failover
		in := input(a, b)
		in.CollectedAt = time.Time{}
		j := thresholds.Judge([]thresholds.Input{in}, s, now)
		if ready := j.Ready(); ready != want || len(j.Remarks) != 2 {
			t.Errorf("%s: ready is %v; %v", state, ready, j.Remarks)
		}
	}
}

// TestTimesInPerfData: they stand behind all states, or not at all; which it is depends on labels alone, never on a
// state, nor on whether a time is known.
func TestTimesInPerfData(t *testing.T) {
	for _, tt := range []struct {
		pools, modules, states, times int
		warning                       string
	}{
		{1, 1, 2, 2, ""},
		{1, 19, 38, 38, ""}, // 188 bytes for each module, of 3,696
		{1, 20, 40, 0, ""},
		{1, 40, 80, 0, ""},
		{1, 17, 34, 34, ""},
		{1, 17, 34, 0, "0.00000000123456789"}, // thresholds take room, too
		{1, 80, 1, 0, ""},
		{200, 1, 0, 0, ""},
	} {
		for _, state := range []status.State{"FinalState", "NonSteadyState", "ErrorState"} {
			for _, named := range []bool{true, false} {
				var pools []status.Pool
				for p := range tt.pools {
					one := status.Pool{Name: fmt.Sprintf("pool%03d", p)}
					for m := range tt.modules {
						one.Modules = append(one.Modules, module(fmt.Sprintf("Made.Up_%03d", m), state, "NormalState"))
					}
					pools = append(pools, one)
				}
				s := lasting(t, tt.warning, "", time.Hour, pools...)
				in := input(pools...)
				want := tt.times
				if !named {
					in.CollectedAt, want = time.Time{}, 0 // no time is known
				}
				states, times := 0, 0
				for _, metric := range metrics(render(timed(s), s, in)) {
					if strings.Contains(metric, "_unhealthy=") {
						times++
					} else if states++; times > 0 {
						t.Errorf("a state behind a time: %s", metric)
					}
				}
				if states != tt.states || times != want {
					t.Errorf("%d pools, %d modules, %s, dated %v: %d states, %d times", tt.pools, tt.modules, state, named, states, times)
				}
			}
		}
	}
}

// TestTimesWithTheSameLabel: the longer one counts, and one that is not known counts for nothing. A module that is absent
// has none.
func TestTimesWithTheSameLabel(t *testing.T) {
	pools := []status.Pool{pool("p", module("x_y", "FinalState", "NormalState"), module("X.Y", "NonSteadyState", "NormalState"))}
	s := lasting(t, "@5m:", "30m", 12*time.Minute, pools...)
	s.Expect = []thresholds.Pattern{"A.B"}
	got := metrics(render(timed(s), s, input(pools...)))
	want := "p_x_y_export=1 p_x_y_import=0 p_a_b_export=2 p_a_b_import=2 p_x_y_export_unhealthy=720s p_x_y_import_unhealthy=0s"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	line, _, _ := strings.Cut(render(timed(s), s, input(pools...)), "\n")
	if !strings.Contains(line, "'p_x_y_export_unhealthy'=720s;;1800;0;") {
		t.Errorf("a range that is not plain is drawn, or one that is plain is not: %s", line)
	}
}

// TestManyRemarks: of many pools that can't be remembered, one is named.
func TestManyRemarks(t *testing.T) {
	var pools []status.Pool
	for i := range 300 {
		pools = append(pools, pool(fmt.Sprintf("pool%03d", i), slow))
	}
	s := lasting(t, "15m", "", time.Minute, pools...)
	in := input(pools...)
	in.CollectedAt = time.Time{}
	out := unify(render(timed(s), s, in))
	if n := strings.Count(out, "since when is not known"); n != 1 || len(out) > outputBudget {
		t.Errorf("%d lines, %d bytes: %s", n, len(out), out)
	}
	if want := "\nsince when is not known: pool000 and 299 more pools: the status has no date that can be believed; "; !strings.Contains(out, want) {
		t.Errorf("got %s", out)
	}
}

// TestRemarks: each is one line, which is never left out, and it changes neither a verdict nor the exit code.
func TestRemarks(t *testing.T) {
	var pools []status.Pool
	for i := range 300 {
		pools = append(pools, pool(fmt.Sprintf("pool%03d", i), broken))
	}
	j := thresholds.Judge([]thresholds.Input{input(pools...)}, settings(), now)
	j.Remarks = append(j.Remarks, thresholds.Remark{
		Kind: thresholds.MemoryFailed, Origin: "C:\\state|<1>\n.json",
		Err: status.Loss{What: "is\tdamaged", Advice: "move it\naway", Err: errors.New("a | b")},
	})
	out := unify(Render(j, prefixed()))
	const want = "\nsince when is not known: C:/state¦‹1› .json: is damaged: a ¦ b; move it away\n"
	if !strings.Contains(out, want) || len(out) > outputBudget {
		t.Errorf("%d bytes without the line: %s", len(out), out)
	}
	if first, _, _ := strings.Cut(out, " |"); first != "CS BACKUP CRITICAL - pool000: ConfServices.DataConf export ErrorState (299 more problems, --state-file failed)" {
		t.Errorf("got %s", first)
	}
}

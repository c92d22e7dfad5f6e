package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// lasting are settings with a memory in which each direction is unhealthy for so long already.
func lasting(t *testing.T, since time.Duration, limits ...string) thresholds.Settings {
	t.Helper()
	s := settings()
	s.MaxAge = 0
	s.Memory = thresholds.Memory{File: "state.json", Since: func(_ string, _ status.Module, _ status.Direction, at time.Time) (time.Time,
		bool) {
		return at.Add(-since), !at.IsZero()
	}}
	for _, text := range limits {
		var l thresholds.Limit
		if err := l.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		s.Critical = append(s.Critical, l)
	}
	return s
}

// timed are options as the settings ask for them.
func timed(s thresholds.Settings) Options {
	o := prefixed()
	o.MaxAge, o.Times, o.Critical = 0, true, s.Critical
	return o
}

// TestTimesInTheFirstLine: it says for how long each of the states is unhealthy that is not OK.
func TestTimesInTheFirstLine(t *testing.T) {
	late := module("ConfServices.DataConf", "NonSteadyState", "NotInitialized")
	for _, tt := range []struct {
		limits string
		pool   status.Pool
		want   string
	}{
		{"", pool("p", late), "WARNING - p: ConfServices.DataConf export NonSteadyState, unhealthy for at least 12 min, " +
			"import NotInitialized, unhealthy for at least 12 min"},
		{"", pool("p", users, slow),
			"WARNING - p: ConfServices.DataConf export NonSteadyState, unhealthy for at least 12 min (1 more module healthy)"},
		{"10m", pool("p", users, slow),
			"CRITICAL - p: ConfServices.DataConf export NonSteadyState, unhealthy for at least 12 min (by --critical) " +
				"(1 more module healthy)"},
		{"10m", pool("p", broken), "CRITICAL - p: ConfServices.DataConf export ErrorState, unhealthy for at least 12 min"},
		{"10m", pool("p", users), "OK - p: 1 module healthy"},
	} {
		s := lasting(t, 12*time.Minute, strings.Fields(tt.limits)...)
		got, _, _ := strings.Cut(render(timed(s), s, input(tt.pool)), " |")
		if got != "CS BACKUP "+tt.want {
			t.Errorf("got\n%s\nwant\n%s", got, tt.want)
		}
	}
}

// TestTimesInPerfData: there is one for each pool, behind its states or its one state. What is shown depends on labels and
// thresholds alone, never on a state, nor on whether a time is known.
func TestTimesInPerfData(t *testing.T) {
	for _, tt := range []struct {
		pools, modules, states, times int
		limits                        string
	}{
		{1, 1, 2, 1, ""},
		{1, 40, 80, 1, ""},
		{2, 20, 80, 2, ""},
		{1, 80, 1, 1, ""}, // one state of the pool
		{200, 1, 0, 0, ""},
	} {
		for _, state := range []status.State{"FinalState", "NonSteadyState", "ErrorState"} {
			for _, known := range []bool{true, false} {
				var pools []status.Pool
				for p := range tt.pools {
					one := status.Pool{Name: fmt.Sprintf("pool%03d", p)}
					for m := range tt.modules {
						one.Modules = append(one.Modules, module(fmt.Sprintf("Made.Up_%03d", m), state, "NormalState"))
					}
					pools = append(pools, one)
				}
				s := lasting(t, time.Hour, strings.Fields(tt.limits)...)
				in := input(pools...)
				want := tt.times
				if !known {
					in.CollectedAt = time.Time{}
					if state != "FinalState" { // else it is known that all is well
						want = 0
					}
				}
				states, times := 0, 0
				for _, metric := range metrics(render(timed(s), s, in)) {
					if strings.Contains(metric, "unhealthy=") {
						times++
					} else if states++; times > 0 {
						t.Errorf("a state behind a time: %s", metric)
					}
				}
				if states != tt.states || times != want {
					t.Errorf("%d pools, %d modules, %s, known %v: %d states, %d times", tt.pools, tt.modules, state, known, states, times)
				}
			}
		}
	}
}

// TestTimeMetric: the label has the prefix of the others, the limit is drawn where it is one for all.
func TestTimeMetric(t *testing.T) {
	for _, tt := range []struct {
		limits   string
		perfdata PerfData
		prefix   bool
		want     string // empty where there is none
	}{
		{"", PerfModules, true, "'p_unhealthy'=720s;;;0;"},
		{"", PerfModules, false, "'unhealthy'=720s;;;0;"},
		{"", PerfPools, true, "'p_unhealthy'=720s;;;0;"},
		{"", PerfCounts, true, ""},
		{"", PerfNone, true, ""},
		{"30m", PerfModules, true, "'p_unhealthy'=720s;;1800;0;"},
		{"ConfServices.*=5m 90.5", PerfModules, true, "'p_unhealthy'=720s;;90.5;0;"},
		{"30m ConfServices.*=5m", PerfModules, true, "'p_unhealthy'=720s;;;0;"},
	} {
		s := lasting(t, 12*time.Minute, strings.Fields(tt.limits)...)
		o := timed(s)
		o.PerfData, o.Prefix = tt.perfdata, tt.prefix
		line, _, _ := strings.Cut(render(o, s, input(pool("p", users, slow))), "\n")
		if tt.want == "" && strings.Contains(line, "unhealthy'") || !strings.Contains(line, tt.want) {
			t.Errorf("-c %q, %s: %s", tt.limits, tt.perfdata, line)
		}
		o.Times = false
		if line := render(o, s, input(pool("p", users, slow))); strings.Contains(line, "unhealthy'") {
			t.Errorf("without --state-file: %s", line)
		}
	}
}

// TestMemoryFails: a memory that fails is told as a fault of its file, and a note as a note, both clean.
func TestMemoryFails(t *testing.T) {
	s := settings()
	s.Memory = thresholds.Memory{File: "C:\\state|<1>\n.json", Err: status.Loss{What: "is\tdamaged", Advice: "move it\naway"}}
	got, _, _ := strings.Cut(unify(render(prefixed(), s, input(pool("p", users)))), "[OK]")
	first, rest, _ := strings.Cut(got, "\n")
	const want = "[UNKNOWN] --state-file C:/state¦‹1› .json: is damaged\n    move it away\n"
	const summary = "CS BACKUP UNKNOWN - --state-file C:/state¦‹1› .json: is damaged (1 module healthy) |"
	if !strings.HasPrefix(first, summary) || rest != want {
		t.Errorf("got %s", got)
	}
	s = lasting(t, 0)
	s.Memory.File, s.Memory.IsNew = "a|b\n.json", true
	if got := render(timed(s), s, input(pool("p", slow))); !strings.Contains(got, "\nnote: a¦b .json was made by this check, so ") {
		t.Errorf("got %s", got)
	}
}

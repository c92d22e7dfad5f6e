package thresholds

import (
	"slices"
	"testing"
	"time"

	"check_cs_backup/check/memory"
	"check_cs_backup/check/status"
)

// A check is one of several in a row: the state of ConfServices.DataConf and how many seconds after the first it is
// dated.
func checkOf(pool string, seconds float64, export, imports status.State) Input {
	return Input{Snapshot: status.Snapshot{
		Origin: "status.json", CollectedAt: now.Add(time.Duration(seconds * float64(time.Second))),
		Pools: []status.Pool{{Name: pool, Modules: []status.Module{{Identity: "ConfServices.DataConf", Export: export, Import: imports}}}},
	}}
}

// judgeAfter judges an input with a memory, by a clock that is a minute ahead of the status.
func judgeAfter(m memory.Memory, s Settings, inputs ...Input) (Judgement, memory.Memory) {
	s.Memory = &m
	clock := now
	for _, in := range inputs {
		if in.CollectedAt.After(clock) {
			clock = in.CollectedAt
		}
	}
	j := Judge(inputs, s, clock.Add(time.Minute))
	return j, *j.Memory
}

func rangeOf(t *testing.T, text string) *Range {
	t.Helper()
	if text == "" {
		return nil
	}
	r, err := ParseRange(text)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

func ruleOf(t *testing.T, text string) Rule {
	t.Helper()
	r, err := parseRule(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestRangesOverTime: what the ranges make of a state that lasts, after so many seconds. They decide for WARNING alone.
func TestRangesOverTime(t *testing.T) {
	for _, tt := range []struct {
		state             status.State
		warning, critical string
		seconds           []float64
		want              []Severity
	}{
		{"NonSteadyState", "10m", "30m", []float64{0, 300, 600, 660, 1800, 1860}, []Severity{OK, OK, OK, Warning, Warning, Critical}},
		{"NonSteadyState", "", "30m", []float64{0, 1800, 1801, 99999}, []Severity{Warning, Warning, Critical, Critical}},
		{"NonSteadyState", "10m", "", []float64{0, 600, 601, 99999}, []Severity{OK, OK, Warning, Warning}},
		{"NonSteadyState", "", "", []float64{0, 99999}, []Severity{Warning, Warning}},
		{"NonSteadyState", "@0:5m", "@10m:", []float64{0, 300, 301, 599, 600, 99999}, []Severity{Warning, Warning, OK, OK, Critical, Critical}},
		{"NonSteadyState", "30m:", "", []float64{0, 1799, 1800}, []Severity{Warning, Warning, OK}},
		{"NonSteadyState", "30m", "10m", []float64{600, 601}, []Severity{OK, Critical}}, // outside of -c counts, whatever -w says
		{"NotInitialized", "10m", "30m", []float64{0, 601, 1801}, []Severity{OK, Warning, Critical}},
		{"ErrorState", "10m", "30m", []float64{0, 601, 1801}, []Severity{Critical, Critical, Critical}},
		{"ErrorState", "10m", "", []float64{0, 601}, []Severity{Critical, Critical}},
		{"Odd", "10m", "30m", []float64{0, 601, 1801}, []Severity{Unknown, Unknown, Unknown}},
		{"FinalState", "@0:5m", "@0:5m", []float64{0, 300}, []Severity{OK, OK}}, // 0 s are no time at all
	} {
		s := defaults()
		s.Warning, s.Critical, s.MaxAge = rangeOf(t, tt.warning), rangeOf(t, tt.critical), 0
		var m memory.Memory
		_, m = judgeAfter(m, s, checkOf("pool01", 0, tt.state, "NormalState"))
		for i, seconds := range tt.seconds {
			var j Judgement
			j, m = judgeAfter(m, s, checkOf("pool01", seconds, tt.state, "NormalState"))
			module := j.Pools[0].Modules[0]
			if j.Severity != tt.want[i] || module.Severity != tt.want[i] || module.Directions[status.Export].Severity != tt.want[i] {
				t.Errorf("%s -w %q -c %q after %v s: %s, want %s", tt.state, tt.warning, tt.critical, seconds, j.Severity, tt.want[i])
			}
			if want := tt.want[i] == OK && tt.state != "FinalState"; module.Tolerated(status.Export) != want || module.Tolerated(status.Import) {
				t.Errorf("%s -w %q after %v s: tolerated is not %v", tt.state, tt.warning, seconds, want)
			}
		}
	}
}

// TestRowsOfStates: two unhealthy states after one another are one row, by the user's rules as well; a fetch that failed
// or a module that is absent breaks none.
func TestRowsOfStates(t *testing.T) {
	s := defaults()
	s.MaxAge, s.Rules = 0, []Rule{ruleOf(t, "Fine=ok"), ruleOf(t, "SteadyState=warning")}
	failed := Input{Snapshot: status.Snapshot{CollectedAt: now.Add(900 * time.Second), Pools: []status.Pool{{Name: "pool01", Err: "x"}}}}
	absent := Input{Snapshot: status.Snapshot{CollectedAt: now.Add(950 * time.Second), Pools: []status.Pool{{Name: "pool01", Modules: []status.Module{{Identity: "A.B", Export: "FinalState", Import: "NormalState"}}}}}}
	var m memory.Memory
	for _, step := range []struct {
		in   Input
		want float64
	}{
		{checkOf("pool01", 0, "NonSteadyState", "NormalState"), 0},
		{checkOf("pool01", 300, "ErrorState", "NormalState"), 300},
		{checkOf("Pool01", 600, "", "NormalState"), 600},
		{failed, -1},
		{absent, -1},
		{checkOf("pool01", 1200, "SteadyState", "NormalState"), 1200},
		{checkOf("pool01", 1500, "Fine", "NormalState"), 0},
		{checkOf("pool01", 1800, "NotInitialized", "NormalState"), 0},
	} {
		var j Judgement
		j, m = judgeAfter(m, s, step.in)
		if step.want < 0 {
			continue
		}
		if l := j.Pools[0].Modules[0].Lasting[status.Export]; !l.Known || l.For.Seconds() != step.want {
			t.Errorf("%s: %+v, want %v s", step.in.Pools[0].Modules[0].Export, l, step.want)
		}
	}
}

// TestNotRemembered: where nothing tells since when, nothing is tolerated, and it is said why.
func TestNotRemembered(t *testing.T) {
	undated := checkOf("pool01", 0, "NonSteadyState", "NormalState")
	undated.CollectedAt = time.Time{}
	for name, tt := range map[string]struct {
		in      Input
		want    Severity
		remarks int
	}{
		"remembered":             {checkOf("pool01", 0, "NonSteadyState", "NormalState"), OK, 0},
		"a little in the future": {checkOf("pool01", 300, "NonSteadyState", "NormalState"), OK, 0},
		"no name":                {checkOf("", 0, "NonSteadyState", "NormalState"), Warning, 1},
		"no date":                {undated, Warning, 1},
		"in the future":          {checkOf("pool01", 301, "NonSteadyState", "NormalState"), Warning, 1},
		"no name, but healthy":   {checkOf("", 0, "FinalState", "NormalState"), OK, 1},
		"an absent pool":         {Input{}, Unknown, 0},
	} {
		s := defaults()
		s.MaxAge, s.Warning, s.Memory = 0, rangeOf(t, "10m"), &memory.Memory{}
		j := Judge([]Input{tt.in}, s, now)
		if j.Severity != tt.want || len(j.Remarks) != tt.remarks {
			t.Errorf("%s: %s, %v", name, j.Severity, j.Remarks)
		}
	}
}

// TestSeveralSourcesOfAPool: each module has the date of the source that tells of it, so one that got stuck stops the
// clock of none but its own.
func TestSeveralSourcesOfAPool(t *testing.T) {
	s := defaults()
	s.MaxAge, s.Critical = 0, rangeOf(t, "30m")
	stuck := checkOf("pool01", 0, "FinalState", "NormalState")
	stuck.Pools[0].Modules[0].Identity = "A.B"
	var m memory.Memory
	_, m = judgeAfter(m, s, stuck, checkOf("pool01", 0, "NonSteadyState", "NormalState"))
	j, _ := judgeAfter(m, s, stuck, checkOf("pool01", 1860, "NonSteadyState", "NormalState"))
	if j.Severity != Critical {
		t.Errorf("got %s", j.Severity)
	}
	// The same module in both: the one from before the row is over is not tolerated.
	s.Warning = rangeOf(t, "10m")
	j, _ = judgeAfter(memory.Memory{}, s, checkOf("pool01", 0, "NonSteadyState", "NormalState"), checkOf("pool01", 60, "FinalState", "NormalState"))
	if j.Severity != Warning {
		t.Errorf("got %s", j.Severity)
	}
}

// TestOtherPoolsAreKept: a pool that is not asked for is not forgotten, and not judged.
func TestOtherPoolsAreKept(t *testing.T) {
	s := defaults()
	s.MaxAge = 0
	_, m := judgeAfter(memory.Memory{}, s, checkOf("pool01", 0, "NonSteadyState", "NormalState"), checkOf("pool02", 0, "NonSteadyState", "NormalState"))
	s.Pools = []string{"pool02"}
	_, m = judgeAfter(m, s, checkOf("pool01", 60, "FinalState", "NormalState"), checkOf("pool02", 60, "FinalState", "NormalState"))
	s.Pools = nil
	j, _ := judgeAfter(m, s, checkOf("pool01", 120, "NonSteadyState", "NormalState"), checkOf("pool02", 120, "NonSteadyState", "NormalState"))
	var got []float64
	for _, p := range j.Pools {
		got = append(got, p.Modules[0].Lasting[status.Export].For.Seconds())
	}
	if !slices.Equal(got, []float64{120, 0}) {
		t.Errorf("got %v", got)
	}
}

// TestIgnoredModulesAreRemembered: so that two checks may share a memory, each of which ignores what the other judges.
func TestIgnoredModulesAreRemembered(t *testing.T) {
	s := defaults()
	s.MaxAge, s.Ignore = 0, []Pattern{"ConfServices.*"}
	_, m := judgeAfter(memory.Memory{}, s, checkOf("pool01", 0, "NonSteadyState", "NormalState"))
	s.Ignore, s.Critical = nil, rangeOf(t, "5m")
	if j, _ := judgeAfter(m, s, checkOf("pool01", 301, "NonSteadyState", "NormalState")); j.Severity != Critical {
		t.Errorf("got %s", j.Severity)
	}
}

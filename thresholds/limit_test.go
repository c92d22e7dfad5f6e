package thresholds

import (
	"errors"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// since is a memory that knows the same of each direction: unhealthy for so long before the status.
func since(lasted time.Duration) Memory {
	return Memory{File: "state.json", Since: func(_ string, _ status.Module, _ status.Direction, at time.Time) (time.Time, bool) {
		return at.Add(-lasted), true
	}}
}

// knownSince is a memory that knows one time, or nothing.
func knownSince(t time.Time, known bool) Memory {
	return Memory{File: "state.json", Since: func(string, status.Module, status.Direction, time.Time) (time.Time, bool) { return t, known }}
}

func limitsOf(t *testing.T, texts ...string) []Limit {
	t.Helper()
	var limits []Limit
	for _, text := range texts {
		var l Limit
		if err := l.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		limits = append(limits, l)
	}
	return limits
}

// TestCritical: what the limits make of a state that lasts: they decide for what the rules judge WARNING alone, the last
// that is for the module counts, and a time that is just reached is not over.
func TestCritical(t *testing.T) {
	const minutes = time.Minute
	for _, tt := range []struct {
		module string
		limits string
		lasted time.Duration
		want   Severity
	}{
		{confSlow, "", 99 * time.Hour, Warning},
		{confSlow, "30m", 0, Warning},
		{confSlow, "30m", 30 * minutes, Warning},
		{confSlow, "30m", 30*minutes + time.Second, Critical},
		{confSlow, "CONFSERVICES.*=5m", 6 * minutes, Critical},
		{confSlow, "UserServices.*=5m", 6 * minutes, Warning},
		{confSlow, "30m ConfServices.DataConf=5m", 6 * minutes, Critical},
		{confSlow, "ConfServices.DataConf=5m 30m", 6 * minutes, Warning},
		{"A.B NotInitialized NormalState", "30m", 31 * minutes, Critical},
		{confBad, "30m", 0, Critical},
		{"A.B Odd NormalState", "30m", 31 * minutes, Unknown},
		{users, "30m", 31 * minutes, OK},
		{idle, "30m", 31 * minutes, OK},
	} {
		s := defaults()
		s.Memory, s.Critical = since(tt.lasted), limitsOf(t, strings.Fields(tt.limits)...)
		j := Judge([]Input{input(pool("pool01", tt.module))}, s, now)
		v := j.Pools[0].Modules[0].Directions[status.Export]
		if j.Severity != tt.want || v.Severity != tt.want || j.Pools[0].Modules[0].Severity != tt.want {
			t.Errorf("%s -c %q after %v: %s, want %s", tt.module, tt.limits, tt.lasted, j.Severity, tt.want)
		}
		if known := tt.want != OK; known == v.Since.IsZero() || known && v.For != tt.lasted {
			t.Errorf("%s -c %q after %v: since %v, for %v", tt.module, tt.limits, tt.lasted, v.Since, v.For)
		}
	}
}

// TestNotKnown: where nothing tells since when, or the word is a healthy one, the rules decide alone.
func TestNotKnown(t *testing.T) {
	for name, m := range map[string]Memory{
		"no memory": {}, "nothing tells": knownSince(time.Time{}, false), "healthy": knownSince(time.Time{}, true),
		"failed": {File: "state.json", Err: errors.New("x")},
	} {
		t.Run(name, func(t *testing.T) {
			s := defaults()
			s.Memory, s.Critical, s.OnFailure = m, limitsOf(t, "1s"), OK
			j := Judge([]Input{input(pool("pool01", confSlow))}, s, now)
			p := j.Pools[0]
			if v := p.Modules[0].Directions[status.Export]; j.Severity != Warning || !v.Since.IsZero() || v.For != 0 {
				t.Errorf("%s: %s, %+v", name, j.Severity, v)
			}
			if p.Unhealthy != 0 || p.UnhealthyKnown != (name == "healthy") {
				t.Errorf("%s: %v %v", name, p.Unhealthy, p.UnhealthyKnown)
			}
		})
	}
}

// TestUnhealthy is how long the longest direction of a pool that counts is not OK.
func TestUnhealthy(t *testing.T) {
	s := defaults()
	s.Ignore = []Pattern{"A.*"}
	for _, tt := range []struct {
		modules string
		memory  Memory
		want    time.Duration
		known   bool
	}{
		{confSlow + "," + users, since(time.Hour), time.Hour, true},
		{users + "," + conf, knownSince(time.Time{}, false), 0, true},
		{"A.B ErrorState ErrorState," + users, since(time.Hour), 0, true},
		{confSlow, knownSince(time.Time{}, false), 0, false},
		{confSlow, Memory{}, 0, false},
		{users, Memory{}, 0, false},
	} {
		s.Memory = tt.memory
		j := Judge([]Input{input(pool("pool01", strings.Split(tt.modules, ",")...))}, s, now)
		if p := j.Pools[0]; p.Unhealthy != tt.want || p.UnhealthyKnown != tt.known {
			t.Errorf("%s: %v %v", tt.modules, p.Unhealthy, p.UnhealthyKnown)
		}
	}
}

// TestMemoryFailed: it is a fault by --on-failure beside the verdict of the rules, and hides nothing else.
func TestMemoryFailed(t *testing.T) {
	for _, tt := range []struct {
		modules   string
		pools     string
		onFailure Severity
		want      Severity
		findings  int
	}{
		{users, "", Unknown, Unknown, 1},
		{users, "", Warning, Warning, 1},
		{users, "", OK, OK, 1},
		{confSlow, "", Unknown, Unknown, 1},
		{confSlow, "", OK, Warning, 1},
		{confBad, "", Unknown, Critical, 1},
		{users, "pool02", Unknown, Critical, 2}, // the pool is missing all the same
	} {
		s := defaults()
		s.OnFailure, s.Memory, s.Pools = tt.onFailure, Memory{File: "state.json", Err: errors.New("x")}, strings.Fields(tt.pools)
		j := Judge([]Input{input(pool("pool01", tt.modules))}, s, now)
		last := j.Findings[len(j.Findings)-1]
		if j.Severity != tt.want || len(j.Findings) != tt.findings || last.Kind != MemoryFailed || last.Origin != "state.json" {
			t.Errorf("%+v: %s, %v", tt, j.Severity, j.Findings)
		}
	}
}

// TestMemoryNotes: with -c it is said what can't be remembered; and a new file is, as long as something is unhealthy.
func TestMemoryNotes(t *testing.T) {
	undated, future, new := input(pool("pool01", users)), input(pool("pool01", users)), since(0)
	undated.CollectedAt, future.CollectedAt, new.IsNew = time.Time{}, now.Add(ClockSkew+time.Second), true
	for name, tt := range map[string]struct {
		in     Input
		memory Memory
		limits []Limit
		want   string // how the notes begin
	}{
		"fine": {input(pool("pool01", confSlow)), since(0), limitsOf(t, "5m"), ""},
		"no date": {undated, since(0), limitsOf(t, "5m"),
			"since when is not known, so --critical never comes: pool01: the status names no pool"},
		"no date, no -c":     {undated, since(0), nil, ""},
		"no date, no memory": {undated, Memory{}, nil, ""},
		"dated into future": {future, since(0), limitsOf(t, "5m"),
			"since when is not known, so --critical never comes: pool01: the status names no pool"},
		"no name": {input(pool("", users)), since(0), limitsOf(t, "5m"),
			"since when is not known, so --critical never comes: status.json: the status names no pool"},
		"several": {input(pool("", users), pool("", users)), since(0), limitsOf(t, "5m"),
			"since when is not known, so --critical never comes: status.json: the status names no pool"},
		"new":                 {input(pool("pool01", confSlow)), new, nil, "state.json was made by this check"},
		"new, all is healthy": {input(pool("pool01", users)), new, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := defaults()
			s.Memory, s.Critical = tt.memory, tt.limits
			j := Judge([]Input{tt.in}, s, now)
			got := strings.Join(j.Notes, "\n")
			if !strings.HasPrefix(got, tt.want) || (got == "") != (tt.want == "") || len(j.Notes) > 1 {
				t.Errorf("%s: %s", name, got)
			}
			if more := strings.HasSuffix(got, "; and 1 more"); more != (name == "several") {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
}

// TestLimitSyntax: a TIME, with or without a MODULE; no empty time.
func TestLimitSyntax(t *testing.T) {
	minutes := func(n int) Span { return Span(time.Duration(n) * time.Minute) }
	for _, c := range []struct {
		text string
		want Limit
	}{
		{"30m", Limit{module: "*", after: minutes(30)}},
		{"1D12h", Limit{module: "*", after: minutes(36 * 60)}},
		{"CentralMgmt.CMSMaster=5m", Limit{module: "CentralMgmt.CMSMaster", after: minutes(5)}},
		{" A.* = 90 ", Limit{module: "A.*", after: Span(90 * time.Second)}},
	} {
		c.want.text = c.text
		if got := limitsOf(t, c.text)[0]; got != c.want {
			t.Errorf("%s: %v", c.text, got)
		}
	}
	const noTime = "not a time: use seconds such as 30, or 30s, 15m, 2h, 1d"
	const none = "the time must be more than 0; --rule makes a state CRITICAL at once"
	for _, c := range []struct{ text, want string }{
		{"30m:", noTime}, {"20:10", noTime}, {"@5m", noTime}, {"~:5m", noTime}, {"A.B=5m:", noTime}, {"", noTime}, {"A.B=", noTime},
		{"A.B", noTime}, {"5m=A.B", noTime}, {"-5m", noTime}, {"0", none}, {"A.B=0s", none},
		{"=5m", "the module: a name is missing"},
		{"A B=5m", "the module: U+0020 ' ' can't be part of a name: a blank or a line end"},
	} {
		var l Limit
		if err := l.UnmarshalText([]byte(c.text)); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v, %v, want %s", c.text, l, err, c.want)
		}
	}
}

// TestOne: which limit is for all modules.
func TestOne(t *testing.T) {
	for texts, want := range map[string]time.Duration{"": 0, "30m": 30 * time.Minute, "A.B=5m 30m": 30 * time.Minute, "30m A.B=5m": 0,
		"*=1m": time.Minute, "A.B=5m": 0} {
		if got, ok := One(limitsOf(t, strings.Fields(texts)...)); got != want || ok != (want > 0) {
			t.Errorf("%s: %v %v", texts, got, ok)
		}
	}
}

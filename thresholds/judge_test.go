package thresholds

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

var now = time.Date(2026, 11, 24, 19, 0, 40, 0, time.UTC)

// defaults are the settings of a command line without flags.
func defaults() Settings {
	return Settings{
		Profile: Default, CMSMaster: "auto", MaxAge: 15 * time.Minute,
		OnStale: Critical, OnMissing: Critical, OnFailure: Unknown, OnTimeout: Unknown,
	}
}

// module makes a module out of "Identity Export Import".
func module(text string) status.Module {
	f := strings.Split(text, " ")
	return status.Module{Identity: f[0], Export: status.State(f[1]), Import: status.State(f[2])}
}

func pool(name string, modules ...string) status.Pool {
	p := status.Pool{Name: name}
	for _, m := range modules {
		p.Modules = append(p.Modules, module(m))
	}
	return p
}

func input(pools ...status.Pool) Input {
	return Input{Snapshot: status.Snapshot{Origin: "status.json", CollectedAt: now.Add(-40 * time.Second), Pools: pools}}
}

const (
	users    = "UserServices.PresenceFocus FinalState NormalState"
	conf     = "ConfServices.DataConf SteadyState NormalState"
	idle     = "CentralMgmt.CMSMaster NotInitialized NormalState"
	active   = "CentralMgmt.CMSMaster FinalState NormalState"
	confBad  = "ConfServices.DataConf ErrorState NormalState"
	confSlow = "ConfServices.DataConf NonSteadyState NormalState"
)

// What a test says of a pool, of an input or of the settings.
func backedUp(p status.Pool, by string) status.Pool { p.Backup = by; return p }
func failedPool(name, text string) status.Pool      { return status.Pool{Name: name, Err: text} }
func from(in Input, origin string) Input            { in.Origin = origin; return in }
func dated(in Input, age time.Duration) Input       { in.CollectedAt = now.Add(-age); return in }
func withMaster(in Input, name string) Input        { in.CMSMaster = name; return in }
func lossy(in Input) Input                          { in.Losses = []status.Loss{{What: "a line"}}; return in }
func failover(s *Settings)                          { s.Profile = Failover }

var undated = Input{Snapshot: status.Snapshot{Pools: []status.Pool{pool("pool01", users)}}}

// ruled are settings with rules of the user's.
func ruled(texts ...string) func(*Settings) {
	return func(s *Settings) {
		for _, text := range texts {
			var r Rule
			if err := r.UnmarshalText([]byte(text)); err != nil {
				panic(err)
			}
			s.Rules = append(s.Rules, r)
		}
	}
}

var judgeTests = []struct {
	name     string
	inputs   []Input
	settings func(*Settings)
	want     Severity
	findings string // the kinds, in order: of all pools, of no pool, of all pairs
}{
	{"healthy", both(pool("pool01", users, conf, idle)), nil, OK, ""},
	{"sick", both(pool("pool01", users, confBad, idle)), nil, Critical, ""},
	{"backlog", both(pool("pool01", users, confSlow)), nil, Warning, ""},
	{"backlog before a failover", both(pool("pool01", users, confSlow)), failover, Critical, "no-partner"},
	{"the worst of two pools", both(pool("pool01", users), pool("pool02", confBad)), nil, Critical, ""},
	{"unknown state and backlog", both(pool("pool01", "A.B Odd NormalState", confSlow)), nil, Unknown, ""},
	{"unknown state and error", both(pool("pool01", "A.B Odd NormalState", confBad)), nil, Critical, ""},

	{"nothing at all", nil, nil, Unknown, "no-pool"},
	{"a snapshot without pools", []Input{input()}, nil, Unknown, "no-pool"},
	{"a pool without modules", both(pool("pool01")), nil, Unknown, "no-module"},
	{"a healthy pool and one without modules", both(pool("pool01", users), pool("pool02")), nil, Unknown, "no-module"},

	{"the rule wins over the profile", both(pool("pool01", users, confSlow)), ruled("NonSteadyState=ok"), OK, ""},
	{"the later rule wins", both(pool("pool01", confSlow)), ruled("NonSteadyState=ok", "ConfServices.*/NonSteadyState=critical"),
		Critical, ""},
	{"the later rule wins, the other way", both(pool("pool01", confSlow)),
		ruled("ConfServices.*/NonSteadyState=critical", "NonSteadyState=ok"), OK, ""},
	{"a rule for one direction", both(pool("pool01", "A.B ErrorState ErrorState")), ruled("export:ErrorState=ok"), Critical, ""},
	{"a rule for a new word", both(pool("pool01", "A.B Odd NormalState")), ruled("Odd=ok"), OK, ""},
	{"a rule can't hide a number", both(pool("pool01", "A.B 4 NormalState")), ruled("*=ok"), Unknown, ""},
	{"a rule can't hide an absent state", both(pool("pool01", "A.B  NormalState")), ruled("*=ok"), Unknown, ""},

	{"expected and there", both(pool("pool01", users)), func(s *Settings) { s.Expect = []Pattern{"userservices.presencefocus"} }, OK, ""},
	{"expected and absent", both(pool("pool01", users)), func(s *Settings) { s.Expect = []Pattern{"ConfServices.DataConf"} }, Critical,
		"module-missing"},
	{"expected in each pool", both(pool("pool01", users, conf), pool("pool02", users)),
		func(s *Settings) { s.Expect = []Pattern{"ConfServices.DataConf"} }, Critical, "module-missing"},
	{"expected, absent, of less weight", both(pool("pool01", users)),
		func(s *Settings) { s.Expect, s.OnMissing = []Pattern{"A.B"}, Warning }, Warning, "module-missing"},
	{"expected by a pattern, and there", both(pool("pool01", users)), func(s *Settings) { s.Expect = []Pattern{"UserServices.*"} }, OK, ""},
	{"expected by a pattern, and absent", both(pool("pool01", users)), func(s *Settings) { s.Expect = []Pattern{"ApplicationServer.*"} },
		Critical, "module-missing"},
	{"a cut name is not the expected one", both(pool("pool01", users, "ConfServices.Da… FinalState NormalState")),
		func(s *Settings) { s.Expect = []Pattern{"ConfServices.*"} }, Critical, "module-missing"},
	{"ignored", both(pool("pool01", users, confBad)), func(s *Settings) { s.Ignore = []Pattern{"confservices.*"} }, OK, ""},
	{"all ignored", both(pool("pool01", users, confBad)), func(s *Settings) { s.Ignore = []Pattern{"*"} }, Unknown, "no-module"},
	{"a cut name is not ignored", both(pool("pool01", users, "ConfServices.Da… ErrorState NormalState")),
		func(s *Settings) { s.Ignore = []Pattern{"ConfServices.*"} }, Critical, ""},
	{"a damaged name is not ignored", both(pool("pool01", users, "ConfServices.Da\u200bta FinalState NormalState")),
		func(s *Settings) { s.Ignore = []Pattern{"ConfServices.*"} }, Unknown, ""},

	{"asked and there", both(pool("pool01", users), pool("pool02", confBad)), func(s *Settings) { s.Pools = []string{"POOL01"} }, OK, ""},
	{"asked by its short name", both(pool("pool01.contoso.com", users), pool("pool02.contoso.com", confBad)),
		func(s *Settings) { s.Pools = []string{"pool01"} }, OK, ""},
	{"asked by its FQDN, there by its short name", both(pool("pool01", users)),
		func(s *Settings) { s.Pools = []string{"pool01.contoso.com."} }, OK, ""},
	{"a short name of two beside the one that is asked", both(pool("pool01", confBad), pool("pool01.a.b", users),
		pool("pool01.c.d", users)),
		func(s *Settings) { s.Pools = []string{"pool01.a.b"} }, Unknown, "pool-unnamed"},
	{"a short name of two, neither of which is asked", both(pool("pool01", confBad), pool("pool02.a.b", users), pool("pool01.a.b", users),
		pool("pool01.c.d", users)), func(s *Settings) { s.Pools = []string{"pool02.a.b"} }, OK, ""},
	{"a short name of two", both(pool("pool01.a.b", users), pool("pool01.c.d", confBad)),
		func(s *Settings) { s.Pools = []string{"pool01"} }, Critical, ""},
	{"a short name and its FQDN are one", []Input{input(pool("pool01", users)), input(pool("pool01.a.b", confBad))},
		func(s *Settings) { s.Pools = []string{"pool01.a.b"} }, Critical, ""},
	{"nothing of a pool in one source, something in another", []Input{input(pool("pool01")), input(pool("pool01", users))}, nil, Unknown,
		"no-module"},
	{"the same, in the other order", []Input{input(pool("pool01", users)), input(pool("pool01"))}, nil, Unknown, "no-module"},
	{"asked and absent", both(pool("pool01", users)), func(s *Settings) { s.Pools = []string{"pool01", "pool02"} }, Critical,
		"pool-missing"},
	{"asked twice", both(pool("pool01", users)), func(s *Settings) { s.Pools = []string{"pool01", "Pool01"} }, OK, ""},
	{"the unnamed pool gets the name", both(pool("", users, idle)), func(s *Settings) { s.Pools = []string{"pool01"} }, OK, ""},
	{"two unnamed pools don't", []Input{input(pool("", users)), input(pool("", users))},
		func(s *Settings) { s.Pools = []string{"pool01"} }, Critical, "pool-missing pool-unnamed pool-unnamed"},
	{"an unnamed pool beside two names doesn't", both(pool("", users)), func(s *Settings) { s.Pools = []string{"pool01", "pool02"} },
		Critical, "pool-missing pool-missing pool-unnamed"},

	{"asked with its pair", []Input{input(backedUp(pool("pool01", users), "pool02"), pool("pool02", confBad))},
		func(s *Settings) { s.Pools, s.Pair = []string{"pool01"}, true }, Critical, ""},
	{"asked without its pair", []Input{input(backedUp(pool("pool01", users), "pool02"), pool("pool02", confBad))},
		func(s *Settings) { s.Pools = []string{"pool01"} }, OK, ""},
	{"both asked with their pair", []Input{input(backedUp(pool("pool01", users), "pool02"), backedUp(pool("pool02", conf), "pool01"))},
		func(s *Settings) { s.Pools, s.Pair = []string{"pool01", "pool02"}, true }, OK, ""},
	{"a pair that is not known", both(pool("pool01", users)), func(s *Settings) { s.Pools, s.Pair = []string{"pool01"}, true }, OK, ""},

	{"asked of a source that failed", []Input{{Err: errors.New("x")}}, func(s *Settings) { s.Pools = []string{"pool01"} }, Unknown,
		"source-failed"},
	{"asked of what is not understood", []Input{lossy(input())}, func(s *Settings) { s.Pools = []string{"pool01"} }, Unknown, "lost"},
	{"asked of two sources, one failed", []Input{{Err: errors.New("x")}, input(pool("pool01", users))},
		func(s *Settings) { s.Pools = []string{"pool01", "pool02"} }, Unknown, "source-failed"},

	{"asked of two sources, one failed, which is excused", []Input{{Err: errors.New("x")}, input(pool("pool01", users))},
		func(s *Settings) { s.Pools, s.OnFailure = []string{"pool01", "pool02"}, OK }, Unknown, "source-failed pool-missing"},
	{"the same, and absence is excused too", []Input{{Err: errors.New("x")}, input(pool("pool01", users))},
		func(s *Settings) { s.Pools, s.OnFailure, s.OnMissing = []string{"pool01", "pool02"}, OK, OK }, OK, "source-failed pool-missing"},
	{"the same, and absence is a warning", []Input{{Err: errors.New("x")}, input(pool("pool01", users))},
		func(s *Settings) { s.Pools, s.OnFailure, s.OnMissing = []string{"pool01", "pool02"}, OK, Warning }, Warning,
		"source-failed pool-missing"},

	{"nothing was judged, the failure is excused", []Input{{Err: errors.New("x")}}, func(s *Settings) { s.OnFailure = OK }, Unknown,
		"source-failed"},
	{"nothing was judged, the failure is a warning", []Input{{Err: errors.New("x")}}, func(s *Settings) { s.OnFailure = Warning },
		Unknown, "source-failed"},
	{"nothing was judged, the failure is critical", []Input{{Err: errors.New("x")}}, func(s *Settings) { s.OnFailure = Critical },
		Critical, "source-failed"},
	{"nothing was judged, the timeout is excused", []Input{{Err: context.DeadlineExceeded}}, func(s *Settings) { s.OnTimeout = OK },
		Unknown, "timed-out"},
	{"nothing was judged, the absence is excused", both(pool("pool01", users)),
		func(s *Settings) { s.Pools, s.OnMissing = []string{"pool02"}, OK }, Unknown, "pool-missing"},
	{"nothing was judged, the fetch is excused", []Input{input(failedPool("pool01", "access denied"))},
		func(s *Settings) { s.OnFailure = OK }, Unknown, "fetch-failed"},
	{"one pool was judged, the fetch of the other is excused",
		[]Input{input(failedPool("pool01", "access denied"), pool("pool02", users))}, func(s *Settings) { s.OnFailure = OK }, OK,
		"fetch-failed"},
	{"an old status that is excused, all of it ignored", []Input{dated(input(pool("pool01", users)), time.Hour)},
		func(s *Settings) { s.OnStale, s.Ignore = OK, []Pattern{"*"} }, Unknown, "stale no-module"},

	{"a pool whose fetch failed", []Input{input(failedPool("pool01", "access denied"), pool("pool02", users))}, nil, Unknown,
		"fetch-failed"},
	{"the other pool is judged all the same", []Input{input(failedPool("pool01", "access denied"), pool("pool02", confBad))}, nil,
		Critical, "fetch-failed"},
	{"a failed fetch of more weight", []Input{input(failedPool("pool01", "access denied"))}, func(s *Settings) { s.OnFailure = Critical },
		Critical, "fetch-failed"},
	{"a source that failed", []Input{{Snapshot: status.Snapshot{Origin: "x"}, Err: errors.New("does not exist")}}, nil, Unknown,
		"source-failed"},
	{"a source that failed beside a sick pool", []Input{{Err: errors.New("x")}, input(pool("pool01", confBad))}, nil, Critical,
		"source-failed"},
	{"a source that failed, of less weight", []Input{{Err: errors.New("x")}, input(pool("pool01", users))},
		func(s *Settings) { s.OnFailure = Warning }, Warning, "source-failed"},
	{"a source out of time", []Input{{Err: fmt.Errorf("reading: %w", context.DeadlineExceeded)}},
		func(s *Settings) { s.OnFailure, s.OnTimeout = Warning, Critical }, Critical, "timed-out"},
	{"a loss", []Input{lossy(input(pool("pool01", users)))}, nil, Unknown, "lost"},
	{"a loss stays UNKNOWN whatever a failure means", []Input{lossy(input(pool("pool01", users)))},
		func(s *Settings) { s.OnFailure, s.OnMissing = OK, OK }, Unknown, "lost"},
	{"a loss beside a sick pool", []Input{lossy(input(pool("pool01", confBad)))}, nil, Critical, "lost"},

	{"as old as may be", []Input{dated(input(pool("pool01", users)), 15*time.Minute)}, nil, OK, ""},
	{"older", []Input{dated(input(pool("pool01", users)), 15*time.Minute+1)}, nil, Critical, "stale"},
	{"older, of less weight", []Input{dated(input(pool("pool01", users)), time.Hour)}, func(s *Settings) { s.OnStale = Warning }, Warning,
		"stale"},
	{"older, no limit", []Input{dated(input(pool("pool01", users)), 1000*time.Hour)}, func(s *Settings) { s.MaxAge = 0 }, OK, ""},
	{"clocks that differ a little", []Input{dated(input(pool("pool01", users)), -5*time.Minute)}, nil, OK, ""},
	{"clocks that differ", []Input{dated(input(pool("pool01", users)), -5*time.Minute-1)}, nil, Critical, "future"},
	{"no date", []Input{undated}, nil, OK, ""},
	{"no date, though one is needed", []Input{undated}, func(s *Settings) { s.DateNeeded = true }, Critical, "undated"},
	{"the same, of less weight", []Input{undated}, func(s *Settings) { s.DateNeeded, s.OnStale = true, Warning }, Warning, "undated"},
	{"no date, and no limit", []Input{undated}, func(s *Settings) { s.DateNeeded, s.MaxAge = true, 0 }, OK, ""},
	{"a date, and one is needed", both(pool("pool01", users)), func(s *Settings) { s.DateNeeded = true }, OK, ""},
	{"half of a pool has no date", []Input{input(pool("pool01", conf)), undated}, func(s *Settings) { s.DateNeeded = true }, Critical,
		"undated"},
	{"the other half has none", []Input{undated, input(pool("pool01", conf))}, func(s *Settings) { s.DateNeeded = true }, Critical,
		"undated"},

	{"not the master by the collector", []Input{withMaster(input(pool("pool01", idle)), "pool02")}, nil, OK, ""},
	{"the master by the collector", []Input{withMaster(input(pool("pool01", idle)), "POOL01")}, nil, Warning, ""},
	{"the master by the collector of another file", []Input{from(input(pool("pool01", idle)), "a"),
		withMaster(input(pool("pool02", active)), "pool01")}, nil, Warning, ""},
	{"the flag contradicts the collector", []Input{withMaster(input(pool("pool01", idle)), "pool01")},
		func(s *Settings) { s.CMSMaster = "pool1" }, Warning, "masters-differ"},
	{"the flag contradicts the collector before a failover", []Input{withMaster(input(pool("pool01", users)), "pool01")},
		func(s *Settings) { s.CMSMaster, s.Profile = "pool1", Failover }, Critical, "masters-differ no-partner"},
	{"none is the master, by the flag, and by the collector this one", []Input{withMaster(input(pool("pool01", idle)), "pool01")},
		func(s *Settings) { s.CMSMaster = "NONE" }, Warning, "masters-differ"},
	{"none of the pair is the master", []Input{withMaster(input(pool("pool01", idle)), "pool09")},
		func(s *Settings) { s.CMSMaster = "none" }, OK, ""},
	{"the master by the flag", both(pool("pool01", idle)), func(s *Settings) { s.CMSMaster = "pool01" }, Warning, ""},
	{"the master by the flag, the pool without a name", both(pool("", idle)), func(s *Settings) { s.CMSMaster = "pool01" }, Unknown, ""},
	{"the same, named by --pool", both(pool("", idle)), func(s *Settings) { s.CMSMaster, s.Pools = "pool01", []string{"pool01"} },
		Warning, ""},

	{"two sources name different masters, one of them this pool",
		[]Input{withMaster(input(pool("pool01", idle)), "pool01"), withMaster(input(pool("pool01", users)), "pool02")}, nil, Warning,
		"masters-differ"},
	{"in the other order", []Input{withMaster(input(pool("pool01", users)), "pool02"), withMaster(input(pool("pool01", idle)), "pool01")},
		nil, Warning, "masters-differ"},
	{"different masters, none of them this pool", []Input{withMaster(input(pool("pool01", idle)), "pool02"),
		withMaster(input(pool("pool01", users)), "pool03")}, nil, Warning, "masters-differ"},
	{"different masters before a failover", []Input{withMaster(input(pool("pool01", users)), "pool02"),
		withMaster(input(pool("pool01", conf)), "pool03")}, failover, Critical, "masters-differ no-partner"},
	{"different masters, the flag knows", []Input{withMaster(input(pool("pool01", idle)), "pool01"),
		withMaster(input(pool("pool01", users)), "pool02")}, func(s *Settings) { s.CMSMaster = "pool02" }, OK, ""},
	{"different masters, the flag says a third one", []Input{withMaster(input(pool("pool01", idle)), "pool01"),
		withMaster(input(pool("pool01", users)), "pool02")}, func(s *Settings) { s.CMSMaster = "pool03" }, Warning, "masters-differ"},
	{"different masters, the flag says none", []Input{withMaster(input(pool("pool01", idle)), "pool01"),
		withMaster(input(pool("pool01", users)), "pool02")}, func(s *Settings) { s.CMSMaster = "none" }, Warning, "masters-differ"},
	{"the same master in other letters", []Input{withMaster(input(pool("pool01", idle)), "pool02"),
		withMaster(input(pool("pool01", users)), "POOL02")}, nil, OK, ""},
	{"one source of two names a master", []Input{input(pool("pool01", idle)), withMaster(input(pool("pool01", users)), "pool02")}, nil,
		OK, ""},
	{"the sources of a pair name different masters", []Input{withMaster(input(backedUp(pool("pool01", active), "pool02")), "pool01"),
		withMaster(input(pool("pool02", idle)), "pool09")}, nil, Warning, "masters-differ"},
	{"the sources of pools that are no pair name different masters",
		[]Input{withMaster(input(pool("pool01", active)), "pool01"), withMaster(input(pool("pool02", idle)), "pool09")}, nil, OK, ""},
	{"the master by one of two other sources", []Input{input(pool("pool01", idle)), withMaster(input(pool("pool02", users)), "pool09"),
		withMaster(input(pool("pool03", users)), "pool01")}, nil, Warning, ""},

	{"a pair with one master", []Input{input(backedUp(pool("pool01", active), "pool02"), backedUp(pool("pool02", idle), "pool01"))}, nil,
		OK, ""},
	{"a pair with none", []Input{input(backedUp(pool("pool01", idle), "pool02"), backedUp(pool("pool02", idle), "pool01"))}, nil, Warning,
		"no-cms-master"},
	{"a pair with none before a failover", []Input{input(backedUp(pool("pool01", idle), "pool02"),
		backedUp(pool("pool02", idle), "pool01"))}, failover, Critical, "no-cms-master"},
	{"a pair with two", both(pool("pool01", active), backedUp(pool("pool02", active), "POOL01")), nil, Warning, "two-cms-masters"},
	{"a pair with two in two files", []Input{input(backedUp(pool("pool01", active), "pool02")), input(pool("pool02", active))}, nil,
		Warning, "two-cms-masters"},
	{"a failed export counts as initialised", []Input{input(backedUp(pool("pool01", "CentralMgmt.CMSMaster ErrorState NormalState"),
		"pool02"), pool("pool02", idle))}, nil, Critical, ""},
	{"a pair without the module", []Input{input(backedUp(pool("pool01", users), "pool02"), pool("pool02", users))}, nil, OK, ""},
	{"a pair with the module on one side", []Input{input(backedUp(pool("pool01", users, idle), "pool02"), pool("pool02", users))}, nil,
		Warning, "no-cms-master"},
	{"a pair of which one fetch failed", []Input{input(backedUp(pool("pool01", idle), "pool02"), failedPool("pool02", "x"))}, nil,
		Unknown, "fetch-failed"},
	{"a pair with a state that is not known", []Input{input(backedUp(pool("pool01", "CentralMgmt.CMSMaster Not… NormalState"), "pool02"),
		pool("pool02", idle))}, nil, Unknown, ""},
	{"two pools that are no pair", []Input{input(backedUp(pool("pool01", idle), "pool09"), pool("pool02", idle))}, nil, OK, ""},
	{"a pool that is its own backup", []Input{input(backedUp(pool("pool01", idle), "pool01"))}, nil, OK, ""},

	{"one pool in two files is one pool", []Input{input(pool("pool01", users)), input(pool("POOL01", conf))},
		func(s *Settings) { s.Expect = []Pattern{"UserServices.PresenceFocus", "ConfServices.DataConf"} }, OK, ""},
	{"the older of two files counts", []Input{input(pool("pool01", users)), dated(input(pool("pool01", conf)), time.Hour)}, nil, Critical,
		"stale"},
	{"of two verdicts on a module the worse counts", []Input{input(pool("pool01", conf)), input(pool("pool01", confBad))}, nil, Critical,
		""},
}

func TestJudge(t *testing.T) {
	for _, tt := range judgeTests {
		t.Run(tt.name, func(t *testing.T) {
			s := defaults()
			if tt.settings != nil {
				tt.settings(&s)
			}
			j := Judge(tt.inputs, s, now)
			if j.Severity != tt.want {
				t.Errorf("got %s, want %s", j.Severity, tt.want)
			}
			if got := strings.Join(kinds(j), " "); got != tt.findings {
				t.Errorf("findings: got %q, want %q", got, tt.findings)
			}
		})
	}
}

func kinds(j Judgement) []string {
	var list []string
	add := func(findings []Finding) {
		for _, f := range findings {
			list = append(list, string(f.Kind))
		}
	}
	for _, p := range j.Pools {
		add(p.Findings)
	}
	add(j.Findings)
	for _, pair := range j.Pairs {
		add(pair.Findings)
	}
	return list
}

// TestJudgeReasons: by a rule, or since it is known, from the user or from the collector, which pool is the CMS master.
func TestJudgeReasons(t *testing.T) {
	tests := []struct {
		name, flag, source string // who names the CMS master
		pool, module       string
		severity           Severity
		reason             Reason
		named              string // by the judgement, for what is said
	}{
		{"by a rule", "auto", "", "pool01", confSlow, OK, ByRule, ""},
		{"nobody names it", "auto", "", "pool01", idle, OK, TakenForNotMaster, ""},
		{"nor is there a flag", "", "", "pool01", idle, OK, TakenForNotMaster, ""},
		{"nobody names it, nor the pool", "auto", "", "", idle, OK, TakenForNotMaster, ""},
		{"there is none", "none", "pool01", "pool01", idle, OK, NotMaster, ""},
		{"the source names it", "AUTO", "POOL01", "pool01", idle, Warning, IsMaster, ""},
		{"the source names another", "auto", "pool02", "pool01", idle, OK, NotMaster, ""},
		{"the source names one, not its pool", "auto", "pool02", "", idle, Unknown, MasterUnclear, ""},
		{"the flag names it", "Pool01", "pool02", "pool01", idle, Warning, IsMaster, "Pool01"},
		{"the flag names another", "pool02", "pool01", "pool01", idle, OK, NotMaster, "pool02"},
		{"the flag names one, no source the pool", "pool02", "", "", idle, Unknown, MasterUnclear, "pool02"},
		{"a healthy state needs no reason", "pool02", "", "pool01", active, OK, NoReason, "pool02"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := defaults()
			s.CMSMaster = tt.flag
			var r Rule
			if err := r.UnmarshalText([]byte("NonSteadyState=ok")); err != nil {
				t.Fatal(err)
			}
			s.Rules = []Rule{r}
			in := input(pool(tt.pool, tt.module))
			in.CMSMaster = tt.source
			j := Judge([]Input{in}, s, now)
			got, want := j.Pools[0].Modules[0].Directions, DirectionVerdict{Severity: tt.severity, Reason: tt.reason}
			if got[status.Export] != want || got[status.Import].Reason != NoReason || j.CMSMaster != tt.named {
				t.Errorf("got %+v, %q, want %+v", got, j.CMSMaster, want)
			}
		})
	}
}

// TestPoolMissingNamesWhatWasRead: a pool in another spelling is found faster so.
func TestPoolMissingNamesWhatWasRead(t *testing.T) {
	s := defaults()
	s.Pools = []string{"pool1"}
	j := Judge([]Input{input(pool("pool01", users), pool("pool02", users)), input(pool("", users))}, s, now)
	if len(j.Findings) == 0 || !slices.Equal(j.Findings[0].Names, []string{"pool01", "pool02"}) {
		t.Errorf("got %+v", j.Findings)
	}
}

// TestMergedPool: of a text that several sources have, the first counts.
func TestMergedPool(t *testing.T) {
	a, b, c := input(pool("pool01", users)), input(pool("POOL01", conf)), input(pool("pool01", idle))
	a.Origin = "a.json"
	b.Origin, b.Host, b.Pools[0].Backup, b.Pools[0].ActiveMachine = "b.json", "FE01", "pool02", "fe01"
	c.Origin, c.Host, c.PSModule, c.CMSMaster = "c.json", "FE02", "Lync", "pool02"
	j := Judge([]Input{a, b, c}, defaults(), now)
	if len(j.Pools) != 1 || len(j.Pools[0].Modules) != 3 {
		t.Fatalf("got %+v", j.Pools)
	}
	p := j.Pools[0]
	got := []string{p.Name, p.Host, p.PSModule, p.Backup, p.ActiveMachine, strings.Join(p.masters, " "), strings.Join(p.Origins, " ")}
	if want := []string{"pool01", "FE01", "Lync", "pool02", "fe01", "pool02", "a.json b.json c.json"}; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// TestJudgeIsPure: judging the same input twice gives the same, and changes nothing of it.
func TestJudgeIsPure(t *testing.T) {
	in := []Input{input(pool("pool01", users)), input(pool("pool01", conf), pool("pool02", idle))}
	in[0].Pools[0].Backup = "pool02"
	before := fmt.Sprint(in)
	first := Judge(in, defaults(), now)
	if second := Judge(in, defaults(), now); !reflect.DeepEqual(first, second) {
		t.Errorf("first %+v\nthen  %+v", first, second)
	}
	if after := fmt.Sprint(in); before != after {
		t.Errorf("before %s\nafter  %s", before, after)
	}
}

// TestLostOfAPool: what is lost of a pool is UNKNOWN there and nowhere else, and says why there is no module. A pool
// that was not done in time is what --on-timeout says.
func TestLostOfAPool(t *testing.T) {
	lost := func(p status.Pool) status.Pool { p.Losses = []status.Loss{{What: "an object"}}; return p }
	late := status.Pool{Name: "pool03", Err: "not done in time", TimedOut: true}
	in := input(pool("pool01", users), lost(pool("pool02")), late)
	for _, c := range []struct {
		name string
		pool string
		want Severity
		kind Kind
	}{
		{"none of the others", "pool01", OK, ""},
		{"lost, and no word of pairing", "pool02", Unknown, Lost},
		{"not done in time", "pool03", Critical, TimedOut},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := defaults()
			s.Pools, s.OnTimeout, s.OnFailure = []string{c.pool}, Critical, Warning
			j := Judge([]Input{in}, s, now)
			findings := j.Pools[0].Findings
			if j.Severity != c.want || c.kind == "" && len(findings) > 0 || c.kind != "" &&
				(len(findings) != 1 || findings[0].Kind != c.kind) {
				t.Errorf("%v, %+v", j.Severity, findings)
			}
		})
	}
	healthy := lost(pool("pool02", users, conf))
	if j := Judge([]Input{input(healthy)}, defaults(), now); j.Severity != Unknown {
		t.Errorf("a loss beside healthy modules: %v", j.Severity)
	}
}

// TestSameModuleOfTwoSources: what they say alike counts once, what they say differently twice.
func TestSameModuleOfTwoSources(t *testing.T) {
	inputs := []Input{from(input(pool("pool01", users, conf)), "a"), from(input(pool("POOL01", users, confBad)), "b")}
	j := Judge(inputs, defaults(), now)
	if len(j.Pools) != 1 || len(j.Pools[0].Modules) != 3 || j.Severity != Critical {
		t.Errorf("%s: %+v", j.Severity, j.Pools)
	}
}

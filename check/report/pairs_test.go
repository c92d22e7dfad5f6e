package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// pairs makes pairs of pools, the modules of each by its number from 1.
func pairs(n int, modules func(pool int) []status.Module) thresholds.Input {
	var pools []status.Pool
	for i := 1; i <= 2*n; i++ {
		p := pool(fmt.Sprintf("pool%05d.contoso.com", i), modules(i)...)
		p.Backup = fmt.Sprintf("pool%05d.contoso.com", i+1-2*((i+1)%2))
		pools = append(pools, p)
	}
	return input(pools...)
}

func failover() thresholds.Settings {
	s := settings()
	s.Profile = thresholds.Failover
	return s
}

// TestManyPairs: of 100 pairs the sick way stands in front, and the output keeps its budgets.
func TestManyPairs(t *testing.T) {
	oneSick := pairs(100, func(pool int) []status.Module {
		if pool == 144 {
			return []status.Module{users, broken}
		}
		return []status.Module{users, module("ConfServices.DataConf", "FinalState", "NormalState")}
	})
	perf := " | 'modules_ok'=399;;;0; 'modules_warning'=0;;;0; 'modules_critical'=1;;;0; 'modules_unknown'=0;;;0; 'age'=40s;;900;; " +
		"'time'=0.004s;;;0;"
	advice := "    see to the partner's file store (event 4042): network, permissions, SMB 445 from each front end; NAS " +
		"devices are not supported\n"
	sick := `[CRITICAL] pool00144.contoso.com, collected 40 s ago
[CRITICAL] ConfServices.DataConf: export ErrorState, import NormalState
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] pool00143.contoso.com, collected 40 s ago: 2 modules healthy
`
	for _, tt := range []struct {
		settings thresholds.Settings
		want     string
	}{
		{settings(), "CS BACKUP CRITICAL - pool00144.contoso.com: ConfServices.DataConf export ErrorState (399 more " +
			"modules healthy)" + perf + `
[CRITICAL] pool00144.contoso.com to pool00143.contoso.com: ConfServices.DataConf export ErrorState
` + advice + `[OK] pool00143.contoso.com to pool00144.contoso.com: 2 modules healthy
` + sick + `[OK] 198 healthy pools, 396 modules
`},
		{failover(), "CS BACKUP CRITICAL - not ready to fail over pool00144.contoso.com to pool00143.contoso.com: " +
			"ConfServices.DataConf export ErrorState (399 more " +
			"modules healthy)" + perf + `
[CRITICAL] pool00144.contoso.com to pool00143.contoso.com: not ready to fail over: ConfServices.DataConf export ErrorState
` + advice + `[OK] pool00143.contoso.com to pool00144.contoso.com: ready to fail over (2 modules healthy)
` + sick + `[OK] 198 healthy pools, 396 modules, 99 pairs ready to fail over
`},
	} {
		if got := unify(render(prefixed(), tt.settings, oneSick)); got != tt.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
		}
	}

	all := pairs(100, func(int) []status.Module { return []status.Module{users, broken, slow, idle} })
	for _, s := range []thresholds.Settings{settings(), failover()} {
		for verbose := range 4 {
			o := prefixed()
			o.Verbose = verbose
			out := render(o, s, oneSick)
			checkContract(t, out, verbose)
			_, long, _ := strings.Cut(out, "\n")
			if !strings.HasPrefix(long, "[CRITICAL] pool00144.contoso.com to pool00143.contoso.com: ") {
				t.Errorf("-v %d: the sick way is not in front:\n%.200s", verbose, long)
			}
			checkContract(t, render(o, s, all), verbose)
		}
	}
}

// TestManyReadyPairs: what is ready is counted, too, and said of all in one.
func TestManyReadyPairs(t *testing.T) {
	healthy := func(int) []status.Module { return []status.Module{users} }
	first, long, _ := strings.Cut(unify(render(prefixed(), failover(), pairs(100, healthy))), "\n")
	if want := "CS BACKUP OK - ready to fail over: 100 pairs (200 modules healthy) | "; !strings.HasPrefix(first, want) {
		t.Errorf("got  %s\nwant %s", first, want)
	}
	if want := "[OK] 200 healthy pools, 200 modules, 100 pairs ready to fail over\n"; long != want {
		t.Errorf("got  %q\nwant %q", long, want)
	}
}

// TestHalfIsNeverCalledReady: a pool whose partner nobody named, alone or beside a pair.
func TestHalfIsNeverCalledReady(t *testing.T) {
	const half = "[UNKNOWN] pool09 to its backup pool: not ready to fail over: pool09: nobody names its backup pool, " +
		"so the other half was not seen, and a failover needs both\n"
	alone := unify(render(prefixed(), failover(), input(pool("pool09", users))))
	if !strings.HasPrefix(alone, "CS BACKUP UNKNOWN - not ready to fail over pool09 to its backup pool: ") ||
		!strings.Contains(alone, half) {
		t.Errorf("got:\n%s", alone)
	}
	in := pairs(1, func(int) []status.Module { return []status.Module{users} })
	in.Pools = append(in.Pools, pool("pool09", users))
	beside := unify(render(prefixed(), failover(), in))
	if !strings.HasPrefix(beside, "CS BACKUP UNKNOWN - not ready to fail over pool09 ") || !strings.Contains(beside, half) ||
		strings.Count(beside, ": ready to fail over") != 2 {
		t.Errorf("got:\n%s", beside)
	}
	if day := render(prefixed(), settings(), in); strings.Contains(day, "half") || strings.Contains(day, "ready") {
		t.Errorf("nobody asked:\n%s", day)
	}
}

// TestReadyInJSON: there only where it was asked for; a half has none.
func TestReadyInJSON(t *testing.T) {
	healthy := func(int) []status.Module { return []status.Module{users} }
	half := input(pool("pool09", users))
	yes, no := true, false
	for _, tt := range []struct {
		name     string
		settings thresholds.Settings
		in       thresholds.Input
		want     *bool
		pairs    int
	}{
		{"day by day", settings(), pairs(2, healthy), nil, 2},
		{"ready", failover(), pairs(2, healthy), &yes, 2},
		{"half", failover(), half, &no, 1},
		{"nothing", failover(), input(), &no, 0},
	} {
		o := prefixed()
		o.Format = JSON
		var got jsonResult
		if err := json.Unmarshal([]byte(render(o, tt.settings, tt.in)), &got); err != nil {
			t.Fatal(err)
		}
		same := func(a, b *bool) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
		if !same(got.Ready, tt.want) || len(got.Pairs) != tt.pairs || got.Pairs == nil {
			t.Errorf("%s: %+v", tt.name, got)
		}
		for _, pair := range got.Pairs {
			for _, w := range pair.Ways {
				if !same(w.Ready, tt.want) {
					t.Errorf("%s: %s to %s", tt.name, w.From, w.To)
				}
			}
		}
	}
}

// TestNotReadyForAnotherReason: where what is wrong is worse than any way, the first line says that.
func TestNotReadyForAnotherReason(t *testing.T) {
	s := failover()
	s.Pools = []string{"pool00001.contoso.com", "pool00002.contoso.com", "pool09"}
	in := pairs(1, func(int) []status.Module { return []status.Module{users} })
	first, _, _ := strings.Cut(render(prefixed(), s, in), " | ")
	if want := "CS BACKUP CRITICAL - not ready to fail over: pool09: this pool is not in what was read, " +
		"which has pool00001.contoso.com, pool00002.contoso.com (2 modules healthy)"; first != want {
		t.Errorf("got  %s\nwant %s", first, want)
	}
}

// TestBackupPoolTexts: what is said of a backup pool that is not known, or that is another one to each source.
func TestBackupPoolTexts(t *testing.T) {
	one, two := input(pool("pool01", users)), input(pool("pool01", slow))
	one.Pools[0].Backup, two.Pools[0].Backup, two.Origin = "pool02", "pool03", "old.json"
	_, long, _ := strings.Cut(unify(render(prefixed(), settings(), one, two)), "\n")
	if want := `[WARNING] pool01, collected 40 s ago
[WARNING] the sources name different backup pools: pool02, pool03
    see which is its partner: Get-CsPoolBackupRelationship -PoolFqdn pool01; leave out what is outdated
`; !strings.HasPrefix(long, want) {
		t.Errorf("got:\n%s\nwant:\n%s", long, want)
	}

	pools := []thresholds.PoolVerdict{{Name: "pool01", Severity: thresholds.Unknown, Findings: []thresholds.Finding{{
		Kind: thresholds.BackupPoolUnknown, Severity: thresholds.Unknown, Pool: "pool01", Err: errors.New("denied"),
	}}}}
	p := &pools[0]
	j := thresholds.Judgement{Profile: thresholds.Failover, Pools: pools, Pairs: []thresholds.Pair{{
		Pools: [2]*thresholds.PoolVerdict{p},
		Ways:  []thresholds.Way{{From: "pool01", Problems: []thresholds.Problem{{Pool: p, Finding: &p.Findings[0]}}}},
	}}}
	o := prefixed()
	o.PerfData = PerfNone
	want := `CS BACKUP UNKNOWN - not ready to fail over pool01 to its backup pool: pool01: the backup pool is not known: denied
[UNKNOWN] pool01 to its backup pool: not ready to fail over: pool01: the backup pool is not known: denied
    see what Get-CsPoolBackupRelationship -PoolFqdn pool01 says there, under the same account; without --pair nobody asks for it
[UNKNOWN] pool01, age not known
[UNKNOWN] the backup pool is not known: denied
`
	if got := unify(Render(j, o)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	o.Format = JSON
	if got, want := Render(j, o),
		`"pairs":[{"pools":["pool01"],"ways":[{"from":"pool01","to":"","state":"UNKNOWN","ready":false,`+
			`"problems":[{`; !strings.Contains(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestManyReasons: a line has a bound, and says how much more there is.
func TestManyReasons(t *testing.T) {
	in := pairs(1, func(int) (list []status.Module) {
		for i := range 50 {
			list = append(list, module(fmt.Sprintf("Made.Up%02d", i), "ErrorState", "NormalState"))
		}
		return list
	})
	_, long, _ := strings.Cut(unify(render(prefixed(), failover(), in)), "\n")
	line, _, _ := strings.Cut(long, "\n")
	if !strings.HasSuffix(line, "; Made.Up19 export ErrorState; and 30 more") {
		t.Errorf("got %s", line)
	}
}

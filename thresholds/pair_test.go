package thresholds

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// ways says the ways of all pairs: "pool01>pool02 CRITICAL", and which are ready.
func ways(j Judgement) string {
	var list []string
	for _, pair := range j.Pairs {
		for _, w := range pair.Ways {
			text := w.From + ">" + w.To + " " + w.Severity.String()
			if w.Ready {
				text += " ready"
			}
			list = append(list, text)
		}
	}
	return strings.Join(list, ", ")
}

func poolA(modules ...string) status.Pool { return backedUp(pool("a", modules...), "b") }
func poolB(modules ...string) status.Pool { return backedUp(pool("b", modules...), "a") }
func denied(p status.Pool) status.Pool    { p.Err, p.Modules = "denied", nil; return p }

func both(pools ...status.Pool) []Input { return []Input{input(pools...)} }

func file(origin string, pools ...status.Pool) Input { return from(input(pools...), origin) }
func anHourOld(in Input) Input                       { return dated(in, time.Hour) }

var gone = Input{Snapshot: status.Snapshot{Origin: "gone"}, Err: errors.New("gone")}

const importBad = "ConfServices.DataConf FinalState ErrorState"

var wayTests = []struct {
	name     string
	inputs   []Input
	settings func(*Settings)
	want     string
	ready    bool // of the whole
}{
	{"healthy", both(poolA(users), poolB(users)), nil, "a>b OK, b>a OK", false},
	{"ready", both(poolA(users), poolB(users)), failover, "a>b OK ready, b>a OK ready", true},
	{"one names the other", both(poolA(users), pool("b", users)), nil, "a>b OK, b>a OK", false},
	{"one names the other before a failover", both(poolA(users), pool("b", users)), failover, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"the other names the one", both(pool("a", users), poolB(users)), failover, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"by a short name, in other letters", both(backedUp(pool("a.x.y", users), "B"), backedUp(pool("b.x.y", users), "A.X.Y")), failover,
		"a.x.y>b.x.y OK ready, b.x.y>a.x.y OK ready", true},
	{"in two files", []Input{input(poolA(users)), input(poolB(users))}, failover, "a>b OK ready, b>a OK ready", true},
	{"nobody names the other", both(pool("a", users), pool("b", users)), failover, "a> UNKNOWN, b> UNKNOWN", false},
	{"a pool that is its own backup", both(backedUp(pool("a", users), "A")), failover, "a> CRITICAL", false},
	{"its partner is its own backup", both(poolA(users), backedUp(pool("b", users), "b")), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"several name it", both(poolA(users), pool("b", users), backedUp(pool("c", users), "b")),
		func(s *Settings) { s.Profile, s.Pools = Failover, []string{"b"} }, "b> CRITICAL", false},
	{"a pair and half of another", both(poolA(users), poolB(users), pool("c", users)), failover, "a>b OK ready, b>a OK ready, c> UNKNOWN",
		false},
	{"two pairs", both(poolA(users), backedUp(pool("c", users), "d"), poolB(users), backedUp(pool("d", users), "c")), failover,
		"a>b OK ready, b>a OK ready, c>d OK ready, d>c OK ready", true},

	{"a failed export", both(poolA(confBad), poolB(conf)), nil, "a>b CRITICAL, b>a OK", false},
	{"a failed export before a failover", both(poolA(confBad), poolB(conf)), failover, "a>b CRITICAL, b>a OK ready", false},
	{"a failed import", both(poolA(importBad), poolB(conf)), nil, "a>b OK, b>a CRITICAL", false},
	{"a failed import there", both(poolA(conf), poolB(importBad)), nil, "a>b CRITICAL, b>a OK", false},
	{"a backlog", both(poolA(conf), poolB(confSlow)), nil, "a>b OK, b>a WARNING", false},
	{"a backlog before a failover", both(poolA(conf), poolB(confSlow)), failover, "a>b OK ready, b>a CRITICAL", false},
	{"ignored", both(poolA(users, confBad), poolB(users)), func(s *Settings) { s.Profile, s.Ignore = Failover, []Pattern{"Conf*"} },
		"a>b OK ready, b>a OK ready", true},
	{"an expected module is absent", both(poolA(users), poolB(users)), func(s *Settings) { s.Expect = []Pattern{"A.B"} },
		"a>b CRITICAL, b>a CRITICAL", false},

	{"an old half", []Input{input(poolA(users)), anHourOld(input(poolB(users)))}, nil, "a>b CRITICAL, b>a CRITICAL", false},
	{"an old half that is excused", []Input{input(poolA(users)), anHourOld(input(poolB(users)))}, func(s *Settings) { s.OnStale = OK },
		"a>b OK, b>a OK", false},
	{"which makes no pair ready", []Input{input(poolA(users)), anHourOld(input(poolB(users)))},
		func(s *Settings) { s.Profile, s.OnStale = Failover, OK }, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"no limit makes it", []Input{input(poolA(users)), anHourOld(input(poolB(users)))},
		func(s *Settings) { s.Profile, s.MaxAge = Failover, 0 }, "a>b OK ready, b>a OK ready", true},
	{"a half that could not be asked", both(poolA(users), denied(poolB())), nil, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"the same before a failover", both(poolA(users), denied(poolB())), failover, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"the same, excused", both(poolA(users), denied(poolB())), func(s *Settings) { s.Profile, s.OnFailure = Failover, OK },
		"a>b UNKNOWN, b>a UNKNOWN", false},
	{"a half without modules", both(poolA(users), poolB()), failover, "a>b UNKNOWN, b>a UNKNOWN", false},

	{"a loss in the file", []Input{lossy(input(poolA(users), poolB(users)))}, nil, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"a loss in the file of one half", []Input{file("1", poolA(users)), lossy(file("2", poolB(users)))}, nil, "a>b UNKNOWN, b>a UNKNOWN",
		false},
	{"a loss in the file of another pool", []Input{file("1", poolA(users), poolB(users)), lossy(file("2", pool("c", users)))}, failover,
		"a>b OK ready, b>a OK ready, c> UNKNOWN", false},
	{"a file that holds nobody knows what", []Input{input(poolA(users), poolB(users)), lossy(file("2"))}, nil, "a>b OK, b>a OK", false},
	{"the same before a failover", []Input{input(poolA(users), poolB(users)), lossy(file("2"))}, failover, "a>b UNKNOWN, b>a UNKNOWN",
		false},
	{"a file that is not there", []Input{input(poolA(users), poolB(users)), gone}, failover, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"a file that is not there, excused", []Input{input(poolA(users), poolB(users)), gone},
		func(s *Settings) { s.Profile, s.OnFailure = Failover, OK }, "a>b UNKNOWN, b>a UNKNOWN", false},

	{"named and not seen", both(poolA(users)), nil, "", false},
	{"named, asked for, and not seen", both(poolA(users)), func(s *Settings) { s.Pools, s.Pair = []string{"a"}, true },
		"a>b UNKNOWN, b>a UNKNOWN", false},
	{"the same, excused", both(poolA(users)), func(s *Settings) { s.Pools, s.Pair, s.OnFailure = []string{"a"}, true, OK },
		"a>b OK, b>a OK", false},
	{"named and not seen before a failover", both(poolA(users)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"and what was seen of it is sick", both(poolA(users, confBad)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"it may have been in what failed", []Input{input(poolA(users)), gone}, failover, "a>b UNKNOWN, b>a UNKNOWN", false},
	{"--pool leaves it out", both(poolA(users), poolB(users)), func(s *Settings) { s.Profile, s.Pools = Failover, []string{"a"} },
		"a>b CRITICAL, b>a CRITICAL", false},
	{"--pool asks for it", both(poolA(users)), func(s *Settings) { s.Profile, s.Pools = Failover, []string{"a", "b"} },
		"a>b CRITICAL, b>a CRITICAL", false},
	{"the same, excused", both(poolA(users)), func(s *Settings) { s.Profile, s.Pools, s.OnMissing = Failover, []string{"a", "b"}, OK },
		"a>b CRITICAL, b>a CRITICAL", false},
	{"another absent pool", both(poolA(users), poolB(users)),
		func(s *Settings) { s.Profile, s.Pools = Failover, []string{"a", "b", "c"} }, "a>b OK ready, b>a OK ready", false},

	{"a partner that points to a third pool", both(poolA(users), backedUp(pool("b", users), "c")), nil, "a>b WARNING, b>a WARNING", false},
	{"the same before a failover", both(poolA(users), backedUp(pool("b", users), "c")), failover,
		"a>b CRITICAL, b>a CRITICAL, b>c CRITICAL, c>b CRITICAL", false},
	{"a third pool that points back", both(poolA(users), backedUp(pool("b", users), "c"), backedUp(pool("c", users), "b")), nil,
		"a>b WARNING, b>a WARNING, b>c OK, c>b OK", false},
	{"a circle", both(poolA(users), backedUp(pool("b", users), "c"), backedUp(pool("c", users), "a")), nil,
		"a>b WARNING, b>a WARNING, b>c WARNING, c>b WARNING, c>a WARNING, a>c WARNING", false},
	{"two that name the same one", both(poolA(users), pool("b", users), backedUp(pool("c", users), "b")), nil,
		"a>b WARNING, b>a WARNING, c>b WARNING, b>c WARNING", false},
	{"sources that name different partners", []Input{input(poolA(users)), input(poolB(users)), input(backedUp(pool("a", conf), "c"))},
		nil, "a>b WARNING, b>a WARNING", false},
	{"the same before a failover", []Input{input(poolA(users)), input(poolB(users)), input(backedUp(pool("a", users), "c"))}, failover,
		"a>b CRITICAL, b>a CRITICAL", false},

	{"a module of one pool alone", both(poolA(users, conf), poolB(users)), nil, "a>b OK, b>a OK", false},
	{"the same before a failover", both(poolA(users, conf), poolB(users)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"of the other alone", both(poolA(users), poolB(users, conf)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"a module in other letters", both(poolA(users), poolB(strings.ToUpper(users))), failover, "a>b OK ready, b>a OK ready", true},
	{"a cut name may be the same", both(poolA(conf), poolB("ConfServices.Da… FinalState NormalState")), failover,
		"a>b CRITICAL, b>a CRITICAL", false},

	{"no CMS master", both(poolA(idle), poolB(idle)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"no CMS master, and there is none", both(poolA(idle), poolB(idle)), func(s *Settings) { s.Profile, s.CMSMaster = Failover, "none" },
		"a>b OK ready, b>a OK ready", true},
	{"no CMS master, and by the flag it is a pool that nobody saw", both(poolA(idle), poolB(idle)),
		func(s *Settings) { s.Profile, s.CMSMaster = Failover, "c" }, "a>b CRITICAL, b>a CRITICAL", false},
	{"two CMS masters", both(poolA(active), poolB(active)), failover, "a>b CRITICAL, b>a CRITICAL", false},
	{"a number says nothing of the CMS master", both(poolA(active), poolB("CentralMgmt.CMSMaster 0 NormalState")), nil,
		"a>b OK, b>a UNKNOWN", false},
	{"two CMS masters, and there is none", both(poolA(active), poolB(active)),
		func(s *Settings) { s.Profile, s.CMSMaster = Failover, "none" }, "a>b CRITICAL, b>a CRITICAL", false},
	{"the CMS master is not initialised", both(poolA(idle), poolB(idle)), func(s *Settings) { s.CMSMaster = "a" },
		"a>b WARNING, b>a WARNING", false},
}

// TestWays: a way is as bad as the exports of its one end, the imports of the other, and what is wrong with either.
func TestWays(t *testing.T) {
	for _, tt := range wayTests {
		t.Run(tt.name, func(t *testing.T) {
			s := defaults()
			if tt.settings != nil {
				tt.settings(&s)
			}
			j := Judge(tt.inputs, s, now)
			if got := ways(j); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if j.Ready != tt.ready {
				t.Errorf("ready: %v", j.Ready)
			}
			checkWays(t, j)
		})
	}
}

// checkWays checks what holds for every judgement: no way is worse than the whole, what is ready has no problem, and
// what is not ready is never OK.
func checkWays(t *testing.T, j Judgement) {
	t.Helper()
	for _, pair := range j.Pairs {
		for _, w := range pair.Ways {
			var parts []Severity
			for _, p := range w.Problems {
				parts = append(parts, p.Severity)
				if p.Severity == OK || (p.Finding == nil) == (p.Module == nil) || p.Module != nil && p.Pool == nil {
					t.Errorf("%s>%s: %+v", w.From, w.To, p)
				}
			}
			switch {
			case w.Severity.WorseThan(j.Severity):
				t.Errorf("%s>%s is worse than the whole", w.From, w.To)
			case len(parts) > 0 && (w.Severity != Worst(parts...) || w.Problems[0].Severity != w.Severity):
				t.Errorf("%s>%s is %s of %v", w.From, w.To, w.Severity, parts)
			case w.Ready && (len(parts) > 0 || j.Profile != Failover):
				t.Errorf("%s>%s: ready with %d problems", w.From, w.To, len(parts))
			case j.Profile == Failover && !w.Ready && (w.Severity == OK || j.Severity == OK):
				t.Errorf("%s>%s is not ready, and the whole OK", w.From, w.To)
			}
		}
	}
}

// TestBackupPoolUnknown: a pool whose partner was asked for and is not known is never ready, whatever that is set to.
func TestBackupPoolUnknown(t *testing.T) {
	for _, severity := range []Severity{OK, Warning, Unknown, Critical} {
		for _, profile := range []Profile{Default, Failover} {
			s := defaults()
			s.Profile = profile
			in := input(pool("a", users))
			in.Pools[0].BackupErr = "x"
			s.OnFailure = severity
			j := Judge([]Input{in}, s, now)
			want := ""
			if profile == Failover {
				want = "a> " + severity.String()
				if severity == OK {
					want = "a> UNKNOWN"
				}
			}
			if got := ways(j); got != want || j.Ready {
				t.Errorf("%s, %s: got %q, want %q", profile, severity, got, want)
			}
		}
	}
}

// TestPartnersOfMany: thousands of pools that name the same one, or that name each other in a long row, take no time.
func TestPartnersOfMany(t *testing.T) {
	var same, row []status.Pool
	for i := range 10_000 {
		same = append(same, backedUp(pool(fmt.Sprint("p", i), users), "hub"))
		row = append(row, backedUp(pool(fmt.Sprint("p", i), users), fmt.Sprint("p", i+1)))
	}
	s := defaults()
	s.Profile = Failover
	for _, pools := range [][]status.Pool{append(same, pool("hub", users)), row} {
		start := time.Now()
		j := Judge([]Input{input(pools...)}, s, now)
		if took := time.Since(start); took > 2*time.Second || len(j.Pairs) < 9_999 || j.Severity != Critical {
			t.Errorf("%v, %d pairs, %s", took, len(j.Pairs), j.Severity)
		}
	}
}

// A randomPair is a pair as the judge below sees it.
type randomPair struct {
	a, b   status.Pool
	stale  [2]bool
	lossy  [2]bool
	ignore string // a module
	master string // by --cms-master
}

// TestRandomPairs judges 60 random pairs, each alone and all together, and compares with another judge: one that knows
// the rules as a list of what is fine, and looks at one way at a time.
func TestRandomPairs(t *testing.T) {
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("TEST_SEED"), "1"), 10, 64) // `make fuzz` sets a fresh one
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range 60 {
		p := newRandomPair(random, n)
		for _, profile := range []Profile{Default, Failover} {
			s := defaults()
			s.Profile, s.CMSMaster = profile, p.master
			if p.ignore != "" {
				s.Ignore = []Pattern{Pattern(p.ignore)}
			}
			j := Judge(p.inputs(), s, now)
			checkWays(t, j)
			want := p.judge(profile)
			if got := ways(j); got != want {
				t.Errorf("pair %d, %s:\ngot  %s\nwant %s\n%+v", n, profile, got, want, p)
			}
			if ready := want == "a>b OK ready, b>a OK ready"; j.Ready != ready {
				t.Errorf("pair %d, %s: ready %v", n, profile, j.Ready)
			}
			// Among others it is judged the same.
			others := append(p.inputs(), input(backedUp(pool("x", confBad), "y"), pool("y", users)))
			others[len(others)-1].Origin = "other"
			if got := ways(Judge(others, s, now)); !strings.HasPrefix(got, want+", x>y ") {
				t.Errorf("pair %d, %s, among others:\ngot  %s\nwant %s", n, profile, got, want)
			}
		}
	}
}

func newRandomPair(random *rand.Rand, n int) randomPair {
	pick := func(choices ...string) string { return choices[random.IntN(len(choices))] }
	seldom := func() bool { return random.IntN(20) == 0 }
	names := []string{"UserServices.PresenceFocus", "ConfServices.DataConf", status.CMSMaster, "Made.Up"}
	modules := func() (list []status.Module) {
		for _, name := range names {
			if seldom() {
				continue
			}
			m := status.Module{Identity: name, Export: "FinalState", Import: "NormalState"}
			if name == status.CMSMaster {
				m.Export = status.State(pick("FinalState", "NotInitialized"))
			}
			if seldom() {
				m.Export = status.State(pick("SteadyState", "NonSteadyState", "NotInitialized", "ErrorState", "Odd", "", "finalstate", "3"))
			}
			if seldom() {
				m.Import = status.State(pick("NotInitialized", "ErrorState", "FinalState", "", "NORMALSTATE"))
			}
			list = append(list, m)
		}
		return list
	}
	p := randomPair{
		a:      status.Pool{Name: "a", Backup: "b", Modules: modules()},
		b:      status.Pool{Name: "b", Backup: pick("a", "", "A"), Modules: modules()},
		stale:  [2]bool{seldom(), seldom()},
		lossy:  [2]bool{seldom(), seldom()},
		master: pick("auto", "none", "a", "b", "c"),
	}
	switch n % 10 { // each of these in six pairs
	case 7:
		p.b.Backup = "c"
	case 8:
		p.b.Err, p.b.Modules = "denied", nil
	case 9:
		p.ignore = pick(names...)
	}
	return p
}

// inputs are two files.
func (p randomPair) inputs() []Input {
	var list []Input
	for i, pool := range []status.Pool{p.a, p.b} {
		in := input(pool)
		in.Origin = pool.Name + ".json"
		if p.stale[i] {
			in.CollectedAt = now.Add(-time.Hour)
		}
		if p.lossy[i] {
			in.Losses = []status.Loss{{What: "x"}}
		}
		list = append(list, in)
	}
	return list
}

// An otherJudge judges one random pair.
type otherJudge struct {
	randomPair
	failover bool
	// warned is the severity of what is behind, odd that of what nobody knows.
	warned, odd string
}

func (p randomPair) judge(profile Profile) string {
	if profile == Failover {
		return otherJudge{p, true, "CRITICAL", "CRITICAL"}.verdict()
	}
	return otherJudge{p, false, "WARNING", "UNKNOWN"}.verdict()
}

// counted are the modules of a pool that are not ignored.
func (j otherJudge) counted(pool status.Pool) (list []status.Module) {
	for _, m := range pool.Modules {
		if m.Identity != j.ignore {
			list = append(list, m)
		}
	}
	return list
}

func (j otherJudge) exports(pool status.Pool, m status.Module) string {
	switch strings.ToLower(string(m.Export)) {
	case "finalstate", "steadystate":
		return "OK"
	case "errorstate":
		return "CRITICAL"
	case "nonsteadystate":
		return j.warned
	case "notinitialized":
		if m.Identity == status.CMSMaster && j.master != pool.Name {
			return "OK"
		}
		return j.warned
	}
	return j.odd
}

func (j otherJudge) imports(m status.Module) string {
	switch strings.ToLower(string(m.Import)) {
	case "normalstate":
		return "OK"
	case "errorstate":
		return "CRITICAL"
	case "notinitialized":
		return j.warned
	}
	return j.odd
}

// trouble is what is wrong with a pool or its file.
func (j otherJudge) trouble(i int, pool status.Pool) (list []string) {
	if j.stale[i] {
		list = append(list, "CRITICAL")
	}
	if j.lossy[i] || pool.Err != "" || len(j.counted(pool)) == 0 {
		list = append(list, "UNKNOWN")
	}
	return list
}

// way is the worst of the one's exports, the other's imports, and what else is wrong.
func (j otherJudge) way(from, to status.Pool, wrong []string) string {
	wrong = append(slices.Clone(wrong), "OK")
	for _, m := range j.counted(from) {
		wrong = append(wrong, j.exports(from, m))
	}
	for _, m := range j.counted(to) {
		wrong = append(wrong, j.imports(m))
	}
	rank := []string{"OK", "WARNING", "UNKNOWN", "CRITICAL"}
	worst := slices.MaxFunc(wrong, func(a, b string) int { return slices.Index(rank, a) - slices.Index(rank, b) })
	if worst == "OK" && j.failover {
		return "OK ready"
	}
	return worst
}

func (j otherJudge) verdict() string {
	nothing := status.Pool{}
	if j.b.Backup == "c" {
		wrong := append(j.trouble(0, j.a), j.warned)
		text := "a>b " + j.way(j.a, nothing, wrong) + ", b>a " + j.way(nothing, j.a, wrong)
		if j.failover {
			unseen := "CRITICAL"
			if j.lossy[0] || j.lossy[1] {
				unseen = "UNKNOWN"
			}
			wrong := append(j.trouble(1, j.b), unseen)
			text += ", b>c " + j.way(j.b, nothing, wrong) + ", c>b " + j.way(nothing, j.b, wrong)
		}
		return text
	}
	wrong := append(j.trouble(0, j.a), j.trouble(1, j.b)...)
	if j.failover && j.b.Backup == "" {
		wrong = append(wrong, "UNKNOWN")
	}
	if j.a.Err == "" && j.b.Err == "" {
		wrong = append(wrong, j.unpaired()...)
		wrong = append(wrong, j.masters()...)
	}
	return "a>b " + j.way(j.a, j.b, wrong) + ", b>a " + j.way(j.b, j.a, wrong)
}

// unpaired is what modules mean that one pool alone has.
func (j otherJudge) unpaired() (wrong []string) {
	for _, pools := range [][2]status.Pool{{j.a, j.b}, {j.b, j.a}} {
		others := j.counted(pools[1])
		for _, m := range j.counted(pools[0]) {
			same := func(other status.Module) bool { return other.Identity == m.Identity }
			if j.failover && len(others) > 0 && !slices.ContainsFunc(others, same) {
				wrong = append(wrong, "CRITICAL")
			}
		}
	}
	return wrong
}

// masters is what the exports of CMSMaster mean, both together.
func (j otherJudge) masters() []string {
	rows, idle := 0, 0
	for _, m := range append(j.counted(j.a), j.counted(j.b)...) {
		if m.Identity != status.CMSMaster {
			continue
		}
		switch strings.ToLower(string(m.Export)) {
		case "", "3":
			return nil // nobody knows
		case "notinitialized":
			idle++
		}
		rows++
	}
	elsewhere := j.master == "none" || j.master == "c" && !j.failover
	if rows > 0 && (idle == rows && !elsewhere || rows-idle == 2) {
		return []string{j.warned}
	}
	return nil
}

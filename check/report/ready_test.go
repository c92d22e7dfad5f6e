package report

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// A randomSet is a set of files before a failover, and what is asked of them.
type randomSet struct {
	files    []thresholds.Input
	settings thresholds.Settings
}

// TestReadyOfRandomSets: exit code, first line and JSON say the same of random sets of pools, a second judge agrees, and
// so do all orders of the files, of the pools in them and of --pool.
func TestReadyOfRandomSets(t *testing.T) {
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("TEST_SEED"), "1"), 10, 64) // `make fuzz` sets a fresh one
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	ready := 0
	for range 500 {
		set := newRandomSet(random)
		first := set.verdict(t)
		if want := set.ready(); strings.HasPrefix(first, "OK ") != want {
			t.Fatalf("the second judge says %v of\n%+v\ngot %s", want, set, first)
		} else if want {
			ready++
		}
		for range 3 {
			set.shuffle(random)
			if other := set.verdict(t); other != first {
				t.Fatalf("in another order\n%+v\ngot  %s\nthen %s", set, first, other)
			}
		}
		set.settings.Profile = thresholds.Default
		first = set.verdict(t)
		set.shuffle(random)
		if other := set.verdict(t); other != first {
			t.Fatalf("day by day, in another order\n%+v\ngot  %s\nthen %s", set, first, other)
		}
	}
	if ready < 20 {
		t.Errorf("only %d sets were ready", ready)
	}
}

// A lottery makes random sets.
type lottery struct{ *rand.Rand }

func (l lottery) seldom(n int) bool          { return l.IntN(n) == 0 }
func (l lottery) pick(list ...string) string { return list[l.IntN(len(list))] }
func (l lottery) spell(name string) string { // in one of its spellings
	if l.seldom(4) {
		return l.pick(strings.ToUpper(name), name+".", strings.Split(name, ".")[0])
	}
	return name
}

// spoil makes something wrong with a file, now and then.
func (l lottery) spoil(in *thresholds.Input) {
	switch l.IntN(60) {
	case 0:
		in.Err = errors.New("gone")
	case 1:
		in.Losses = []status.Loss{{What: "a line"}}
	case 2:
		in.CollectedAt = time.Time{}
	case 3:
		in.CollectedAt = now.Add(time.Duration(2*l.IntN(2)-1) * time.Hour)
	case 4:
		in.Categories = [][]string{{"CMS"}, {"cms", "userdata"}, {"RGS", "UserData"}}[l.IntN(3)]
	}
}

// part is what a file says of a pool.
func (l lottery) part(name string) status.Pool {
	partners := map[string]string{"a.x": "b.x", "b.x": "a.x", "c.x": "d.x", "d.x": "c.x"}
	p := pool(l.spell(name), module("A.B", "FinalState", "NormalState"))
	p.Backup = l.spell(partners[name])
	switch l.IntN(40) {
	case 0:
		p.Backup = ""
	case 1:
		p.Backup = l.pick("a.x", "b.x", "c.x", "e.x")
	case 2:
		p.Backup, p.BackupErr = "", "denied"
	case 3:
		p.Modules, p.Err, p.TimedOut = nil, "denied", l.seldom(2)
	case 4:
		p.Modules = nil
	case 5:
		p.Modules[0].Export = status.State(l.pick("NonSteadyState", "", "Odd"))
	case 6:
		p.Modules[0].Import = "ErrorState"
	}
	return p
}

func newRandomSet(random *rand.Rand) randomSet {
	l := lottery{random}
	set := randomSet{files: make([]thresholds.Input, 1+l.IntN(3)), settings: settings()}
	for i := range set.files {
		in := &set.files[i]
		in.Origin, in.CollectedAt = fmt.Sprint(i, ".json"), now.Add(-time.Duration(l.IntN(600))*time.Second)
		l.spoil(in)
	}
	names := []string{"a.x", "b.x"}
	if l.seldom(3) {
		names = append(names, "c.x", "d.x")
	}
	for _, name := range names {
		if l.seldom(25) {
			continue
		}
		for range 1 + l.IntN(2)/(1+l.IntN(2)) {
			p, in := l.part(name), &set.files[l.IntN(len(set.files))]
			in.Pools = append(in.Pools, p)
		}
	}
	s := &set.settings
	s.Profile, s.OnFailure, s.OnTimeout = thresholds.Failover, thresholds.Warning, thresholds.Warning
	s.OnMissing = []thresholds.Severity{thresholds.Warning, thresholds.Critical}[l.IntN(2)]
	if l.seldom(4) {
		s.MaxAge = 0
	}
	if l.seldom(2) {
		for _, name := range names[:1+l.IntN(len(names))] {
			s.Pools = append(s.Pools, l.spell(name))
		}
		if l.seldom(6) {
			s.Pools = append(s.Pools, "e.x")
		}
		s.Pair = l.seldom(2)
	}
	return set
}

// ready is the second judge: a list of what must be so, without findings, pairs or ways.
func (set randomSet) ready() bool {
	name := func(text string) string { return strings.ToLower(strings.Split(text, ".")[0]) }
	whom := make(map[string]map[string]bool) // by pool: whom its entries name
	fine := make(map[string]bool)
	for _, in := range set.files {
		if in.Err != nil || len(in.Losses) > 0 {
			return false
		}
		age := now.Sub(in.CollectedAt)
		dated := set.settings.MaxAge == 0 || !in.CollectedAt.IsZero() && age <= 15*time.Minute && age > -time.Minute
		asked := in.Categories == nil || slices.Equal(in.Categories, []string{"cms", "userdata"})
		for _, p := range in.Pools {
			key := name(p.Name)
			if whom[key] == nil {
				whom[key], fine[key] = make(map[string]bool), true
			}
			if p.Backup != "" {
				whom[key][name(p.Backup)] = true
			}
			fine[key] = fine[key] && dated && asked && p.Err == "" && p.BackupErr == "" && len(p.Modules) == 1 &&
				p.Modules[0].Export == "FinalState" && p.Modules[0].Import == "NormalState"
		}
	}
	chosen := make(map[string]bool)
	for _, asked := range set.settings.Pools {
		chosen[name(asked)] = true
	}
	if len(chosen) == 0 {
		for key := range whom {
			chosen[key] = true
		}
	} else if set.settings.Pair {
		for key := range maps.Clone(chosen) {
			for other := range whom[key] {
				chosen[other] = true
			}
		}
	}
	for key := range chosen {
		names := slices.Collect(maps.Keys(whom[key]))
		if len(names) != 1 || names[0] == key || !chosen[names[0]] || !fine[key] {
			return false
		}
		back := whom[names[0]]
		if len(back) != 1 || !back[key] {
			return false
		}
	}
	return len(chosen) > 0
}

// verdict is what the output says, in an order of its own, once exit code, first line and JSON agree.
func (set randomSet) verdict(t *testing.T) string {
	t.Helper()
	j := thresholds.Judge(set.files, set.settings, now)
	o := prefixed()
	text := Render(j, o)
	o.Format = JSON
	var got jsonResult
	if err := json.Unmarshal([]byte(Render(j, o)), &got); err != nil {
		t.Fatal(err)
	}
	if set.settings.Profile == thresholds.Failover {
		ready := j.Severity.Code() == 0
		if strings.HasPrefix(text, "CS BACKUP OK - ready to fail over") != ready || got.Ready == nil || *got.Ready != ready ||
			got.ExitCode != j.Severity.Code() || strings.Contains(strings.SplitN(text, "\n", 2)[0], "not ready to fail over") == ready {
			t.Fatalf("%d, %v of %+v\n%s", j.Severity.Code(), *got.Ready, set, text)
		}
		// What is not ready says why.
		if wrong := strings.Contains(text, "\n[WARNING]") || strings.Contains(text, "\n[UNKNOWN]") ||
			strings.Contains(text, "\n[CRITICAL]"); wrong == ready {
			t.Fatalf("%+v\n%s", set, text)
		}
	}
	var parts []string
	for _, p := range got.Pools {
		parts = append(parts, strings.ToLower(p.Pool)+" "+p.State)
	}
	for _, pair := range got.Pairs {
		for _, w := range pair.Ways {
			from, _, _ := strings.Cut(strings.ToLower(w.From), ".")
			to, _, _ := strings.Cut(strings.ToLower(w.To), ".")
			parts = append(parts, fmt.Sprint(from, ">", to, " ", w.State, " ", w.Ready != nil && *w.Ready))
		}
	}
	slices.Sort(parts)
	return got.State + " " + strings.Join(parts, ", ")
}

func (set randomSet) shuffle(random *rand.Rand) {
	random.Shuffle(len(set.files), func(i, k int) { set.files[i], set.files[k] = set.files[k], set.files[i] })
	for _, in := range set.files {
		random.Shuffle(len(in.Pools), func(i, k int) { in.Pools[i], in.Pools[k] = in.Pools[k], in.Pools[i] })
	}
	pools := set.settings.Pools
	random.Shuffle(len(pools), func(i, k int) { pools[i], pools[k] = pools[k], pools[i] })
}

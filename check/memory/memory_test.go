package memory

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

var start = time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)

// at is a number of seconds after the start.
func at(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }

const users = "UserServices.PresenceFocus"

// A seen is one status of one module: when, and which of its directions are unhealthy: "e", "i", "ei" or "".
type seen struct {
	at        float64
	unhealthy string
}

func mod(unhealthy string) status.Module {
	m := status.Module{Identity: users, Export: "FinalState", Import: "NormalState"}
	if strings.Contains(unhealthy, "e") {
		m.Export = "NonSteadyState"
	}
	if strings.Contains(unhealthy, "i") {
		m.Import = "ErrorState"
	}
	return m
}

func snapshot(pool string, s seen) status.Snapshot {
	return status.Snapshot{CollectedAt: at(s.at), Pools: []status.Pool{{Name: pool, Modules: []status.Module{mod(s.unhealthy)}}}}
}

const pool01 = "pool01.contoso.com"

// lasted says for how many seconds export and import are unhealthy: "300 0", "?" where that is not known.
func lasted(m *Memory, pool string, s seen) string {
	var texts []string
	for _, d := range []status.Direction{status.Export, status.Import} {
		since, known := m.Since(pool, mod(s.unhealthy), d, at(s.at))
		switch {
		case !known:
			texts = append(texts, "?")
		case since.IsZero():
			texts = append(texts, "0")
		default:
			texts = append(texts, fmt.Sprint(at(s.at).Truncate(time.Second).Sub(since).Seconds()))
		}
	}
	return strings.Join(texts, " ")
}

// again is a memory that went through a file.
func again(t *testing.T, m *Memory) *Memory {
	t.Helper()
	data, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	read, err := Decode(data)
	if err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return read
}

const hour = 60 * 60

// TestRows follows one module through the statuses of several checks, one after the other.
func TestRows(t *testing.T) {
	for name, rows := range map[string]struct {
		seen []seen
		want string // after each of them
	}{
		"a row in time, healthy, and again": {
			[]seen{{0, "e"}, {300, "e"}, {600, "e"}, {1860, "e"}, {1900, ""}, {2000, "e"}, {2060, "e"}},
			"0 0, 300 0, 600 0, 1860 0, 0 0, 0 0, 60 0"},
		"flapping": {[]seen{{0, "e"}, {60, ""}, {120, "e"}, {180, ""}, {240, "e"}, {300, "e"}},
			"0 0, 0 0, 0 0, 0 0, 0 0, 60 0"},
		"the import has its own":       {[]seen{{0, "i"}, {60, "ei"}, {120, "ei"}, {180, "e"}}, "0 0, 0 60, 60 120, 120 0"},
		"a gap of a day":               {[]seen{{0, "e"}, {24 * hour, "e"}}, "0 0, 86400 0"},
		"a gap of more":                {[]seen{{0, "e"}, {24*hour + 1, "e"}, {24*hour + 61, "e"}}, "0 0, 0 0, 60 0"},
		"the same status again":        {[]seen{{0, "e"}, {300, "e"}, {300, "e"}}, "0 0, 300 0, 300 0"},
		"an older one changes nothing": {[]seen{{0, "e"}, {300, "e"}, {100, ""}, {200, "e"}, {600, "e"}}, "0 0, 300 0, 0 0, 200 0, 600 0"},
		"an older one whose row is over": {[]seen{{0, "e"}, {300, ""}, {200, "e"}, {400, "e"}},
			"0 0, 0 0, ? 0, 0 0"},
		"an older one from before the row": {[]seen{{100, "e"}, {50, "e"}, {200, "e"}}, "0 0, ? 0, 100 0"},
		"parts of a second do not count":   {[]seen{{0.9, "e"}, {60.1, "e"}, {60.9, "e"}}, "0 0, 60 0, 60 0"},
	} {
		t.Run(name, func(t *testing.T) {
			m := &Memory{}
			var got []string
			for _, s := range rows.seen {
				m = again(t, add(m, at(s.at+300), snapshot(pool01, s)))
				m.latest = at(s.at + 300)
				got = append(got, lasted(m, pool01, s))
			}
			if got := strings.Join(got, ", "); got != rows.want {
				t.Errorf("%s: got %s, want %s", name, got, rows.want)
			}
		})
	}
}

func add(m *Memory, latest time.Time, snapshots ...status.Snapshot) *Memory {
	m.Add(snapshots, latest)
	return m
}

// TestWords: which words are healthy is a matter of the direction, and of the CMS master's export.
func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"A.B FinalState NormalState":                        "",
		"A.B steadystate NORMALSTATE":                       "",
		"A.B NormalState FinalState":                        "ei",
		"A.B NonSteadyState NotInitialized":                 "ei",
		"A.B Odd ":                                          "ei",
		"A.B NotInitialized NormalState":                    "e",
		"CentralMgmt.CMSMaster NotInitialized NormalState":  "",
		"centralmgmt.cmsmaster notinitialized NormalState":  "",
		"CentralMgmt.CMSMaster FinalState NotInitialized":   "i",
		"CentralMgmt.CMSMaster NonSteadyState NormalState":  "e",
		"CentralMgmt.CMSMaster ErrorState ErrorState":       "ei",
		"CentralMgmt.CMSMaste… NotInitialized NormalState":  "e",
		"CentralMgmt.CMSMaster NotInitialize… NormalState ": "e",
	} {
		t.Run(text, func(t *testing.T) {
			words := strings.Split(text, " ")
			m := status.Module{Identity: words[0], Export: status.State(words[1]), Import: status.State(words[2])}
			got := ""
			for _, d := range []status.Direction{status.Export, status.Import} {
				if !isHealthy(m, d) {
					got += d.String()[:1]
				}
			}
			if got != want {
				t.Errorf("%s: unhealthy are %q, want %q", text, got, want)
			}
		})
	}
}

// TestOneCheck: where the sources of one check differ, the worse word counts, with its date, in any order.
func TestOneCheck(t *testing.T) {
	for name, tt := range map[string]struct {
		one, other, next seen
		want             string
	}{
		"the worse is older":        {seen{0, "e"}, seen{300, ""}, seen{600, "e"}, "600 0"},
		"its date counts":           {seen{0, "e"}, seen{300, ""}, seen{24*hour + 1, "e"}, "0 0"},
		"the worse is newer":        {seen{0, ""}, seen{300, "e"}, seen{600, "e"}, "300 0"},
		"of the same date":          {seen{0, ""}, seen{0, "e"}, seen{60, "e"}, "60 0"},
		"both unhealthy":            {seen{0, "e"}, seen{300, "e"}, seen{24*hour + 300, "e"}, "86700 0"},
		"each in another direction": {seen{0, "e"}, seen{300, "i"}, seen{600, "ei"}, "600 300"},
		"both healthy":              {seen{0, ""}, seen{300, ""}, seen{600, "e"}, "0 0"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, order := range [][]seen{{tt.one, tt.other}, {tt.other, tt.one}} {
				m := add(&Memory{}, at(300), snapshot(pool01, order[0]), snapshot(pool01, order[1]))
				m = add(again(t, m), at(tt.next.at), snapshot(pool01, tt.next))
				if got := lasted(m, pool01, tt.next); got != tt.want {
					t.Errorf("%s: got %s, want %s", name, got, tt.want)
				}
			}
		})
	}
}

// TestNames: they are the same in any case, with the dot behind an FQDN, and in their short form, whichever stands in the
// file, unless several FQDNs begin with it. What has no whole name can't be remembered.
func TestNames(t *testing.T) {
	for _, tt := range []struct{ first, then, want string }{
		{pool01, "POOL01.Contoso.com", "60 0"},
		{pool01, pool01 + ".", "60 0"},
		{pool01, "pool01", "60 0"},
		{"pool01", pool01, "60 0"},
		{"Pool01", "pool01", "60 0"},
		{pool01, "pool02.contoso.com", "0 0"},
		{"pool01", "pool011.contoso.com", "0 0"},
		{"pool01.a pool01.b", "pool01", "0 0"},
		{"pool01.a pool01", "pool01.b", "0 0"},
		{pool01, "", "? ?"}, {pool01, "pool01…", "? ?"}, {pool01, "pool\x00", "? ?"},
	} {
		m := &Memory{}
		for _, name := range strings.Fields(tt.first) {
			m = again(t, add(m, at(0), snapshot(name, seen{0, "e"})))
		}
		m = add(m, at(60), snapshot(tt.then, seen{60, "e"}))
		if got := lasted(m, tt.then, seen{60, "e"}); got != tt.want {
			t.Errorf("%s, then %s: %s, want %s", tt.first, tt.then, got, tt.want)
		}
	}
	// A file that an earlier version left may hold both: the one that was seen last goes on.
	both, err := Decode([]byte(`{"schema":"check_cs_backup/memory/1","pools":{` +
		`"pool01":{"userservices.presencefocus":{"seen":"2026-11-24T19:00:10Z","exportUnhealthySince":"2026-11-24T19:00:00Z"}},` +
		`"pool01.contoso.com":{"userservices.presencefocus":{"seen":"2026-11-24T19:00:05Z"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	both = again(t, add(both, at(60), snapshot("pool01", seen{60, "e"})))
	both.latest = at(60)
	if got := lasted(both, pool01, seen{60, "e"}); got != "60 0" || len(both.pools) != 1 {
		t.Errorf("both names: %s, %v", got, both.pools)
	}
}

// TestClock: what is dated after now is neither taken up nor believed, and changes nothing else.
func TestClock(t *testing.T) {
	m := add(&Memory{}, at(0), snapshot("a", seen{0, "e"}), snapshot("b", seen{1, "e"}), snapshot("c", seen{-60, "e"}))
	if got := lasted(m, "a", seen{0, "e"}) + ", " + lasted(m, "b", seen{1, "e"}); got != "0 0, ? ?" || len(m.pools) != 2 {
		t.Errorf("from the future: %s, %v", got, m.pools)
	}
	// A check whose clock is far behind sees b as of then: a and c are what they were.
	before, _ := m.Encode()
	m = add(again(t, m), at(-1e6), snapshot("a", seen{0, ""}), snapshot("b", seen{-1e6, "e"}))
	if got := lasted(m, "a", seen{0, "e"}) + ", " + lasted(m, "b", seen{-1e6, "e"}); got != "? ?, 0 0" {
		t.Errorf("a clock that is behind: %s", got)
	}
	delete(m.pools, "b")
	if after, _ := m.Encode(); string(after) != string(before) {
		t.Errorf("a clock that is behind changed it from %s to %s", before, after)
	}
	// What a check left whose clock was ahead is not believed: its module begins anew, the others stay.
	m = add(m, at(1e6), snapshot("a", seen{1e6, "e"}))
	for _, seconds := range []float64{300, 360} {
		m = add(again(t, m), at(seconds), snapshot("a", seen{seconds, "e"}), snapshot("c", seen{seconds, "e"}))
	}
	if got := lasted(m, "a", seen{360, "e"}) + ", " + lasted(m, "c", seen{360, "e"}); got != "60 0, 420 0" {
		t.Errorf("after a clock that was ahead: %s", got)
	}
}

// TestBound: of too many modules the longest unseen go.
func TestBound(t *testing.T) {
	var pools []status.Pool
	for i := range MaxModules + 3 {
		pools = append(pools, status.Pool{Name: fmt.Sprintf("pool%05d", i), Modules: []status.Module{mod("e")}})
	}
	m := add(&Memory{}, at(hour), snapshot("old", seen{-90 * 24 * hour, "e"}), snapshot("older", seen{-91 * 24 * hour, "e"}))
	if len(m.pools) != 2 {
		t.Errorf("after 90 days: %v", m.pools)
	}
	m = add(m, at(hour), status.Snapshot{CollectedAt: at(0), Pools: pools[:MaxModules-1]})
	if _, forgot := m.pools["older"]; forgot || m.pools["old"] == nil || len(m.pools) != MaxModules {
		t.Errorf("one too many: %d, %v", len(m.pools), m.pools["old"])
	}
	m = add(m, at(hour), status.Snapshot{CollectedAt: at(60), Pools: pools[MaxModules-1:]})
	if len(m.pools) != MaxModules || m.pools["old"] != nil || m.pools["pool00000"] != nil || m.pools["pool00003"] == nil {
		t.Errorf("four more: %d", len(m.pools))
	}
}

// TestDecode: nothing but a memory is taken for one.
func TestDecode(t *testing.T) {
	whole, err := add(&Memory{}, at(0), snapshot(pool01, seen{0, "ei"})).Encode()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
 "schema": "check_cs_backup/memory/1",
 "pools": {
  "pool01.contoso.com": {
   "userservices.presencefocus": {
    "seen": "2026-11-24T19:00:00Z",
    "exportUnhealthySince": "2026-11-24T19:00:00Z",
    "importUnhealthySince": "2026-11-24T19:00:00Z"
   }
  }
 }
}
`
	if string(whole) != want {
		t.Errorf("got %s, want %s", whole, want)
	}
	for i := range len(whole) - 2 { // without the last } and the line end it is cut; without the line end it is whole
		if m, err := Decode(whole[:i]); err == nil {
			t.Errorf("cut at %d: %v", i, m)
		}
	}
	replace := func(old, new string) string { return strings.Replace(string(whole), old, new, 1) }
	const damaged, newer = "is damaged, or no memory of this plugin", "was written by a newer version of this plugin"
	for name, tt := range map[string]struct{ text, want string }{
		"blank":                     {" \n", damaged},
		"no JSON":                   {"hello", damaged},
		"two":                       {string(whole) + string(whole), damaged},
		"no UTF-8":                  {replace("pool01", "pool\xff"), damaged},
		"a key twice":               {replace(`"schema"`, `"schema": "check_cs_backup/memory/1", "schema"`), damaged},
		"a list":                    {"[]", damaged},
		"a number":                  {"1", damaged},
		"null":                      {"null", damaged},
		"no schema":                 {"{}", damaged},
		"a status":                  {`{"schema":"check_cs_backup/1","pools":[]}`, damaged},
		"a result":                  {`{"schema":"check_cs_backup/result/1"}`, damaged},
		"a schema of no number":     {replace("memory/1", "memory/x"), damaged},
		"a schema 0":                {replace("memory/1", "memory/0"), damaged},
		"a newer version":           {replace("memory/1", "memory/2"), newer},
		"a number alone":            {`{"schema":"7"}`, damaged},
		"a much newer version":      {`{"schema":"check_cs_backup/memory/12","pools":[]}`, newer},
		"an unknown key":            {replace(`"seen"`, `"x":1, "seen"`), damaged},
		"no pools":                  {`{"schema":"check_cs_backup/memory/1"}`, damaged},
		"pools in a list":           {`{"schema":"check_cs_backup/memory/1","pools":[]}`, damaged},
		"a pool without a name":     {replace("pool01.contoso.com", ""), damaged},
		"a pool in capitals":        {replace("pool01", "Pool01"), damaged},
		"a cut module":              {replace("presencefocus", "pres…"), damaged},
		"not seen":                  {replace(`"seen": "2026-11-24T19:00:00Z",`, ""), damaged},
		"no date":                   {replace("2026-11-24T19:00:00Z", "yesterday"), damaged},
		"a year that is not RFC":    {replace("2026-11-24T19:00:00Z", "9999-12-31T23:59:59-23:59"), damaged},
		"since before all years":    {replace(`Since": "2026-11-24T19:00:00Z`, `Since": "0000-01-01T00:00:00+23:59`), damaged},
		"unhealthy later than seen": {replace(`Since": "2026-11-24T19:00:00Z"`, `Since": "2026-11-24T19:00:01Z"`), damaged},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := Decode([]byte(tt.text))
			loss, isLoss := err.(status.Loss)
			if !isLoss || !strings.Contains(err.Error(), tt.want) || loss.Advice == "" || m != nil {
				t.Errorf("%s: %v, %v", name, m, err)
			}
		})
	}
}

// FuzzDecode: whatever the file holds, it is refused, or it is a memory that can be added to and written back.
func FuzzDecode(f *testing.F) {
	whole, err := add(&Memory{}, at(0), snapshot(pool01, seen{0, "e"})).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, int64(60))
	f.Add(whole[:len(whole)/2], int64(0))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/2"}`), int64(0))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/1","pools":{"p":{"m":{"seen":"9999-12-31T23:59:59.9-23:59"}}}}`), int64(1))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/1","pools":{"p":{"m":null}, "p.x": null}}`), int64(-1))
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		m, err := Decode(data)
		if err != nil {
			if _, isLoss := err.(status.Loss); !isLoss {
				t.Errorf("%T", err)
			}
			return
		}
		s := seen{float64(seconds % 1e9), "e"}
		m = again(t, add(m, at(s.at), snapshot("pool01", s)))
		m.latest = at(s.at)
		if since, known := m.Since("pool01", mod("e"), status.Export, at(s.at)); known && (since.IsZero() || since.After(at(s.at))) {
			t.Errorf("%v", since)
		}
	})
}

// TestRandomRows holds the memory against a second judge, which keeps all that ever was seen and looks back over it.
func TestRandomRows(t *testing.T) {
	random := rand.New(rand.NewPCG(14, 3))
	gaps := []float64{1, 60, 600, 3 * hour, 23 * hour, 24 * hour, 24*hour + 1, 40 * hour, -60, -25 * hour}
	for range 3000 {
		m, clock := &Memory{}, 0.0
		var past []seen // of the checks that were taken up, in order
		var story []string
		for range 2 + random.IntN(10) {
			clock += gaps[random.IntN(len(gaps))]
			s := seen{clock, []string{"", "e", "i", "ei"}[random.IntN(4)]}
			latest := clock + 300
			if random.IntN(8) == 0 {
				latest = clock - 1 // the status is dated into the future
			}
			name := []string{"pool01", "POOL01", pool01, pool01 + "."}[random.IntN(4)]
			m = add(again(t, m), at(latest), snapshot(name, s))
			story = append(story, fmt.Sprint(s, latest))
			want := "? ?"
			if latest >= clock {
				past = believed(past, latest)
				if len(past) == 0 || s.at >= past[len(past)-1].at {
					past = append(past, s)
				}
				want = lookBack(past, s, "e") + " " + lookBack(past, s, "i")
			}
			if got := lasted(m, name, s); got != want {
				t.Fatalf("%v: got %s, want %s", story, got, want)
			}
		}
	}
}

// believed is what was seen, nothing of it where the last is from after now: the module begins anew.
func believed(past []seen, latest float64) []seen {
	if len(past) > 0 && past[len(past)-1].at > latest {
		return nil
	}
	return past
}

// lookBack finds the first of the row that a status is in.
func lookBack(past []seen, s seen, direction string) string {
	if !strings.Contains(s.unhealthy, direction) {
		return "0"
	}
	last := past[len(past)-1]
	if !strings.Contains(last.unhealthy, direction) {
		return "?" // it is older than one that was healthy
	}
	first := last.at
	for i := len(past) - 2; i >= 0 && strings.Contains(past[i].unhealthy, direction) && past[i+1].at-past[i].at <= 24*hour; i-- {
		first = past[i].at
	}
	if first > s.at {
		return "?"
	}
	return fmt.Sprint(s.at - first)
}

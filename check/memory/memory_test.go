package memory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

var start = time.Date(2026, 11, 24, 19, 0, 0, 0, time.UTC)

// at is a number of seconds after the start.
func at(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }

const users, files = "UserServices.PresenceFocus", "ConfServices.DataConf"

// A seen is one status of one module: when, and which of its directions are unhealthy: "e", "i", "ei" or "".
type seen struct {
	at        float64
	unhealthy string
}

func sighting(s seen) Sighting {
	return Sighting{Pool: "pool01.contoso.com", Module: users, At: at(s.at), Unhealthy: [2]bool{
		status.Export: strings.Contains(s.unhealthy, "e"), status.Import: strings.Contains(s.unhealthy, "i"),
	}}
}

// spells says for how many seconds export and import are unhealthy: "300 0", "?" where that is not known.
func spells(m Memory, s Sighting) string {
	var texts []string
	for _, d := range []status.Direction{status.Export, status.Import} {
		text := "?"
		if spell := m.Spell(s, d); spell.Known {
			text = fmt.Sprint(spell.For.Seconds())
			if spell.Since.IsZero() != (!s.Unhealthy[d]) || !spell.Since.IsZero() && !spell.Since.Add(spell.For).Equal(s.At.Truncate(time.Second)) {
				text += " since " + spell.Since.String()
			}
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, " ")
}

// TestRows follows one module through the statuses of several checks, one after the other.
func TestRows(t *testing.T) {
	for name, rows := range map[string]struct {
		seen []seen
		want string // after each of them
	}{
		"a row in time, healthy, and again": {
			[]seen{{0, "e"}, {300, "e"}, {600, "e"}, {660, "e"}, {1800, "e"}, {1860, "e"}, {1900, ""}, {2000, "e"}, {2060, "e"}},
			"0 0, 300 0, 600 0, 660 0, 1800 0, 1860 0, 0 0, 0 0, 60 0"},
		"flapping":                     {[]seen{{0, "e"}, {60, ""}, {120, "e"}, {180, ""}, {240, "e"}, {300, "e"}}, "0 0, 0 0, 0 0, 0 0, 0 0, 60 0"},
		"the import has its own":       {[]seen{{0, "i"}, {60, "ei"}, {120, "ei"}, {180, "e"}}, "0 0, 0 60, 60 120, 120 0"},
		"a gap is no end":              {[]seen{{0, "e"}, {86400, "e"}}, "0 0, 86400 0"},
		"the same status again":        {[]seen{{0, "e"}, {300, "e"}, {300, "e"}}, "0 0, 300 0, 300 0"},
		"an older one changes nothing": {[]seen{{0, "e"}, {300, "e"}, {100, ""}, {200, "e"}, {600, "e"}}, "0 0, 300 0, 0 0, 200 0, 600 0"},
		"an older one whose row is over": {[]seen{{0, "e"}, {300, ""}, {200, "e"}, {400, "e"}},
			"0 0, 0 0, ? 0, 0 0"},
		"an older one from before the row": {[]seen{{100, "e"}, {50, "e"}, {200, "e"}}, "0 0, ? 0, 100 0"},
		"parts of a second do not count":   {[]seen{{0.9, "e"}, {60.1, "e"}, {60.9, "e"}}, "0 0, 60 0, 60 0"},
	} {
		var m Memory
		var got []string
		for _, s := range rows.seen {
			m = again(t, m.With([]Sighting{sighting(s)}, at(s.at+300)))
			got = append(got, spells(m, sighting(s)))
		}
		if got := strings.Join(got, ", "); got != rows.want {
			t.Errorf("%s: got %s, want %s", name, got, rows.want)
		}
	}
}

// again is a memory that went through a file.
func again(t *testing.T, m Memory) Memory {
	t.Helper()
	data, err := m.Encode()
	if err == nil {
		m, err = Decode(data)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return m
}

// TestOneCheck: what one check sees at once counts in the order of its dates, and of one date as bad as any of it.
func TestOneCheck(t *testing.T) {
	older, sick, healthy := sighting(seen{0, "ei"}), sighting(seen{300, "e"}), sighting(seen{300, ""})
	for _, order := range [][]Sighting{{sick, healthy, older}, {older, healthy, sick}} {
		m := Memory{}.With(order, at(300))
		got := spells(m, older) + ", " + spells(m, sick) + ", " + spells(m, healthy)
		if want := "0 ?, 300 0, 0 0"; got != want { // the import was healthy after the older one
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestNames: they are the same in any case, and with the dot behind an FQDN. What has none can't be remembered.
func TestNames(t *testing.T) {
	m := Memory{}.With([]Sighting{sighting(seen{0, "e"})}, at(0))
	for pool, want := range map[string]string{
		"POOL01.Contoso.com": "60 0", "pool01.contoso.com.": "60 0", "pool02.contoso.com": "0 0", "pool01": "0 0", "": "? ?", "pool01…": "? ?", "pool\x00": "? ?",
	} {
		s := sighting(seen{60, "e"})
		s.Pool = pool
		if got := spells(m.With([]Sighting{s}, at(60)), s); got != want {
			t.Errorf("pool %q: %s, want %s", pool, got, want)
		}
	}
	for identity, want := range map[string]string{
		"USERSERVICES.presencefocus": "60 0", files: "0 0", "": "? ?", "UserServices.Pre…": "? ?",
	} {
		s := sighting(seen{60, "e"})
		s.Module = identity
		if got := spells(m.With([]Sighting{s}, at(60)), s); got != want {
			t.Errorf("module %q: %s, want %s", identity, got, want)
		}
	}
	undated := sighting(seen{0, "e"})
	undated.At = time.Time{}
	if got := spells(m.With([]Sighting{undated}, at(0)), undated); got != "? ?" {
		t.Errorf("undated: %s", got)
	}
}

// TestClock: what is dated after now is not believed, and does not keep the memory from going on once the clock is right.
func TestClock(t *testing.T) {
	ahead := sighting(seen{1e6, "e"})
	m := Memory{}.With([]Sighting{ahead}, at(0))
	if got := spells(m, ahead); got != "? ?" {
		t.Errorf("from the future: %s", got)
	}
	// A check whose own clock was wrong too.
	wrong := Memory{}.With([]Sighting{sighting(seen{0, "e"})}, at(0)).With([]Sighting{ahead}, at(1e6))
	var got []string
	for _, seconds := range []float64{300, 600, 900} {
		s := sighting(seen{seconds, "e"})
		wrong = wrong.With([]Sighting{s}, at(seconds))
		got = append(got, spells(wrong, s))
	}
	if got := strings.Join(got, ", "); got != "300 0, 600 0, 900 0" {
		t.Errorf("after a wrong clock: %s", got)
	}
}

// TestForget: what was not asked for stays, what was not seen for long goes; the clock is the newest status of all.
func TestForget(t *testing.T) {
	of := func(pool string, seconds float64) Sighting {
		s := sighting(seen{seconds, "e"})
		s.Pool = pool
		return s
	}
	const days = 24 * 60 * 60
	m := Memory{}.With([]Sighting{of("old", 0), of("older", -1), of("kept", 29*days)}, at(29*days))
	if len(m.pools) != 3 {
		t.Errorf("after 29 days: %v", m)
	}
	later := m.With([]Sighting{of("new", 30*days)}, at(30*days))
	if _, forgot := later.pools["older"]; forgot || len(later.pools) != 3 {
		t.Errorf("after 30 days: %v", later)
	}
	if len(m.pools) != 3 || m.pools["older"] == nil {
		t.Errorf("the old memory has changed: %v", m)
	}
}

// TestDecode: nothing but a memory is taken for one.
func TestDecode(t *testing.T) {
	whole, err := Memory{}.With([]Sighting{sighting(seen{0, "ei"})}, at(0)).Encode()
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
	const damaged, foreign, newer = "is damaged", "holds JSON that is no memory of this plugin", "was written by a newer version of this plugin"
	for name, tt := range map[string]struct{ text, want string }{
		"empty":                     {"", "is empty"},
		"blank":                     {" \n", "is empty"},
		"no JSON":                   {"hello", "is damaged, or no memory"},
		"two":                       {string(whole) + string(whole), "is damaged, or no memory"},
		"no UTF-8":                  {replace("pool01", "pool\xff"), "is damaged, or no memory"},
		"a key twice":               {replace(`"schema"`, `"schema": "check_cs_backup/memory/1", "schema"`), "is damaged, or no memory"},
		"a list":                    {"[]", foreign},
		"a number":                  {"1", foreign},
		"null":                      {"null", foreign},
		"no schema":                 {"{}", foreign},
		"a status":                  {`{"schema":"check_cs_backup/1","pools":[]}`, foreign},
		"a result":                  {`{"schema":"check_cs_backup/result/1"}`, foreign},
		"a schema of no number":     {replace("memory/1", "memory/x"), foreign},
		"a schema 0":                {replace("memory/1", "memory/0"), foreign},
		"a newer version":           {replace("memory/1", "memory/2"), newer},
		"a much newer version":      {`{"schema":"check_cs_backup/memory/12","pools":[]}`, newer},
		"an unknown key":            {replace(`"seen"`, `"x":1, "seen"`), damaged},
		"no pools":                  {`{"schema":"check_cs_backup/memory/1"}`, damaged},
		"pools in a list":           {`{"schema":"check_cs_backup/memory/1","pools":[]}`, damaged},
		"a pool without a name":     {replace("pool01.contoso.com", ""), damaged},
		"a pool in capitals":        {replace("pool01", "Pool01"), damaged},
		"a cut module":              {replace("presencefocus", "pres…"), damaged},
		"not seen":                  {replace(`"seen": "2026-11-24T19:00:00Z",`, ""), damaged},
		"no date":                   {replace("2026-11-24T19:00:00Z", "yesterday"), damaged},
		"unhealthy later than seen": {replace(`Since": "2026-11-24T19:00:00Z"`, `Since": "2026-11-24T19:00:01Z"`), damaged},
	} {
		m, err := Decode([]byte(tt.text))
		loss, isLoss := err.(status.Loss)
		if !isLoss || !strings.Contains(err.Error(), tt.want) || loss.Advice == "" || len(m.pools) > 0 {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
}

// FuzzDecode: whatever the file holds, it is refused, or it is a memory that can be added to and written back.
func FuzzDecode(f *testing.F) {
	whole, err := Memory{}.With([]Sighting{sighting(seen{0, "e"})}, at(0)).Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole, int64(60))
	f.Add(whole[:len(whole)/2], int64(0))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/2"}`), int64(0))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/1","pools":{"p":{"m":{"seen":"9999-12-31T23:59:59.9-23:59"}}}}`), int64(1))
	f.Add([]byte(`{"schema":"check_cs_backup/memory/1","pools":{"p":{"m":null}}}`), int64(-1))
	f.Fuzz(func(t *testing.T, data []byte, seconds int64) {
		m, err := Decode(data)
		if err != nil {
			if _, isLoss := err.(status.Loss); !isLoss {
				t.Errorf("%T", err)
			}
			return
		}
		s := sighting(seen{float64(seconds % 1e9), "e"})
		next := again(t, m.With([]Sighting{s}, s.At))
		for _, pool := range next.pools {
			for identity, mod := range pool {
				if mod.Seen.After(s.At) || mod.Export.After(mod.Seen) || mod.Import.After(mod.Seen) {
					t.Errorf("%s: %v", identity, mod)
				}
			}
		}
		if spell := next.Spell(s, status.Export); spell.Known && spell.For < 0 {
			t.Errorf("%v", spell)
		}
	})
}

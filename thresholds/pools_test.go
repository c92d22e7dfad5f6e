package thresholds

import (
	"fmt"
	"slices"
	"testing"
)

// TestResolve: which names are of one pool, whatever their order, and whom a name finds.
func TestResolve(t *testing.T) {
	tests := []struct {
		name  string
		names []string
		same  [][2]int // places in names
		total int
	}{
		{"a short name and its FQDN", []string{"a", "a.x"}, [][2]int{{0, 1}}, 1},
		{"letters and the last dot", []string{"A.x", "a.X."}, [][2]int{{0, 1}}, 1},
		{"two FQDNs of one label", []string{"a.x", "a.y"}, nil, 2},
		{"a short name of two", []string{"a", "a.x", "a.y"}, nil, 3},
		{"no name is nobody's", []string{"", "", ".x"}, nil, 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, reverse := range []bool{false, true} {
				names := slices.Clone(tt.names)
				if reverse {
					slices.Reverse(names)
				}
				_, places := resolve(names)
				if reverse {
					slices.Reverse(places)
				}
				if total := slices.Max(places) + 1; total != tt.total {
					t.Errorf("%d pools of %q", total, names)
				}
				for _, same := range tt.same {
					if places[same[0]] != places[same[1]] {
						t.Errorf("%v of %q", places, names)
					}
				}
			}
		})
	}
	ps, _ := resolve([]string{"a.x", "a.y", "a", "b.x", "c"})
	for name, want := range map[string]string{
		"a.X": "[0]", "a": "[0 1 2]", "a.z": "[]", "B": "[3]", "b.y": "[]", "c": "[4]", "c.x.": "[4]", "": "[]", "d": "[]",
	} {
		t.Run(name, func(t *testing.T) {
			if got := fmt.Sprint(ps.find(name)); got != want {
				t.Errorf("%q: %s, want %s", name, got, want)
			}
		})
	}
}

// TestIdle: a value that fits nothing is named, with the nearest that is there.
func TestIdle(t *testing.T) {
	pools := func(p ...string) []Input { return []Input{input(pool("pool01", p...))} }
	tests := []struct {
		name   string
		inputs []Input
		rule   string
		ignore Pattern
		want   string
	}{
		{"a part of a name", pools(users, conf), "PresenceFocus/NonSteadyState=critical", "",
			"[{--rule PresenceFocus/NonSteadyState=critical UserServices.PresenceFocus module}]"},
		{"a module that is there", pools(users), "userservices.*/NonSteadyState=ok", "", "[]"},
		{"a documented module that is not", pools(users), "", "ApplicationServer.*", "[]"},
		{"a slip", pools(users, conf), "", "ConfService.DataConf", "[{--ignore ConfService.DataConf ConfServices.DataConf module}]"},
		{"nothing near", pools(users), "", "xyz", "[{--ignore xyz  module}]"},
		{"a state that nobody has", pools(users), "NonSteady=ok", "", "[{--rule NonSteady=ok NonSteadyState state}]"},
		{"a module and a state that nobody has", pools(users), "x.y/Odd=ok", "", "[{--rule x.y/Odd=ok  module}]"},
		{"a state that was seen", pools("A.B Odd NormalState"), "odd=ok", "", "[]"},
		{"a pattern of states", pools(users), "Od*=ok", "", "[]"},
		{"nothing was read", pools(), "x/y=ok", "z", "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := defaults()
			if tt.rule != "" {
				var r Rule
				if err := r.UnmarshalText([]byte(tt.rule)); err != nil {
					t.Fatal(err)
				}
				s.Rules = []Rule{r}
			}
			if tt.ignore != "" {
				s.Ignore = []Pattern{tt.ignore}
			}
			if got := fmt.Sprint(Judge(tt.inputs, s, now).Idle); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

package thresholds

import (
	"fmt"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

const (
	anyModule  = "UserServices.PresenceFocus"
	newModule  = "Some.NewModule"
	masterOnly = status.CMSMaster
)

var rulesTable = []struct {
	module            string
	direction         status.Direction
	state             status.State
	master            Reason
	normal, fallenBad Severity // default profile, failover profile
}{
	{anyModule, status.Export, "FinalState", NotMaster, OK, OK},
	{anyModule, status.Export, "SteadyState", NotMaster, OK, OK},
	{anyModule, status.Export, "NonSteadyState", NotMaster, Warning, Critical},
	{anyModule, status.Export, "NotInitialized", NotMaster, Warning, Critical},
	{anyModule, status.Export, "NotInitialized", IsMaster, Warning, Critical},
	{anyModule, status.Export, "ErrorState", NotMaster, Critical, Critical},
	{anyModule, status.Export, "NormalState", NotMaster, Unknown, Critical},
	{anyModule, status.Export, "SomeNewState", NotMaster, Unknown, Critical},
	{anyModule, status.Export, "", NotMaster, Unknown, Critical},
	{anyModule, status.Export, "FinalState…", NotMaster, Unknown, Critical},
	{anyModule, status.Export, "FinalState...", NotMaster, Unknown, Critical},
	{anyModule, status.Export, "0", NotMaster, Unknown, Critical},
	{anyModule, status.Export, " FinalState", NotMaster, Unknown, Critical},
	{anyModule, status.Import, "NormalState", NotMaster, OK, OK},
	{anyModule, status.Import, "NotInitialized", NotMaster, Warning, Critical},
	{anyModule, status.Import, "ErrorState", NotMaster, Critical, Critical},
	{anyModule, status.Import, "FinalState", NotMaster, Unknown, Critical},
	{anyModule, status.Import, "SteadyState", NotMaster, Unknown, Critical},
	{anyModule, status.Import, "NonSteadyState", NotMaster, Unknown, Critical},
	{anyModule, status.Import, "", NotMaster, Unknown, Critical},
	{anyModule, status.Import, "3", NotMaster, Unknown, Critical},

	{masterOnly, status.Export, "FinalState", NotMaster, OK, OK},
	{masterOnly, status.Export, "FinalState", IsMaster, OK, OK},
	{masterOnly, status.Export, "NonSteadyState", NotMaster, Warning, Critical},
	{masterOnly, status.Export, "NotInitialized", NotMaster, OK, OK},
	{masterOnly, status.Export, "NotInitialized", IsMaster, Warning, Critical},
	{masterOnly, status.Export, "NotInitialized", MasterUnclear, Unknown, Critical},
	{masterOnly, status.Export, "ErrorState", NotMaster, Critical, Critical},
	{masterOnly, status.Import, "NotInitialized", NotMaster, Warning, Critical},
	{masterOnly, status.Import, "NormalState", NotMaster, OK, OK},
	{masterOnly, status.Export, "", NotMaster, Unknown, Critical},

	{newModule, status.Export, "FinalState", NotMaster, OK, OK},
	{newModule, status.Export, "NotInitialized", NotMaster, Warning, Critical},
	{newModule, status.Import, "ErrorState", NotMaster, Critical, Critical},
	{"", status.Export, "FinalState", NotMaster, Unknown, Critical},
	{"UserServices.Presen…", status.Export, "FinalState", NotMaster, Unknown, Critical},
	{"CentralMgmt.CMSMaster...", status.Export, "NotInitialized", NotMaster, Unknown, Critical},
}

// TestRulesTable is the table of docs/reference.md, Rules, cell by cell.
func TestRulesTable(t *testing.T) {
	for _, tt := range rulesTable {
		for profile, want := range map[Profile]Severity{Default: tt.normal, Failover: tt.fallenBad} {
			for _, word := range []status.State{tt.state, status.State(strings.ToUpper(string(tt.state)))} {
				t.Run(fmt.Sprintf("%s/%s/%s/%s/%d", profile, tt.module, tt.direction, word, tt.master), func(t *testing.T) {
					m := ModuleVerdict{Module: status.Module{Identity: tt.module, Export: word, Import: word}}
					m.judge(Settings{Profile: profile}, tt.master)
					if got := m.Directions[tt.direction].Severity; got != want {
						t.Errorf("got %s, want %s", got, want)
					}
				})
			}
		}
	}
}

func TestRule(t *testing.T) {
	module := status.Module{Identity: "ConfServices.DataConf", Export: "NonSteadyState", Import: "NormalState"}
	tests := []struct {
		rule             string
		exports, imports bool // does it match
	}{
		{"NonSteadyState=critical", true, false},
		{"nonsteadystate=CRITICAL", true, false},
		{"NormalState=warning", false, true},
		{"*=ok", true, true},
		{"export:*=ok", true, false},
		{"IMPORT:*=ok", false, true},
		{"ConfServices.DataConf/*=ok", true, true},
		{"confservices.*/export:Non*=ok", true, false},
		{"*DataConf/*Steady*=ok", true, false},
		{"Conf*Services.*Data*Conf/*=ok", true, true},
		{"UserServices.*/*=ok", false, false},
		{"ConfServices/*=ok", false, false},
		{"SteadyState=ok", false, false},
		{" ConfServices.DataConf / export : NonSteadyState = ok ", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.rule, func(t *testing.T) {
			var rule Rule
			if err := rule.UnmarshalText([]byte(tt.rule)); err != nil {
				t.Fatal(err)
			}
			if got := rule.match(module, status.Export); got != tt.exports {
				t.Errorf("matches the export: %v", got)
			}
			if got := rule.match(module, status.Import); got != tt.imports {
				t.Errorf("matches the import: %v", got)
			}
		})
	}
}

// TestRuleNeverMatchesWhatWasNotReadWhole: *=ok must not make an absent or a cut state OK.
func TestRuleNeverMatchesWhatWasNotReadWhole(t *testing.T) {
	var rule Rule
	if err := rule.UnmarshalText([]byte("*=ok")); err != nil {
		t.Fatal(err)
	}
	for _, state := range []status.State{"", "Final…", "Final...", "Final?", "Final\uFFFD", "4", "-1", "0.5"} {
		if rule.match(status.Module{Identity: "A.B", Export: state}, status.Export) {
			t.Errorf("matches %q", state)
		}
	}
}

func TestRuleErrors(t *testing.T) {
	const form = "=SEVERITY is missing: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY"
	const severity = "not a severity: use ok, warning, critical or unknown"
	const direction = "not a direction: use export: or import:, or neither"
	for _, tt := range []struct{ text, want string }{
		{"", form},
		{"ErrorState", form},
		{"ErrorState=", severity},
		{"ErrorState=crit", severity},
		{"ErrorState=ok=warning", severity},
		{"=ok", "the state: a name is missing"},
		{"export:=ok", "the state: a name is missing"},
		{"A.B/=ok", "the state: a name is missing"},
		{"/ErrorState=ok", "the module: a name is missing"},
		{"A.B/exprt:X=ok", direction},
		{"Ä.B/exprt:X=ok", direction},
		{"A/B/X=ok", "the state: U+002F '/' can't be part of a name"},
		{"ConfServices.DataConf=ok", "a module where a state should be: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY"},
		{"4=ok", "a number is no state, so no rule is for it: save the status with its words"},
		{"$ARG1$=ok", "the state: U+0024 '$' can't be part of a name: a macro that was not filled?"},
		{"'A.B/X=ok", "the module: U+0027 ''' can't be part of a name: quotes that an agent kept?"},
		{"A.B /X\u200b=ok", "the state: U+200B can't be part of a name"},
		{"A.B/export: X,Y=ok", "the state: U+002C ',' can't be part of a name: give the flag once for each name"},
		{"A.B/Final...=ok", "the state: a name does not end with a dot: was it cut?"},
		{"export:import:State=ok", "the state: U+003A ':' can't be part of a name"},
	} {
		t.Run(tt.text, func(t *testing.T) {
			var rule Rule
			if err := rule.UnmarshalText([]byte(tt.text)); err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// FuzzRule: whatever the text, it is read or refused; what is read matches without panic, and nothing that was not read whole.
func FuzzRule(f *testing.F) {
	for _, seed := range []string{"A.B/export:NonSteadyState=critical", "*=ok", "=", "/:=", "Ä/import:*x*=unknown", "a/b/c=ok"} {
		f.Add(seed, "ConfServices.DataConf", "ErrorState")
	}
	f.Fuzz(func(t *testing.T, text, identity, state string) {
		var rule Rule
		if err := rule.UnmarshalText([]byte(text)); err != nil {
			return
		}
		m := status.Module{Identity: identity, Export: status.State(state), Import: status.State(state)}
		if (rule.match(m, status.Export) || rule.match(m, status.Import)) && !isWhole(state) {
			t.Errorf("%q matches %q", text, state)
		}
	})
}

func TestSeverity(t *testing.T) {
	order := []Severity{Critical, Unknown, Warning, OK}
	for i, worse := range order {
		for _, better := range order[i+1:] {
			if !worse.WorseThan(better) || better.WorseThan(worse) || Worst(better, worse) != worse || Worst(worse, better) != worse {
				t.Errorf("%s must outrank %s", worse, better)
			}
		}
	}
	if Worst() != Unknown {
		t.Error("the worst of nothing must be UNKNOWN")
	}
	codes := map[Severity]int{OK: 0, Warning: 1, Critical: 2, Unknown: 3}
	for s, code := range codes {
		if s.Code() != code {
			t.Errorf("%s has code %d", s, s.Code())
		}
	}
	var zero Severity
	if zero != Unknown {
		t.Error("a severity that nobody set must be UNKNOWN")
	}
}

package thresholds

import (
	"fmt"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

// TestRulesTable is the table of docs/reference.md, Rules, cell by cell.
func TestRulesTable(t *testing.T) {
	const (
		anyModule  = "UserServices.PresenceFocus"
		newModule  = "Some.NewModule"
		masterOnly = status.CMSMaster
	)
	tests := []struct {
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
	for _, tt := range tests {
		for profile, want := range map[Profile]Severity{Default: tt.normal, Failover: tt.fallenBad} {
			for _, word := range []status.State{tt.state, status.State(strings.ToUpper(string(tt.state)))} {
				t.Run(fmt.Sprintf("%s/%s/%s/%s/%d", profile, tt.module, tt.direction, word, tt.master), func(t *testing.T) {
					m := status.Module{Identity: tt.module, Export: word, Import: word}
					if got, _ := profile.judge(m, tt.direction, tt.master); got != want {
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
	tests := map[string]string{
		"":                       `"", character 1: =SEVERITY is missing: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY`,
		"ErrorState":             `"ErrorState", character 11: =SEVERITY is missing: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY`,
		"ErrorState=":            `"ErrorState=", character 12: not a severity: use ok, warning, critical or unknown`,
		"ErrorState=crit":        `"ErrorState=crit", character 12: not a severity: use ok, warning, critical or unknown`,
		"ErrorState=ok=warning":  `"ErrorState=ok=warning", character 12: not a severity: use ok, warning, critical or unknown`,
		"=ok":                    `"=ok", character 1: the state is missing: name one, such as NonSteadyState, or use *`,
		"export:=ok":             `"export:=ok", character 8: the state is missing: name one, such as NonSteadyState, or use *`,
		"A.B/=ok":                `"A.B/=ok", character 5: the state is missing: name one, such as NonSteadyState, or use *`,
		"/ErrorState=ok":         `"/ErrorState=ok", character 1: the module in front of / is missing: name one, or leave out the /`,
		"A.B/exprt:X=ok":         `"A.B/exprt:X=ok", character 5: not a direction: use export: or import:, or neither`,
		"Ä.B/exprt:X=ok":         `"Ä.B/exprt:X=ok", character 5: not a direction: use export: or import:, or neither`,
		"A/B/X=ok":               `"A/B/X=ok", character 4: not expected here: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY`,
		"4=ok":                   `"4=ok", character 1: a number is no state, so no rule is for it: save the status with its words`,
		"$ARG1$=ok":              `"$ARG1$=ok", character 1: $ (U+0024) can't be part of a name: a macro that was not filled?`,
		"'A.B/X=ok":              `"'A.B/X=ok", character 1: ' (U+0027) can't be part of a name: quotes that an agent kept?`,
		"A.B /X\u200b=ok":        `"A.B /X<U+200B>=ok", character 7: U+200B can't be part of a name`,
		"A.B/export: X,Y=ok":     `"A.B/export: X,Y=ok", character 14: , (U+002C) can't be part of a name: give the flag once for each name`,
		"A.B/Final...=ok":        `"A.B/Final...=ok", character 12: a name does not end with a dot: was it cut?`,
		"export:import:State=ok": `"export:import:State=ok", character 14: not expected here: a rule is [MODULE/][DIRECTION:]STATE=SEVERITY`,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			var rule Rule
			err := rule.UnmarshalText([]byte(text))
			if err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// FuzzRule: whatever the text, it is read or refused with a place inside the text; what is read matches without panic.
func FuzzRule(f *testing.F) {
	for _, seed := range []string{"A.B/export:NonSteadyState=critical", "*=ok", "=", "/:=", "Ä/import:*x*=unknown", "a/b/c=ok"} {
		f.Add(seed, "ConfServices.DataConf", "ErrorState")
	}
	f.Fuzz(func(t *testing.T, text, identity, state string) {
		var rule Rule
		if err := rule.UnmarshalText([]byte(text)); err != nil {
			checkPlace(t, text, err)
			return
		}
		m := status.Module{Identity: identity, Export: status.State(state), Import: status.State(state)}
		if (rule.match(m, status.Export) || rule.match(m, status.Import)) && !isWhole(state) {
			t.Errorf("%q matches %q", text, state)
		}
	})
}

func checkPlace(t *testing.T, text string, err error) {
	t.Helper()
	syntax, ok := err.(*SyntaxError)
	if !ok || syntax.Text != text || syntax.At < 1 || syntax.At > len([]rune(text))+1 || syntax.What == "" {
		t.Errorf("%q: error without a place in it: %v", text, err)
	}
}

func TestPattern(t *testing.T) {
	tests := []struct {
		pattern, name string
		want          bool
	}{
		{"abc", "ABC", true}, {"abc", "abcd", false}, {"*", "", true}, {"*", "x", true}, {"a*", "a", true},
		{"a*", "ba", false}, {"*a", "ba", true}, {"*a", "ab", false}, {"a*a", "a", false}, {"a*a", "aa", true},
		{"a*b*c", "aXbYc", true}, {"a*b*c", "acb", false}, {"**", "x", true}, {"a**b", "ab", true}, {"*b*", "abc", true},
		{"*bc*cd", "abcd", false},
	}
	for _, tt := range tests {
		if got := Pattern(tt.pattern).Match(tt.name); got != tt.want {
			t.Errorf("%q matches %q: %v", tt.pattern, tt.name, got)
		}
	}
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

// TestNames: what an engine, an agent or an editor puts into a name is refused, and shown so that it can be found.
func TestNames(t *testing.T) {
	tests := []struct{ text, want string }{
		{"ConfServices.*", ""}, {"*", ""}, {" A.B\r\n", ""}, {"Über-Dienst_1.Ж", ""}, {"\u00a0A.B\u3000", ""},
		{"", `"", character 1: a name is missing`},
		{" ", `" ", character 2: a name is missing`},
		{"$ARG2$", `"$ARG2$", character 1: $ (U+0024) can't be part of a name: a macro that was not filled?`},
		{"%ARG2%", `"%ARG2%", character 1: % (U+0025) can't be part of a name: a macro that was not filled?`},
		{"'A.B'", `"'A.B'", character 1: ' (U+0027) can't be part of a name: quotes that an agent kept?`},
		{"“A.B”", `"“A.B”", character 1: “ (U+201C) can't be part of a name: quotes that an agent kept?`},
		{"A.B,C.D", `"A.B,C.D", character 4: , (U+002C) can't be part of a name: give the flag once for each name`},
		{"A–B", `"A–B", character 2: – (U+2013) can't be part of a name: a dash that should be a hyphen?`},
		{"A B", `"A B", character 2: U+0020 can't be part of a name: a blank or a line end`},
		{"A\u00a0B", `"A<U+00A0>B", character 2: U+00A0 can't be part of a name: a blank or a line end`},
		{"A\nB", `"A<U+000A>B", character 2: U+000A can't be part of a name: a blank or a line end`},
		{"A\u3164B", `"A<U+3164>B", character 2: U+3164 can't be part of a name`},
		{"A\ufe0fB", `"A<U+FE0F>B", character 2: U+FE0F can't be part of a name`},
		{"A\xe4B", `"A<byte E4>B", character 2: byte E4 can't be part of a name`},
		{"A\ufffdB", `"A<U+FFFD>B", character 2: U+FFFD can't be part of a name`},
		{"A.B.", `"A.B.", character 4: a name does not end with a dot: was it cut?`},
		{strings.Repeat("x", 99) + "$", `"` + strings.Repeat("x", 80) + `…", character 100: $ (U+0024) can't be part of a name: a macro that was not filled?`},
	}
	for _, tt := range tests {
		var p Pattern
		got := ""
		if err := p.UnmarshalText([]byte(tt.text)); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%q:\ngot  %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

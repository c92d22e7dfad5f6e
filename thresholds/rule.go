package thresholds

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"check_cs_backup/check/status"
)

// A Rule gives the states it matches a severity of the user's choice. Its text form is ruleForm, where MODULE and STATE
// are patterns and DIRECTION is export or import. Without MODULE it is for every module, without DIRECTION for both.
type Rule struct {
	module     Pattern
	directions [2]bool // by status.Direction
	state      Pattern
	severity   Severity
	text       string // as it was given
}

// ruleForm does without a |, which an engine takes for the begin of performance data.
const ruleForm = "[MODULE/][DIRECTION:]STATE=SEVERITY"

// UnmarshalText reads a rule. Its error names the part that is wrong.
func (r *Rule) UnmarshalText(text []byte) error {
	rule := Rule{module: "*", directions: [2]bool{true, true}, text: string(text)}
	left, severity, found := strings.Cut(rule.text, "=")
	if !found {
		return errors.New("=SEVERITY is missing: a rule is " + ruleForm)
	}
	if err := rule.severity.UnmarshalText([]byte(strings.TrimSpace(severity))); err != nil {
		return err
	}
	if module, rest, found := strings.Cut(left, "/"); found {
		if err := rule.module.UnmarshalText([]byte(module)); err != nil {
			return fmt.Errorf("the module: %w", err)
		}
		left = rest
	}
	if direction, rest, found := strings.Cut(left, ":"); found {
		switch strings.ToLower(strings.TrimSpace(direction)) {
		case status.Export.String():
			rule.directions[status.Import] = false
		case status.Import.String():
			rule.directions[status.Export] = false
		default:
			return errors.New("not a direction: use export: or import:, or neither")
		}
		left = rest
	}
	if err := rule.state.UnmarshalText([]byte(left)); err != nil {
		return fmt.Errorf("the state: %w", err)
	}
	switch {
	case IsNumber(status.State(rule.state)):
		return errors.New("a number is no state, so no rule is for it: save the status with its words")
	case strings.Contains(left, "."):
		return errors.New("a module where a state should be: a rule is " + ruleForm)
	}
	*r = rule
	return nil
}

// match reports whether the rule is for this direction of the module. A state that is absent, cut or a number matches
// no rule: what is not known can't be declared harmless.
func (r Rule) match(m status.Module, d status.Direction) bool {
	state := m.State(d)
	if !isWhole(string(state)) || !isWhole(m.Identity) || IsNumber(state) {
		return false
	}
	return r.directions[d] && r.state.Match(string(state)) && r.module.Match(m.Identity)
}

// IsNumber reports whether a number stands where a state should: PowerShell writes an enum's number into JSON, and what
// the numbers mean is published nowhere.
func IsNumber(s status.State) bool {
	isPart := func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune("+-.,eE", r) }
	return s != "" && strings.TrimFunc(string(s), isPart) == ""
}

// isWhole reports whether a name or a state was read from its first to its last letter.
func isWhole(word string) bool { return word != "" && !status.IsDamaged(word) }

package thresholds

import (
	"strings"

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

// UnmarshalText reads a rule. Its error is a *SyntaxError.
func (r *Rule) UnmarshalText(text []byte) error {
	rule, err := parseRule(string(text))
	if err == nil {
		*r = rule
	}
	return err
}

func parseRule(text string) (Rule, error) {
	rule := Rule{module: "*", directions: [2]bool{true, true}, text: text}
	var err error
	left, right, found := strings.Cut(text, "=")
	if !found {
		return Rule{}, syntaxError(text, len(text), "=SEVERITY is missing: a rule is "+ruleForm)
	}
	if err = rule.severity.UnmarshalText([]byte(strings.TrimSpace(right))); err != nil {
		return Rule{}, syntaxError(text, len(left)+1, "not a severity: use ok, warning, critical or unknown")
	}
	at := 0
	if module, rest, found := strings.Cut(left, "/"); found {
		if strings.TrimSpace(module) == "" {
			return Rule{}, syntaxError(text, at, "the module in front of / is missing: name one, or leave out the /")
		}
		if rule.module, err = parsePattern(text, module, at); err != nil {
			return Rule{}, err
		}
		left, at = rest, len(module)+1
	}
	if direction, rest, found := strings.Cut(left, ":"); found {
		switch strings.ToLower(strings.TrimSpace(direction)) {
		case status.Export.String():
			rule.directions[status.Import] = false
		case status.Import.String():
			rule.directions[status.Export] = false
		default:
			return Rule{}, syntaxError(text, at, "not a direction: use export: or import:, or neither")
		}
		left, at = rest, at+len(direction)+1
	}
	if i := strings.IndexAny(left, "/:"); i >= 0 {
		return Rule{}, syntaxError(text, at+i, "not expected here: a rule is "+ruleForm)
	}
	if strings.TrimSpace(left) == "" {
		return Rule{}, syntaxError(text, at, "the state is missing: name one, such as NonSteadyState, or use *")
	}
	if rule.state, err = parsePattern(text, left, at); err != nil {
		return Rule{}, err
	}
	if IsNumber(status.State(rule.state)) {
		return Rule{}, syntaxError(text, at, "a number is no state, so no rule is for it: save the status with its words")
	}
	return rule, nil
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
func IsNumber(s status.State) bool { return s != "" && strings.Trim(string(s), "+-.,0123456789") == "" }

// isWhole reports whether a name or a state was read from its first to its last letter.
func isWhole(word string) bool { return word != "" && !status.IsDamaged(word) }

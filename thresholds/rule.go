package thresholds

import (
	"strings"

	"check_cs_backup/check/status"
)

// A Rule gives the states it matches a severity of the user's choice. Its text form is
//
//	[MODULE/][export:|import:]STATE=SEVERITY
//
// where MODULE and STATE are patterns. Without MODULE it is for every module, without a direction for both.
type Rule struct {
	module     Pattern
	directions [2]bool // by status.Direction
	state      Pattern
	severity   Severity
}

// UnmarshalText reads a rule. Its error is a *SyntaxError.
func (r *Rule) UnmarshalText(text []byte) error {
	rule, err := parseRule(string(text))
	if err == nil {
		*r = rule
	}
	return err
}

func parseRule(text string) (Rule, error) {
	rule := Rule{module: "*", directions: [2]bool{true, true}}
	left, right, found := strings.Cut(text, "=")
	if !found {
		return Rule{}, syntaxError(text, len(text), "=SEVERITY is missing: a rule is [MODULE/][export:|import:]STATE=SEVERITY")
	}
	if err := rule.severity.UnmarshalText([]byte(strings.TrimSpace(right))); err != nil {
		return Rule{}, syntaxError(text, len(left)+1, "not a severity: use ok, warning, critical or unknown")
	}
	at := 0
	if module, rest, found := strings.Cut(left, "/"); found {
		if rule.module = Pattern(strings.TrimSpace(module)); rule.module == "" {
			return Rule{}, syntaxError(text, at, "the module in front of / is missing: name one, or leave out the /")
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
		return Rule{}, syntaxError(text, at+i, "not expected here: a rule is [MODULE/][export:|import:]STATE=SEVERITY")
	}
	if rule.state = Pattern(strings.TrimSpace(left)); rule.state == "" {
		return Rule{}, syntaxError(text, at, "the state is missing: name one, such as NonSteadyState, or use *")
	}
	return rule, nil
}

// match reports whether the rule is for this direction of the module. A state that is absent or cut matches no
// rule: what was not read whole can't be declared harmless.
func (r Rule) match(m status.Module, d status.Direction) bool {
	state := string(m.State(d))
	return r.directions[d] && isWhole(state) && r.state.Match(state) && r.module.Match(m.Identity)
}

// isWhole reports whether a name or a state was read from its first to its last letter.
func isWhole(word string) bool { return word != "" && !status.IsCut(word) }

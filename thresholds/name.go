package thresholds

import (
	"fmt"
	"strings"
	"unicode"
)

// CheckName reports what can't be part of a name. The names of pools, modules and states are made of letters, digits,
// dots, hyphens and underscores; also holds what else may stand in this one. Its error is a *SyntaxError.
func CheckName(text, also string) error {
	if i, what := misfit(text, also); what != "" {
		return syntaxError(text, i, what)
	}
	return nil
}

// misfit finds the first character that can't be part of a name: its offset, and what is wrong with it.
func misfit(text, also string) (offset int, what string) {
	for i, r := range text {
		if strings.ContainsRune("._-"+also, r) || (unicode.IsLetter(r) || unicode.IsDigit(r)) && isVisible(r) {
			continue
		}
		what := codePoint(text[i:])
		if isVisible(r) {
			what = fmt.Sprintf("%c (%s)", r, what)
		}
		return i, what + " can't be part of a name" + origin(r)
	}
	return 0, ""
}

// origin says how such a character comes into an argument: through an engine, an agent, or an editor.
func origin(r rune) string {
	switch {
	case r == '$', r == '%':
		return ": a macro that was not filled?"
	case r == ',':
		return ": give the flag once for each name"
	case r == '`', unicode.In(r, unicode.Quotation_Mark):
		return ": quotes that an agent kept?"
	case r == '\u2212', unicode.In(r, unicode.Dash):
		return ": a dash that should be a hyphen?"
	case unicode.IsSpace(r):
		return ": a blank or a line end"
	default:
		return ""
	}
}

package thresholds

import (
	"errors"
	"fmt"
	"path"
	"strings"
	"time"
	"unicode"

	"check_cs_backup/check/status"
)

// CheckName reports the first character that can't be part of a name of a pool, a module, a state or a host, and is
// none of those that may stand in this one beside them. Its error does not repeat the name.
func CheckName(name, beside string) error {
	for _, r := range name {
		if !status.IsNameRune(r) && !strings.ContainsRune(beside, r) {
			what := fmt.Sprintf("%#U can't be part of a name", r)
			if origin := Origin(r); origin != "" {
				what += ": " + origin
			}
			return errors.New(what)
		}
	}
	return nil
}

// Origin says how a character comes into an argument where it has no place: through an engine, an agent, or an editor.
// Where nobody knows, it is empty.
func Origin(r rune) string {
	switch {
	case r == '$', r == '%':
		return "a macro that was not filled?"
	case r == ',':
		return "give the flag once for each name"
	case r == '`', unicode.Is(unicode.Quotation_Mark, r):
		return "quotes that an agent kept?"
	case r == '\u2212', unicode.Is(unicode.Dash, r):
		return "a dash that should be a hyphen?"
	case unicode.IsSpace(r):
		return "a blank or a line end"
	default:
		return ""
	}
}

// A Pattern is a name without regard to case, in which * stands for any run of characters.
type Pattern string

// UnmarshalText takes a pattern of at least one character. Blanks around it don't count. A name that ends with a dot
// was cut (status.IsDamaged), so a pattern that does would match nothing.
func (p *Pattern) UnmarshalText(text []byte) error {
	pattern := strings.TrimSpace(string(text))
	switch err := CheckName(pattern, "*"); {
	case pattern == "":
		return errors.New("a name is missing")
	case err != nil:
		return err
	case strings.HasSuffix(pattern, "."):
		return errors.New("a name does not end with a dot: was it cut?")
	}
	*p = Pattern(pattern)
	return nil
}

// IsName reports whether the pattern is a plain name, which stands for nothing but itself.
func (p Pattern) IsName() bool { return !strings.Contains(string(p), "*") }

// Match reports whether the whole of name fits the pattern.
func (p Pattern) Match(name string) bool {
	// Neither holds a / or what else path.Match takes for more than itself.
	ok, _ := path.Match(strings.ToLower(string(p)), strings.ToLower(name))
	return ok
}

// A Span is a time as users write it: how old, or how long.
type Span time.Duration

// longestSpan is about 30 years, far within what a time.Duration holds.
const longestSpan = 1e9 * time.Second

// UnmarshalText reads a number of seconds, or a time such as 90s, 10m, 1h30m or 1d12h, in any case and without a sign.
func (s *Span) UnmarshalText(text []byte) error {
	const digits = ".0123456789"
	days, rest, hasDays := strings.Cut(strings.ToLower(string(text)), "d")
	switch {
	case !hasDays && strings.Trim(days, digits) == "":
		days, rest = "0", days+"s"
	case !hasDays:
		days, rest = "0", days
	case rest == "":
		rest = "0s"
	}
	whole, wrongDays := time.ParseDuration(days + "h")
	part, wrongRest := time.ParseDuration(rest)
	if wrongDays != nil || wrongRest != nil || strings.Trim(days, digits) != "" || strings.ContainsAny(rest, "+-") ||
		whole > longestSpan/24 || part > longestSpan {
		return errors.New("not a time: use seconds such as 30, or 30s, 15m, 2h, 1d")
	}
	*s = Span(24*whole + part)
	return nil
}

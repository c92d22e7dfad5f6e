package thresholds

import (
	"path"
	"strings"
	"unicode"
)

// A Pattern is a name without regard to case, in which * stands for any run of characters.
type Pattern string

// UnmarshalText takes a pattern of at least one character. Its error is a *SyntaxError.
func (p *Pattern) UnmarshalText(text []byte) error {
	pattern, err := parsePattern(string(text), string(text), 0)
	if err == nil {
		*p = pattern
	}
	return err
}

// parsePattern reads a pattern that is a part of a text and begins there at an offset. Blanks around it don't count. A
// name that ends with a dot was cut (status.IsDamaged), and so is a pattern that does: it would match nothing.
func parsePattern(text, part string, at int) (Pattern, error) {
	at += len(part) - len(strings.TrimLeftFunc(part, unicode.IsSpace))
	part = strings.TrimSpace(part)
	if part == "" {
		return "", syntaxError(text, at, "a name is missing")
	}
	if i, what := misfit(part, "*"); what != "" {
		return "", syntaxError(text, at+i, what)
	}
	if strings.HasSuffix(part, ".") {
		return "", syntaxError(text, at+len(part)-1, "a name does not end with a dot: was it cut?")
	}
	return Pattern(part), nil
}

// IsName reports whether the pattern is a plain name, which stands for nothing but itself.
func (p Pattern) IsName() bool { return !strings.Contains(string(p), "*") }

// Match reports whether the whole of name fits the pattern.
func (p Pattern) Match(name string) bool {
	// Neither holds a / or what else path.Match takes for more than itself.
	ok, _ := path.Match(strings.ToLower(string(p)), strings.ToLower(name))
	return ok
}

package thresholds

import "strings"

// A Pattern is a name without regard to case, in which * stands for any run of characters.
type Pattern string

// UnmarshalText takes any text but an empty one.
func (p *Pattern) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return syntaxError("", 0, "a name is missing")
	}
	*p = Pattern(text)
	return nil
}

// Match reports whether the whole of name fits the pattern.
func (p Pattern) Match(name string) bool {
	parts := strings.Split(strings.ToLower(string(p)), "*")
	rest := strings.ToLower(name)
	if len(parts) == 1 {
		return rest == parts[0]
	}
	first, last := parts[0], parts[len(parts)-1]
	rest, ok := strings.CutPrefix(rest, first)
	if !ok {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, last)
}

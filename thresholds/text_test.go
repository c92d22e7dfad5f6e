package thresholds

import (
	"testing"
	"time"
)

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

// TestNames: what an engine, an agent or an editor puts into a name is refused, and named so that it can be found.
func TestNames(t *testing.T) {
	const kept, blank = "quotes that an agent kept?", "a blank or a line end"
	for _, tt := range []struct{ text, want string }{
		{"ConfServices.*", ""}, {"*", ""}, {" A.B\r\n", ""}, {"Über-Dienst_1.Ж", ""}, {"\u00a0A.B\u3000", ""},
		{"", "a name is missing"},
		{" ", "a name is missing"},
		{"$ARG2$", "U+0024 '$' can't be part of a name: a macro that was not filled?"},
		{"%ARG2%", "U+0025 '%' can't be part of a name: a macro that was not filled?"},
		{"'A.B'", "U+0027 ''' can't be part of a name: " + kept},
		{"“A.B”", "U+201C '“' can't be part of a name: " + kept},
		{"A.B,C.D", "U+002C ',' can't be part of a name: give the flag once for each name"},
		{"A–B", "U+2013 '–' can't be part of a name: a dash that should be a hyphen?"},
		{"A B", "U+0020 ' ' can't be part of a name: " + blank},
		{"A\u00a0B", "U+00A0 can't be part of a name: " + blank},
		{"A\nB", "U+000A can't be part of a name: " + blank},
		{"A\u3164B", "U+3164 '\u3164' can't be part of a name"},
		{"A\ufe0fB", "U+FE0F '\ufe0f' can't be part of a name"},
		{"A\xe4B", "U+FFFD '\ufffd' can't be part of a name"},
		{"A.B.", "a name does not end with a dot: was it cut?"},
	} {
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

// TestSpan reads times as users write them.
func TestSpan(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Duration
	}{
		{"0", 0}, {"30", 30 * time.Second}, {"1.5", 1500 * time.Millisecond}, {"30s", 30 * time.Second}, {"15M", 15 * time.Minute},
		{"1h30m", 90 * time.Minute}, {"999999999", 999999999 * time.Second}, {"1d", 24 * time.Hour}, {"1d12h", 36 * time.Hour},
		{"1.5D", 36 * time.Hour}, {"0d5m", 5 * time.Minute},
	} {
		var s Span
		if err := s.UnmarshalText([]byte(c.text)); err != nil || time.Duration(s) != c.want {
			t.Errorf("%q: %v, %v", c.text, time.Duration(s), err)
		}
	}
	for _, text := range []string{
		"", "x", "NaN", "Inf", "-Inf", "1e9", "1e400", "30 s", "d", "1d1", "1d-5m", "--5", "1dd", "99999999d", "4000000000", "nand",
		"15x", "0x10", "1h2d", "-1", "-0", "+5", "-5m", "-1d12h", "1d+5h",
	} {
		var s Span
		if err := s.UnmarshalText([]byte(text)); err == nil || s != 0 {
			t.Errorf("%q: %v, %v", text, time.Duration(s), err)
		}
	}
}

// FuzzSpan: a time that is read is within bounds.
func FuzzSpan(f *testing.F) {
	for _, seed := range []string{"10", "1.5", "1d12h", "-1h", "1e9", "99999999d", "d", "+5", "1d+5", "2562047h", ".5d.5h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Span
		if err := s.UnmarshalText([]byte(text)); s < 0 || time.Duration(s) > 2*longestSpan || err != nil && s != 0 {
			t.Errorf("%q: %v, %v", text, time.Duration(s), err)
		}
	})
}

package status

import (
	"strings"
	"testing"
)

func TestDamage(t *testing.T) {
	for word, want := range map[string]string{
		"": "", "FinalState": "", "UserServices.PresenceFocus": "", "データ.バックアップ": "", "Café_1.x-y": "", "नमस्ते": "", "x": "",
		"Final…": "cut", "Final...": "cut", "Final?": "cut", "Final.": "cut", "Final\uFFFD": "cut", "…": "cut", "…State": "cut",
		".State":       "cut",
		"User...Focus": "cut", "PresenceΓÇª": "cut", "PresenceÔÇª": "cut", "Presenceâ€¦": "cut",
		"a\uFFFDb": "U+FFFD", "a\u200Bb": "U+200B", "a\nb": "U+000A", "a b": "U+0020", "a\u00A0b": "U+00A0", "Bob's": "U+0027",
		"a\u0085":  "U+0085",
		"a\u3164b": "U+3164", "a\uFE0F": "U+FE0F", "\u0301a": "U+0301", "-x": "U+002D", "--------": "U+002D",
		"((((((": "U+0028 U+0028 U+0028 U+0028 …",
		"a:b":    "U+003A", "a€": "U+20AC", "\u202Ea": "U+202E",
	} {
		if got := Damage(word); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 10, ""},
		{"0123456789", 10, "0123456789"},
		{"0123456789a", 10, "0123456789…"},
		{"ääääää", 6, "ääääää"},
		{"ääääää", 5, "äääää…"},
		{"br\xf6ken", 10, "br\uFFFDken"},
		{"\xff\xff\xff\xff", 3, "\uFFFD"}, // runs of what is no UTF-8 are one character
		{strings.Repeat("€", 1000), 3, "€€€…"},
		{"abc", 3, "abc"},
		{"abcd", 3, "abc…"},
	} {
		if got := Shorten(c.text, c.limit); got != c.want {
			t.Errorf("%.20q in %d: %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

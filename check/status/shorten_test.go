package status

import (
	"strings"
	"testing"
)

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 10, ""},
		{"0123456789", 10, "0123456789"},
		{"0123456789a", 10, "0123456…"},
		{"ääääää", 10, "äää…"}, // the fourth would not fit
		{"br\xf6ken", 10, "br\uFFFDken"},
		{"\xff\xff\xff\xff", 3, "\uFFFD"}, // runs of what is no UTF-8 are one character
		{strings.Repeat("€", 1000), 10, "€€…"},
		{"abc", 3, "abc"},
		{"abcd", 3, "…"},
	} {
		if got := Shorten(c.text, c.limit); got != c.want {
			t.Errorf("%.20q in %d: %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

package report

import (
	"strings"
	"testing"
)

func TestClean(t *testing.T) {
	tests := []struct {
		in    string
		limit int
		want  string
	}{
		{"plain text", 100, "plain text"},
		{"a|b", 100, "a¦b"},
		{"<b>&", 100, "‹b›&"},
		{"  a \t\r\n  b  ", 100, "a b"},
		{"a\x00b\x1b[31mc", 100, "a�b�[31mc"},
		{"a\xffb", 100, "a�b"},
		{"rtl\u202Etxt", 100, "rtl�txt"},
		{"line\u2028separator", 100, "line separator"},
		{"Zürich 東京", 100, "Zürich 東京"},
		{"a\u3164b\ufe0fc\u2800d\u115f", 100, "a�b�c�d�"},
		{"", 100, ""},
		{"0123456789", 10, "0123456789"},
		{"0123456789 ", 10, "0123456789"},
		{"0123456789a", 10, "0123456789…"},
		{"012345678 a", 10, "012345678 …"},
		{"ääääääääääää", 10, "ääääääääää…"},
	}
	for _, tt := range tests {
		if got := clean(tt.in, tt.limit); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestNoBackslash: in a path that an engine would take \t and \n out of, but JSON keeps it.
func TestNoBackslash(t *testing.T) {
	in := input(pool("", users))
	in.Origin = `C:\temp\new.json`
	got, _, _ := strings.Cut(render(options(), settings(), in), " |")
	if want := "CS BACKUP OK - C:/temp/new.json: 1 module healthy"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	o := options()
	o.Format = JSON
	if got := render(o, settings(), in); !strings.Contains(got, `"origins":["C:\\temp\\new.json"]`) {
		t.Errorf("got %s", got)
	}
}

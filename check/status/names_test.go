package status

import "testing"

func TestDamage(t *testing.T) {
	for word, want := range map[string]string{
		"": "", "FinalState": "", "UserServices.PresenceFocus": "", "データ.バックアップ": "", "Café_1.x-y": "", "नमस्ते": "", "x": "",
		"Final…": "cut", "Final...": "cut", "Final?": "cut", "Final.": "cut", "Final\uFFFD": "cut", "…": "cut", "…State": "cut", ".State": "cut",
		"User...Focus": "cut", "PresenceΓÇª": "cut", "PresenceÔÇª": "cut", "Presenceâ€¦": "cut",
		"a\uFFFDb": "U+FFFD", "a\u200Bb": "U+200B", "a\nb": "U+000A", "a b": "U+0020", "a\u00A0b": "U+00A0", "Bob's": "U+0027", "a\u0085": "U+0085",
		"a\u3164b": "U+3164", "a\uFE0F": "U+FE0F", "\u0301a": "U+0301", "-x": "U+002D", "--------": "U+002D", "((((((": "U+0028 U+0028 U+0028 U+0028 …",
		"a:b": "U+003A", "a€": "U+20AC", "\u202Ea": "U+202E",
	} {
		if got := Damage(word); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestSamePool(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"pool01.contoso.com", "POOL01.Contoso.com", true}, {"pool01.contoso.com.", "pool01.contoso.com", true},
		{"pool01", "pool01.contoso.com", true}, {"POOL01.contoso.com", "pool01", true}, {"pool01", "pool01", true},
		{"σπσ.contoso.com", "ΣΠΣ.contoso.com", true}, {"σπς.contoso.com", "ΣΠΣ.contoso.com", true}, {"\u212Aelvin", "kelvin", true},
		{"pool01", "pool011.contoso.com", false}, {"pool01.contoso.com", "pool01.fabrikam.com", false}, {"pool01.contoso", "pool01.contoso.com", false},
		{"", "", false}, {"", "pool01", false}, {".", ".", false},
	} {
		if got := SamePool(c.a, c.b); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}

func TestIsDocumented(t *testing.T) {
	for word, want := range map[string]bool{"errorstate": true, "ConfServices.DATACONF": true, "": false, "Final": false} {
		if IsDocumented(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
}

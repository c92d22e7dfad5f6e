package status

import "testing"

func TestSamePool(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"pool01.contoso.com", "POOL01.Contoso.com", true}, {"pool01.contoso.com.", "pool01.contoso.com", true},
		{"pool01", "pool01.contoso.com", true}, {"POOL01.contoso.com", "pool01", true}, {"pool01", "pool01", true},
		{"σπσ.contoso.com", "ΣΠΣ.contoso.com", true}, {"σπς.contoso.com", "ΣΠΣ.contoso.com", true}, {"\u212Aelvin", "kelvin", true},
		{"pool01", "pool011.contoso.com", false},
		{"pool01.contoso.com", "pool01.fabrikam.com", false}, {"pool01.contoso", "pool01.contoso.com", false},
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

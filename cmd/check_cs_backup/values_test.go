package main

import "testing"

// TestHosts: what is taken for the target of ssh, and as what. What is refused stands in testdata/scripts/arguments.txtar
// too, and here all that a shell, or ssh on a user's behalf, would make something else of.
func TestHosts(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a short name", "fe01", "fe01"},
		{"an FQDN with the dot behind it", "fe01.contoso.com.", "fe01.contoso.com"},
		{"an address", "10.0.0.1", "10.0.0.1"},
		{"a name of ssh's configuration", "front_end-1", "front_end-1"},
		{"an address of IPv6", "::1", "::1"},
		{"a user at an address of IPv6", "svc@fe80::1", "svc@fe80::1"},
		{"a user of a domain", `CONTOSO\svc@fe01`, `CONTOSO\svc@fe01`},
		{"a user's UPN", "svc@contoso.com@fe01", "svc@contoso.com@fe01"},
		{"a gMSA", `CONTOSO\gmsa$@fe01`, `CONTOSO\gmsa$@fe01`},
		{"a user with a blank", "backup reader@fe01", "backup reader@fe01"},
		{"umlauts", "müller@büro.contoso.com", "müller@büro.contoso.com"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got sshTarget
			if err := got.UnmarshalText([]byte(c.text)); err != nil || string(got) != c.want {
				t.Errorf("%q: %q, %v", c.text, got, err)
			}
		})
	}
	for _, text := range []string{
		"", "@", "fe01 x", "fe01`x`", "fe01|x", "fe01&x", "fe01>x", "fe01\nx", "fe01'", `fe01"`, "fe01/x", `fe01\x`, "*", "!fe01",
		"%h", "[::1", "::1]", "[fe01]", "[10.0.0.1]", "::1%", "::1%$x", "::1%`x`", "-fe01", ":-fe01", "::-fe01", "fe01..x", "..",
		"ssh://fe01", "fe01:22", "-l@fe01", " x@fe01", "$X@fe01", "a;b@fe01", "a`b`@fe01", "a|b@fe01", "a'b@fe01", "a:b@fe01",
		"a\tb@fe01", "\u200bfe01", "fe01\u3164",
	} {
		var got sshTarget
		if err := got.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q: taken for %q", text, got)
		}
	}
}

// TestCMSMaster: two words in any case, or a name with a dot in it.
func TestCMSMaster(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"AUTO", "auto"}, {"None", "none"}, {"pool01.contoso.com.", "pool01.contoso.com"},
		{"pool01", ""}, {"pool01.", ""}, {"non", ""}, {".contoso.com", ""}, {"a.b,c.d", ""},
	} {
		var got cmsMaster
		if err := got.UnmarshalText([]byte(c.text)); (err != nil) != (c.want == "") || err == nil && string(got) != c.want {
			t.Errorf("%q: %q, %v", c.text, got, err)
		}
	}
}

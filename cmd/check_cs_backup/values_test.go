package main

import (
	"encoding"
	"testing"
	"time"
)

// TestDuration reads time spans as users write them.
func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "-0": 0, "30": 30 * time.Second, "1.5": 1500 * time.Millisecond, "30s": 30 * time.Second, "15M": 15 * time.Minute,
		"1h30m": 90 * time.Minute, "999999999": 999999999 * time.Second, "1d": 24 * time.Hour, "1d12h": 36 * time.Hour,
		"1.5D": 36 * time.Hour, "0d5m": 5 * time.Minute,
	} {
		var d duration
		if err := d.UnmarshalText([]byte(text)); err != nil || time.Duration(d) != want {
			t.Errorf("%q: %v, %v", text, time.Duration(d), err)
		}
	}
	const wrong, negative = " is not a time span: use seconds such as 30, or 30s, 15m, 2h, 1d", ": a time span can't be negative"
	for text, want := range map[string]string{
		"": wrong, "x": wrong, "NaN": wrong, "Inf": wrong, "-Inf": wrong, "1e9": wrong, "1e400": wrong, "30 s": wrong, "d": wrong,
		"1d1": wrong, "1d-5m": wrong, "--5": wrong, "1dd": wrong, "99999999d": wrong, "nand": wrong, "15x": wrong,
		"-1": negative, "-5m": negative, "-1d12h": negative,
	} {
		var d duration
		if err := d.UnmarshalText([]byte(text)); err == nil || err.Error() != `"`+text+`"`+want {
			t.Errorf("%q: %v, %v", text, time.Duration(d), err)
		}
	}
}

// TestHosts: what is taken for a name, and as what. What is refused stands in testdata/scripts/arguments.txtar, and here
// what a shell, or ssh on a user's behalf, would make something else of.
func TestHosts(t *testing.T) {
	read := func(text string, into encoding.TextUnmarshaler) error { return into.UnmarshalText([]byte(text)) }
	for text, want := range map[string]string{
		"fe01": "fe01", "fe01.contoso.com.": "fe01.contoso.com", "10.0.0.1": "10.0.0.1", "front_end-1": "front_end-1",
		"::1": "::1", "[::1]": "::1", "fe80::1%eth0": "fe80::1%eth0", "svc@[fe80::1]": "svc@fe80::1",
		`CONTOSO\svc@fe01`: `CONTOSO\svc@fe01`, "svc@contoso.com@fe01": "svc@contoso.com@fe01", `CONTOSO\gmsa$@fe01`: `CONTOSO\gmsa$@fe01`,
		"backup reader@fe01": "backup reader@fe01", "müller@büro.contoso.com": "müller@büro.contoso.com",
	} {
		var got sshTarget
		if err := read(text, &got); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "@", "fe01 x", "fe01`x`", "fe01|x", "fe01&x", "fe01>x", "fe01\nx", "fe01'", `fe01"`, "fe01/x", `fe01\x`, "*", "!fe01", "%h",
		"[::1", "::1]", "[fe01]", "[10.0.0.1]", "::1%", "::1%$x", "::1%`x`", "-fe01", "fe01..x", "..", "ssh://fe01", "fe01:22",
		"-l@fe01", " x@fe01", "$X@fe01", "a;b@fe01", "a`b`@fe01", "a|b@fe01", "a'b@fe01", "a:b@fe01", "a\tb@fe01", "\u200bfe01",
	} {
		var got sshTarget
		if err := read(text, &got); err == nil {
			t.Errorf("%q: taken for %q", text, got)
		}
	}
	for text, want := range map[string]string{"AUTO": "auto", "None": "none", "pool01.contoso.com.": "pool01.contoso.com"} {
		var got cmsMaster
		if err := read(text, &got); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"pool01", "pool01.", "non", ".contoso.com", "a.b,c.d"} {
		var got cmsMaster
		if err := read(text, &got); err == nil {
			t.Errorf("%q: taken for %q", text, got)
		}
	}
}

package source

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"
)

func told(marker, text string) string {
	return marker + base64.StdEncoding.EncodeToString([]byte(text)) + "\r\n"
}

func TestProgress(t *testing.T) {
	step, part := func(s string) string { return told(stepMarker, s) }, func(s string) string { return told(partMarker, s) }
	for _, c := range []struct{ name, printed, step, part, text string }{
		{"nothing", "", "", "", ""},
		{"a step", step("asking ü"), "asking ü", "", ""},
		{"the last step and the last part", step("a") + part("{1}") + step("b") + part("{2}") + step("c"), "c", "{2}", ""},
		{"other text around", "one\n" + step("a") + "two\nthree", "a", "", "one\ntwo\nthree"},
		{"text before it in its line", "warning: " + step("a") + "more\n", "a", "", "warning: more\n"},
		{"a cut step", step("a") + stepMarker + "Yg", "a", "", ""},
		{"a cut part", part("{1}") + "oh " + partMarker + "ezJ", "", "{1}", "oh "},
		{"what is no base64", step("a") + stepMarker + "?\n" + stepMarker + "\n", "a", "", stepMarker + "?\n" + stepMarker + "\n"},
		{"an end of line alone", "\n" + step("a") + "\n", "a", "", "\n\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for size := 1; size <= len(c.printed)+1; size++ {
				p := newProgress(Limit)
				for chunk := range chunks([]byte(c.printed), size) {
					p.Write(chunk)
				}
				p.end()
				if p.step != c.step || p.part != c.part || string(p.text) != c.text {
					t.Fatalf("in pieces of %d: step %q, part %q, text %q", size, p.step, p.part, p.text)
				}
			}
		})
	}
}

func TestProgressHasItsLimits(t *testing.T) {
	p := newProgress(1000)
	for range 100 {
		p.Write([]byte(strings.Repeat("x", 999)))
	}
	p.Write([]byte("\n" + told(stepMarker, strings.Repeat("ä", stepLimit+1))))
	p.end()
	isCut := utf8.RuneCountInString(p.step) == stepLimit+1 && strings.HasSuffix(p.step, "ä…")
	if len(p.text) > textLimit || len(p.line) > 2000 || !isCut {
		t.Errorf("keeps %d, %d, %d bytes", len(p.text), len(p.line), len(p.step))
	}
}

func FuzzProgress(f *testing.F) {
	for _, seed := range []string{"", "a\n" + told(stepMarker, "b") + "c", told(partMarker, "{}"), stepMarker + partMarker + "YQ==\n"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, printed []byte, size int) {
		p, whole := newProgress(Limit), newProgress(Limit)
		for chunk := range chunks(printed, max(1, size)) {
			p.Write(chunk)
		}
		whole.Write(printed)
		p.end()
		whole.end()
		if p.step != whole.step || p.part != whole.part || string(p.text) != string(whole.text) {
			t.Fatalf("%+v in pieces of %d, %+v in one", p, size, whole)
		}
		if !utf8.ValidString(p.step) || len(p.step) > stepLimit {
			t.Fatalf("step %q", p.step)
		}
		p.Write([]byte("\n" + told(partMarker, "{9}")))
		if p.part != "{9}" {
			t.Fatal("a part behind it is lost")
		}
	})
}

package text

import "testing"

func TestNew(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"plain", "plain", "plain"},
		{"line ends", "a\r\nb\rc\n", "a\nb\nc\n"},
		{"a mark of UTF-8", "\xEF\xBB\xBFmark", "mark"},
		{"UTF-16, little end first", "\xFF\xFEa\x00\r\x00\n\x00b\x00", "a\nb"},
		{"UTF-16, big end first", "\xFE\xFF\x00a\x00b", "ab"},
		{"marks between files", "one\n\uFEFFtwo", "one\ntwo"},
		{"blanks that do not break", "no\u00A0break\u202Fspace", "no break space"},
		{"the end of a DOS file", "end\x1A", "end"},
		{"colours", "\x1b[31mred\x1b[0m", "red"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, want := c.data, c.want
			if got, loss := New(data); loss != nil || got.String != want || got.Guessed || len(got.Losses) > 0 {
				t.Errorf("%q: %q, %v", data, got.String, loss)
			}
		})
	}
	if got, _ := New("caf\xE9"); got.String != "café" || !got.Guessed {
		t.Errorf("an old code page: %+v", got)
	}
	for _, data := range []string{"", "\x1F\x8B", "PK\x03\x04", "a\x00\x00b", " \r\n", "\xFF\xFF\xFF"} {
		if got, loss := New(data); loss == nil || loss.What == "" || loss.Advice == "" {
			t.Errorf("%q: %+v", data, got)
		}
	}
}

func FuzzNew(f *testing.F) {
	f.Add([]byte("\xFF\xFEa\x00"))
	f.Add([]byte("Identity\r\n\x1b[1mA.B"))
	f.Fuzz(func(t *testing.T, data []byte) {
		text, loss := New(string(data))
		if loss == nil && text.String == "" {
			t.Error("no text and no loss")
		}
	})
}

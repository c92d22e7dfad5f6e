package text

import "testing"

func TestNew(t *testing.T) {
	for data, want := range map[string]string{
		"plain":                          "plain",
		"a\r\nb\rc\n":                    "a\nb\nc\n",
		"\xEF\xBB\xBFmark":               "mark",
		"\xFF\xFEa\x00\r\x00\n\x00b\x00": "a\nb",
		"\xFE\xFF\x00a\x00b":             "ab",
		"one\n\uFEFFtwo":                 "one\ntwo",
		"no\u00A0break\u202Fspace":       "no break space",
		"end\x1A":                        "end",
		"\x1b[31mred\x1b[0m":             "red",
	} {
		if got, loss := New(data); loss != nil || got.String != want || got.Guessed || len(got.Losses) > 0 {
			t.Errorf("%q: %q, %v", data, got.String, loss)
		}
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

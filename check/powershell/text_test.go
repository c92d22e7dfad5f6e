package powershell

import "testing"

func TestStripEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                              "plain",
		"\x1b[31;1mred\x1b[0m and not":       "red and not",
		"\x1b[?25lhidden cursor":             "hidden cursor",
		"\x1b]0;a title\x07text":             "text",
		"\x1b]8;;link\x1b\\text":             "text",
		"\x1b]0;a title without an end text": "0;a title without an end text",
		"\x1b]0;a title\nnext\x07":           "0;a title\nnext\x07",
		"\x1b[31ErrorState":                  "rrorState", // E is the end of a sequence: what is left is no state
		"\x1b[é":                             "é",
		"\x1b[?1h\x1b=x":                     "x",
		"\x1b(Btext":                         "text",
		"cut \x1b[31":                        "cut 31",
		"cut \x1b":                           "cut ",
	} {
		t.Run(in, func(t *testing.T) {
			if got := StripEscapes(in); got != want {
				t.Errorf("%q: got %q, want %q", in, got, want)
			}
		})
	}
}

func TestUnescape(t *testing.T) {
	for in, want := range map[string]string{
		"plain":               "plain",
		"a_x000D__x000A_b":    "a\r\nb",
		"m_x00FC_ll":          "müll",
		"_xD83D__xDE00_":      "😀",
		"_xD83D_x":            "\uFFFDx",
		"_xDE00__xD83D_":      "\uFFFD\uFFFD",
		"_x005F_x000A_":       "_x000A_",
		"_x12_ _xZZZZ_ _x123": "_x12_ _xZZZZ_ _x123",
		"_X000A_ a_xb":        "_X000A_ a_xb",
	} {
		t.Run(in, func(t *testing.T) {
			if got := Unescape(in); got != want {
				t.Errorf("%q: got %q, want %q", in, got, want)
			}
		})
	}
}

package source

import (
	"strings"
	"testing"
	"unicode/utf8"

	"check_cs_backup/check/powershell"
)

const objs = `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">`

func TestFirstError(t *testing.T) {
	for _, c := range []struct{ name, stream, want string }{
		{"nothing", "", ""},
		{"only blanks", "\r\n \r\n", ""},
		{"plain text", "\r\nfirst\r\nsecond\r\n", "first"},
		{"plain text in colours", "\x1b[31;1mException: \x1b[0mbroken\n", "Exception: broken"},
		{"steps are no errors", stepMarker + "YQ==\n" + "broken\n", "broken"},
		{"one error in pieces", powershell.CLIXMLHeader + "\r\n" + objs + `<S S="Error">The term 'x' is not recognized as the name of a cmdlet,_x000D__x000A_</S><S S="Error">function, or operable program._x000D__x000A_</S><S S="Error">At line:1 char:1_x000D__x000A_</S></Objs>`,
			"The term 'x' is not recognized as the name of a cmdlet, function, or operable program."},
		{"the first of two errors", powershell.CLIXMLHeader + "\n" + objs + `<S S="Error">one_x000D__x000A_</S><S S="Error">    + CategoryInfo : x_x000D__x000A_</S><S S="Error">two_x000D__x000A_</S></Objs>`, "one"},
		{"other streams are no errors", powershell.CLIXMLHeader + "\n" + objs + `<S S="warning">careful</S><S S="verbose">more</S><Obj S="progress" RefId="0"><MS><S N="x">p</S></MS></Obj><S S="Error">it</S></Objs>`, "it"},
		{"a whole record", powershell.CLIXMLHeader + "\n" + objs + `<Obj S="Error" RefId="0"><TN RefId="0"><T>System.Management.Automation.ErrorRecord</T></TN><ToString>Access is denied.</ToString><Props><Obj N="x"><ToString>other</ToString></Obj></Props></Obj><Obj S="Error" RefId="9"><ToString>second</ToString></Obj></Objs>`, "Access is denied."},
		{"colours in CLIXML", powershell.CLIXMLHeader + "\n" + objs + `<S S="Error">_x001B_[31;1mWrite-Error: _x001B_[0mx_x000A_</S></Objs>`, "Write-Error: x"},
		{"escapes", powershell.CLIXMLHeader + "\n" + objs + `<S S="Error">m_x00FC_ll _xD83D__xDE00_ _x005F_x000A_ &lt;a&gt; _xD83D_ _x12_ _xZZZZ_</S></Objs>`, "müll 😀 _x000A_ <a> \uFFFD _x12_ _xZZZZ_"},
		{"cut CLIXML", powershell.CLIXMLHeader + "\n" + objs + `<S S="Error">it broke_x000D__x000A_</S><S S="Err`, "it broke"},
		{"CLIXML without an error, text around", "before\n" + powershell.CLIXMLHeader + "\n" + objs + `<Obj S="progress" RefId="0"/></Objs>`, "before"},
		{"CLIXML twice", powershell.CLIXMLHeader + "\n" + objs + `</Objs>` + powershell.CLIXMLHeader + "\n" + objs + `<S S="Error">late</S></Objs>`, "late"},
		{"no UTF-8", "br\xf6ken", "br\uFFFDken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := firstError(c.stream); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestLastStep(t *testing.T) {
	for _, c := range []struct{ stream, want string }{
		{"", ""},
		{stepMarker + "YQ==\n", "a"},
		{stepMarker + "YQ==\r\nnoise" + stepMarker + "Yg==\r\nnoise", "b"},
		{stepMarker + "YQ==\n" + stepMarker + "Yg", "a"},
		{stepMarker + "YQ==\n" + stepMarker + "?\n", "a"},
	} {
		if got := lastStep(c.stream); got != c.want {
			t.Errorf("%q: %q, want %q", c.stream, got, c.want)
		}
	}
}

func FuzzFirstError(f *testing.F) {
	for _, seed := range []string{"", "plain\ntext", powershell.CLIXMLHeader + "\r\n" + objs + `<S S="Error">a_x000A_</S></Objs>`, powershell.CLIXMLHeader + "<a><b></a>" + powershell.CLIXMLHeader,
		powershell.CLIXMLHeader + objs + `<Obj S="Error"><ToString>x</ToString><Obj/></Obj></Objs>tail`, "_xD800__xDC00_", "\x1b[", stepMarker + "YQ==\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		for _, got := range []string{firstError(stream), lastLine(stream), lastStep(stream)} {
			if len(got) > messageLimit+len("…") || !utf8.ValidString(got) || strings.Contains(got, "\n") && got != lastStep(stream) {
				t.Fatalf("%q", got)
			}
		}
	})
}

package powershell

import (
	"strings"
	"testing"
	"unicode/utf8"
)

const objs = `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">`

// limit is how many bytes of a message the tests want.
const limit = 1 << 10

func TestFirstError(t *testing.T) {
	for _, c := range []struct{ name, stream, want string }{
		{"nothing", "", ""},
		{"only blanks", "\r\n \r\n", ""},
		{"plain text", "\r\nfirst\r\nsecond\r\n", "first"},
		{"plain text in colours", "\x1b[31;1mException: \x1b[0mbroken\n", "Exception: broken"},
		{"one error in pieces", CLIXMLHeader + "\r\n" + objs +
			`<S S="Error">The term 'x' is not recognized as the name of a cmdlet,_x000D__x000A_</S><S S="Error">function, or operable ` +
			`program._x000D__x000A_</S><S S="Error">At line:1 char:1_x000D__x000A_</S></Objs>`,
			"The term 'x' is not recognized as the name of a cmdlet, function, or operable program."},
		{"the first of two errors", CLIXMLHeader + "\n" + objs +
			`<S S="Error">one_x000D__x000A_</S><S S="Error">    + CategoryInfo : x_x000D__x000A_</S><S ` +
			`S="Error">two_x000D__x000A_</S></Objs>`, "one"},
		{"other streams are no errors", CLIXMLHeader + "\n" + objs +
			`<S S="warning">careful</S><S S="verbose">more</S><Obj S="progress" RefId="0"><MS><S N="x">p</S></MS></Obj><S ` +
			`S="Error">it</S></Objs>`, "it"},
		{"a whole record", CLIXMLHeader + "\n" + objs +
			`<Obj S="Error" RefId="0"><TN RefId="0"><T>System.Management.Automation.ErrorRecord</T></TN><ToString>Access is ` +
			`denied.</ToString><Props><Obj N="x"><ToString>other</ToString></Obj></Props></Obj><Obj S="Error" ` +
			`RefId="9"><ToString>second</ToString></Obj></Objs>`, "Access is denied."},
		{"colours in CLIXML", CLIXMLHeader + "\n" + objs + `<S S="Error">_x001B_[31;1mWrite-Error: _x001B_[0mx_x000A_</S></Objs>`,
			"Write-Error: x"},
		{"escapes", CLIXMLHeader + "\n" + objs +
			`<S S="Error">m_x00FC_ll _xD83D__xDE00_ _x005F_x000A_ &lt;a&gt; _xD83D_ _x12_ _xZZZZ_</S></Objs>`,
			"müll 😀 _x000A_ <a> \uFFFD _x12_ _xZZZZ_"},
		{"cut CLIXML", CLIXMLHeader + "\n" + objs + `<S S="Error">it broke_x000D__x000A_</S><S S="Err`, "it broke"},
		{"CLIXML without an error, text around", "before\n" + CLIXMLHeader + "\n" + objs + `<Obj S="progress" RefId="0"/></Objs>`,
			"before"},
		{"CLIXML twice", CLIXMLHeader + "\n" + objs + `</Objs>` + CLIXMLHeader + "\n" + objs + `<S S="Error">late</S></Objs>`, "late"},
		{"no UTF-8", "br\xf6ken", "br\uFFFDken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FirstError(c.stream, limit); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func FuzzFirstError(f *testing.F) {
	for _, seed := range []string{"", "plain\ntext", CLIXMLHeader + "\r\n" + objs + `<S S="Error">a_x000A_</S></Objs>`, CLIXMLHeader +
		"<a><b></a>" + CLIXMLHeader,
		CLIXMLHeader + objs + `<Obj S="Error"><ToString>x</ToString><Obj/></Obj></Objs>tail`, "_xD800__xDC00_", "\x1b["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stream string) {
		if got := FirstError(stream, limit); len(got) > limit || !utf8.ValidString(got) || strings.Contains(got, "\n") {
			t.Fatalf("%q", got)
		}
	})
}

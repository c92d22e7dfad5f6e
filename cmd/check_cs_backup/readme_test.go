package main

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestEveryFlagIsExplained: in the help, and in the README with its short form and the name of its value.
func TestEveryFlagIsExplained(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := kong.New(&flags{}, kong.NoDefaultHelp(), kong.NamedMapper("repeatable", kong.MapperFunc(decodeRepeatable)))
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parser.Model.Flags {
		help := helpOf(flag.Name)
		if help.text == "" || help.group == "" || (help.value == "") != (flag.IsBool() || flag.IsCounter()) {
			t.Errorf("--%s: help %+v", flag.Name, help)
		}
		want := "--" + flag.Name
		if flag.Short != 0 {
			want = "-" + string(flag.Short) + ", " + want
		}
		if help.value != "" {
			want += " " + help.value
		}
		if flag.Name == "verbose" {
			want = "-v"
		}
		if !strings.Contains(string(readme), "`"+want+"`") {
			t.Errorf("the README does not have `%s`", want)
		}
	}
}

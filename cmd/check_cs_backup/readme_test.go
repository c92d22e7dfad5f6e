package main

import (
	"io"
	"os"
	"strings"
	"testing"
)

// TestEveryFlagIsExplained: in the help, and in the README with its short form and the name of its value.
func TestEveryFlagIsExplained(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	parser, err := newParser(&flags{}, io.Discard, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range parser.Model.Flags {
		if flag.Help == "" || strings.Contains(flag.Help, "|") || flag.Group == nil ||
			(flag.PlaceHolder == "") != (flag.IsBool() || flag.IsCounter()) {
			t.Errorf("--%s: help %q, group %v, value %q", flag.Name, flag.Help, flag.Group, flag.PlaceHolder)
		}
		want := "--" + flag.Name
		if flag.Short != 0 {
			want = "-" + string(flag.Short) + ", " + want
		}
		if flag.PlaceHolder != "" {
			want += " " + flag.PlaceHolder
		}
		if flag.Name == "verbose" {
			want = "-v"
		}
		if !strings.Contains(string(readme), "`"+want+"`") {
			t.Errorf("the README does not have `%s`", want)
		}
	}
}

package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"check_cs_backup/packaging/generate"
	"check_cs_backup/thresholds"
)

// The generators are run by a test, because only code of this package sees the flags, and the program that users run
// should hold nothing of them. `go test -run TestGenerated -write` is what make man, completion and contrib do.
var rewrite = flag.Bool("write", false, "write what is made from the flags, instead of comparing it")

// TestGenerated: what is checked in is what the flags give.
func TestGenerated(t *testing.T) {
	command := commandLine(t)
	basket, err := generate.Director(command)
	if err != nil {
		t.Fatal(err)
	}
	contrib := map[string]string{
		"contrib/icinga2/check_cs_backup.conf":         generate.Icinga(command),
		"contrib/icinga-director/check_cs_backup.json": basket,
	}
	completion := map[string]string{}
	for name, text := range generate.Completions(command) {
		completion["contrib/completion/"+name] = text
	}
	for target, files := range map[string]map[string]string{
		"man":        {"docs/check_cs_backup.1": generate.Man(command)},
		"completion": completion,
		"contrib":    contrib,
	} {
		t.Run(target, func(t *testing.T) {
			for name, text := range files {
				path := filepath.Join("../..", name)
				if *rewrite {
					if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				if got, err := os.ReadFile(path); err != nil || string(got) != text {
					t.Errorf("%s is not what the flags give (%v): run make %s", name, err, target)
				}
				checkFlags(t, name, text, command.Flags)
			}
		})
	}
}

// checkFlags: no flag is absent from a text, but from what is for Icinga those that make no check.
func checkFlags(t *testing.T, name, text string, flags []generate.Flag) {
	t.Helper()
	text = strings.ReplaceAll(text, `\-`, "-") // as a man page writes it
	for _, flag := range flags {
		want := "--" + flag.Name
		if flag.TextOnly && strings.HasPrefix(name, "contrib/icinga") {
			continue
		}
		if !regexp.MustCompile(want + `([^a-z-]|$)`).MatchString(text) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
}

// commandLine is the command line as the generators want to know it.
func commandLine(t *testing.T) generate.Command {
	t.Helper()
	parser, err := newParser(&flags{}, io.Discard, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	_, shown, found := strings.Cut(examples, "Examples:\n")
	shown, _, closed := strings.Cut(shown, "\n\n")
	if !found || !closed {
		t.Fatal("the help has no paragraph of examples")
	}
	command := generate.Command{Name: "check_cs_backup", Description: description, Examples: shown}
	for _, flag := range parser.Model.Flags {
		command.Flags = append(command.Flags, generate.Flag{
			Name: flag.Name, Short: flag.Short, Value: flag.PlaceHolder, Help: flag.Help, Group: flag.Group.Title,
			Choices: choices(flag), Repeatable: flag.IsSlice(), Counter: flag.IsCounter(),
			TextOnly: slices.Contains(textFlags, flag.Name),
		})
	}
	return command
}

// choices returns the values that a flag takes, where they are few.
func choices(flag *kong.Flag) []string {
	if _, ok := flag.Target.Interface().(thresholds.Severity); ok {
		return []string{"ok", "warning", "critical", "unknown"}
	}
	if flag.Enum == "" {
		return nil
	}
	return flag.EnumSlice()
}

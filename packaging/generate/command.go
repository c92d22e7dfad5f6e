// Package generate writes what is made from the plugin's flags: the man page, the completions of bash and zsh, and the
// objects of Icinga 2 and Icinga Director. It is texts from texts; a test of cmd/check_cs_backup hands it the flags,
// compares what is checked in, and writes it anew when asked to (make man, make completion, make contrib).
package generate

import (
	"fmt"
	"slices"
	"strings"
)

// A Command is a program as its users know it.
type Command struct {
	Name        string
	Description string // one sentence: what it does, in short before a colon
	Examples    string // command lines and, indented more, what they do
	Flags       []Flag // flags of one group stand together
}

// A Flag is one of a command's flags.
type Flag struct {
	Name       string // without --
	Short      rune   // 0 if it has none
	Value      string // what the help calls its value, such as PATH; empty if it takes none
	Help       string
	Group      string   // the headline it stands under
	Choices    []string // the only values it takes, if they are few
	Repeatable bool
	Counter    bool // given several times it says more, as -vv
	TextOnly   bool // it prints a text, and there is no check; it does not come from the environment
}

// names returns the flag as it is typed: "-f", "--file".
func (f Flag) names() []string {
	if f.Short == 0 {
		return []string{"--" + f.Name}
	}
	return []string{"-" + string(f.Short), "--" + f.Name}
}

// The kinds of value that a shell knows how to complete.
func (f Flag) isFile() bool { return f.Value == "PATH" || f.Value == "EXE" }
func (f Flag) isHost() bool { return f.Value == "HOST" }

// made is the line that tells readers where a file comes from.
func made(target string) string {
	return fmt.Sprintf("Made from the flags by `make %s`: change those, not this.", target)
}

// values returns the flags that take one, those with the same choices together.
func (c Command) values() [][]Flag {
	var groups [][]Flag
	for _, flag := range c.Flags {
		if flag.Value == "" {
			continue
		}
		same := func(group []Flag) bool {
			first := group[0]
			return slices.Equal(first.Choices, flag.Choices) &&
				first.isFile() == flag.isFile() && first.isHost() == flag.isHost()
		}
		if i := slices.IndexFunc(groups, same); i >= 0 {
			groups[i] = append(groups[i], flag)
		} else {
			groups = append(groups, []Flag{flag})
		}
	}
	return groups
}

// allNames returns what may be typed for any of the flags.
func allNames(flags []Flag) []string {
	var names []string
	for _, flag := range flags {
		names = append(names, flag.names()...)
	}
	return names
}

// longNames returns the flags' names with their two dashes.
func longNames(flags []Flag) []string {
	var names []string
	for _, flag := range flags {
		names = append(names, "--"+flag.Name)
	}
	return names
}

// singleQuoted returns text for a POSIX shell.
func singleQuoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

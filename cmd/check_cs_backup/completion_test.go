package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// completions is where the completions of the shells are, seen from this package.
const completions = "../../contrib/completion"

// TestCompletion types into a real bash and a real zsh: all flags that begin with --p, then a flag and
// its value by their first letters.
func TestCompletion(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it starts shells")
	}
	folder := absolute(t, completions)
	// In place of the plugin, a function says what it was given.
	const given = "check_cs_backup() { printf 'given %s.' \"$*\"; }\n"
	for shell, startup := range map[string]string{
		"bash": "source " + folder + "/check_cs_backup.bash\n",
		"zsh":  "fpath=(" + folder + " $fpath); autoload -Uz compinit; compinit -u -D\n",
	} {
		t.Run(shell, func(t *testing.T) {
			have(t, shell)
			home := t.TempDir()
			file := filepath.Join(home, map[string]string{"bash": "bashrc", "zsh": ".zshrc"}[shell])
			if err := os.WriteFile(file, []byte(given+startup), 0o600); err != nil {
				t.Fatal(err)
			}
			command := map[string]string{"bash": "bash --rcfile " + file + " -i", "zsh": "zsh -i"}[shell]
			typeInto(t, command, home, "check_cs_backup --p\t\t", flagsWith(t, "--p")...)
			typeInto(t, command, home, "check_cs_backup --prof\tfail\t -o js\t\n", "failover", "given --profile")
			typeInto(t, command, home, "check_cs_backup -o js\t\n", "given -o json")
		})
	}
}

// typeInto runs a command in a terminal, types and waits until all texts have appeared.
func typeInto(t *testing.T, command, home, typed string, want ...string) {
	t.Helper()
	have(t, "script")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "script", "-qec", command, "/dev/null")
	cmd.Env = append(os.Environ(), "HOME="+home, "ZDOTDIR="+home, "TERM=dumb", "SHELL=/bin/sh")
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait() // ended by us
	}()
	if _, err := stdin.Write([]byte(typed)); err != nil {
		t.Fatal(err)
	}
	var seen []byte
	for buffer := make([]byte, 4096); ; {
		n, err := stdout.Read(buffer)
		seen = append(seen, buffer[:n]...)
		absent := slices.DeleteFunc(slices.Clone(want), func(text string) bool { return bytes.Contains(seen, []byte(text)) })
		if len(absent) == 0 {
			return
		}
		if err != nil {
			t.Fatalf("%s: typed %q and saw %q, which lacks %q", command, typed, seen, absent)
		}
	}
}

// flagsWith returns the flags with a prefix, in the order of the alphabet.
func flagsWith(t *testing.T, prefix string) []string {
	var names []string
	for _, flag := range commandLine(t).Flags {
		if strings.HasPrefix("--"+flag.Name, prefix) {
			names = append(names, "--"+flag.Name)
		}
	}
	slices.Sort(names)
	return names
}

// have skips a test that needs a program that is not there.
func have(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		absent(t, err.Error())
	}
}

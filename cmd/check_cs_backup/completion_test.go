package main

import (
	"bytes"
	"cmp"
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

// TestCompletionOfTerminalShells types into a real bash and a real zsh: all flags that begin with --p, then a flag and
// its value by their first letters.
func TestCompletionOfTerminalShells(t *testing.T) {
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

// TestCompletionOfFish asks a real fish.
func TestCompletionOfFish(t *testing.T) {
	have(t, "fish")
	ask := func(line string) []string {
		script := "source " + completions + "/check_cs_backup.fish; complete -C '" + line + "'"
		out, err := exec.Command("fish", "--no-config", "-c", script).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		var words []string
		for line := range strings.Lines(string(out)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			words = append(words, word)
		}
		return words
	}
	compareCompletions(t, ask)
}

// TestCompletionOfPowerShell asks a real PowerShell.
func TestCompletionOfPowerShell(t *testing.T) {
	pwsh := cmp.Or(os.Getenv("PWSH"), "pwsh")
	have(t, pwsh)
	script := completions + "/check_cs_backup.ps1"
	text, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.IndexFunc(text, func(r rune) bool { return r > 126 }); i >= 0 {
		t.Errorf("not ASCII, which Windows PowerShell 5.1 would read in the system's code page: %q", text[i:i+10])
	}
	ask := func(line string) []string {
		out, err := exec.Command(pwsh, "-NoProfile", "-NonInteractive", "-Command",
			"$ErrorActionPreference = 'Stop'; . "+script+"; (TabExpansion2 '"+line+"' "+
				"-cursorColumn '"+line+"'.Length).CompletionMatches.CompletionText").CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.Fields(string(out))
	}
	compareCompletions(t, ask)
}

// compareCompletions asks a shell that can be asked for the completions of a command line.
func compareCompletions(t *testing.T, ask func(line string) []string) {
	t.Helper()
	for line, want := range map[string][]string{
		"check_cs_backup --p":                          flagsWith(t, "--p"),
		"check_cs_backup --pair --on-stale ":           {"critical", "ok", "unknown", "warning"},
		"/usr/lib/nagios/plugins/check_cs_backup -o j": {"json"},
	} {
		got := ask(line)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%q is completed by %q, want %q", line, got, want)
		}
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

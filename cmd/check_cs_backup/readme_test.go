package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// TestEveryFlagIsExplained: in the help, and in the README with its short form and the name of its value.
func TestEveryFlagIsExplained(t *testing.T) {
	readme := readFile(t, "README.md")
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
		if !strings.Contains(readme, "`"+want+"`") {
			t.Errorf("the README does not have `%s`", want)
		}
	}
}

// TestSessions types each console block of the README and of the pages behind it into a shell and compares what comes:
// lines that begin with $ are typed, the others are the output, "…" stands for any text in one line. What shows no output
// must succeed. The samples are in the folder of that, and in contrib/samples.
func TestSessions(t *testing.T) {
	shell, err := exec.LookPath("sh")
	if err != nil {
		absent(t, "no shell: "+err.Error())
	}
	dir := t.TempDir()
	for _, to := range []string{dir, filepath.Join(dir, "contrib", "samples")} {
		if err := os.CopyFS(to, os.DirFS("../../contrib/samples")); err != nil {
			t.Fatal(err)
		}
	}
	program, err := exec.LookPath("check_cs_backup") // see TestMain
	if err == nil {
		err = os.Symlink(program, filepath.Join(dir, "check_cs_backup")) // what make builds
	}
	if err != nil {
		t.Fatal(err)
	}
	var sessions []string
	for _, page := range []string{"README.md", "docs/setup.md", "docs/reference.md"} {
		sessions = append(sessions, blocks(t, readFile(t, page), "console")...)
	}
	for _, session := range sessions {
		cmd := exec.Command(shell, "-c", script(session))
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if silent := strings.Count(session, "\n") == strings.Count("\n"+session, "\n$ "); silent && err != nil {
			t.Errorf("%s%v", session, err)
		}
		got := strings.ReplaceAll(string(out), " \n", "\n")
		pattern := strings.ReplaceAll(regexp.QuoteMeta(session), "…", ".*")
		if !regexp.MustCompile(`\A` + pattern + `\z`).MatchString(got) {
			t.Errorf("the page has:\n%s\ngot:\n%s", session, got)
		}
	}
}

// script makes a shell script of a session: it shows each command before it runs it, and keeps $? between them.
func script(session string) string {
	var b strings.Builder
	for line := range strings.Lines(session) {
		if command, typed := strings.CutPrefix(line, "$ "); typed {
			shown := strings.ReplaceAll(strings.TrimSpace(line), "'", `'\''`)
			fmt.Fprintf(&b, "code=$?; printf '%%s\\n' '%s'; (exit $code)\n%s", shown, command)
		}
	}
	return b.String()
}

// TestMakeRunIsTheFirstExample: make run shows what the README's first screen shows.
func TestMakeRunIsTheFirstExample(t *testing.T) {
	makefile, commands := readFile(t, "Makefile"), 0
	for line := range strings.Lines(blocks(t, readFile(t, "README.md"), "console")[0]) {
		command, typed := strings.CutPrefix(line, "$ ")
		if !typed {
			continue
		}
		commands++
		if !strings.Contains(makefile, "= "+command) {
			t.Errorf("the Makefile does not have %s", command)
		}
	}
	if commands != 2 {
		t.Errorf("the first screen has %d commands", commands)
	}
}

// TestReadmeIsShort: a new administrator reads all of it.
func TestReadmeIsShort(t *testing.T) {
	readme := readFile(t, "README.md")
	if lines, words := strings.Count(readme, "\n"), len(strings.Fields(readme)); lines > 200 || words > 3000 {
		t.Errorf("the README has %d lines and %d words", lines, words)
	}
	code := false
	for line := range strings.Lines(readme) {
		if strings.HasPrefix(line, "```") {
			code = !code
		}
		if len([]rune(line)) > 121 && !strings.HasPrefix(line, "|") && !code {
			t.Errorf("wider than 120 columns: %s", line)
		}
	}
}

// TestRecipes: each recipe is a command line that the plugin takes.
func TestRecipes(t *testing.T) {
	flags := regexp.MustCompile("`(-[^`]*)`")
	for _, row := range table(t, readFile(t, "README.md"), "| you want | flags |") {
		found := flags.FindAllStringSubmatch(row[1], -1)
		if found == nil {
			t.Errorf("no flags in %q", row)
		}
		for _, one := range found {
			arguments := append([]string{"-f", "status.json"}, strings.Fields(strings.ReplaceAll(one[1], "'", ""))...)
			if _, _, err := parse(arguments, func(string) string { return "" }); err != nil {
				t.Errorf("%s: %v", row[0], err)
			}
		}
	}
}

// TestSamples: the samples are the collector's documents, of both pools of a pair, and each has its exit code.
func TestSamples(t *testing.T) {
	for name, want := range map[string]int{"healthy": 0, "backlog": 1, "broken": 2} {
		t.Run(name, func(t *testing.T) {
			var document, compact bytes.Buffer
			document.WriteString(readFile(t, "contrib/samples/"+name+".json"))
			if err := json.Compact(&compact, document.Bytes()); err != nil || document.String() != compact.String()+"\n" {
				t.Errorf("not in one line, as the collector writes it: %v", err)
			}
			var out strings.Builder
			code := run(environment{
				args:   []string{"-f", "../../contrib/samples/" + name + ".json", "--max-age", "0", "-o", "json"},
				getenv: func(string) string { return "" }, environ: os.Environ, stdout: &out, now: func() time.Time { return testNow },
			})
			var result struct {
				Pools []struct{ Findings []any }
				Pairs []struct{ Pools []string }
			}
			if err := json.Unmarshal([]byte(out.String()), &result); err != nil {
				t.Fatal(err)
			}
			if code != want || len(result.Pools) != 2 || len(result.Pairs) != 1 || len(result.Pairs[0].Pools) != 2 {
				t.Errorf("exit code %d: %s", code, out.String())
			}
		})
	}
}

// TestSamplesHaveTheCollectorsKeys: in their order, so that the samples are what a task saves.
func TestSamplesHaveTheCollectorsKeys(t *testing.T) {
	script := readFile(t, "check/source/collector.ps1")
	for _, name := range []string{"healthy", "backlog", "broken"} {
		sample := readFile(t, "contrib/samples/"+name+".json")
		for _, object := range regexp.MustCompile(`\[ordered\]@\{\n([^}]*)\}`).FindAllStringSubmatch(script, -1) {
			var keys []string
			for _, key := range regexp.MustCompile(`(?m)^\s*(\w+)\s*=`).FindAllStringSubmatch(object[1], -1) {
				if key[1] != "timedOut" { // taken away once the pool has answered
					keys = append(keys, regexp.QuoteMeta(`"`+key[1]+`":`))
				}
			}
			row := regexp.MustCompile(strings.Join(keys, "(?s:.*?)"))
			if !row.MatchString(sample) && (name == "broken" || keys[0] != `"id":`) {
				t.Errorf("%s.json does not have %s", name, strings.Join(keys, " "))
			}
		}
	}
}

// TestProfilesTable runs each row of the reference's table of the two profiles.
func TestProfilesTable(t *testing.T) {
	const other, pool = "UserServices.PresenceFocus", "pool01.contoso.com" // the pool that judge makes up
	type input struct {
		module string
		word   status.State
		master string
	}
	of := func(words ...status.State) (list []input) {
		for _, word := range words {
			list = append(list, input{other, word, "none"})
		}
		return list
	}
	// What the first two cells of a row stand for.
	meaning := map[string][]input{
		"export: FinalState, SteadyState":          of("FinalState", "SteadyState", "steadystate"),
		"export: NonSteadyState: a backlog builds": of("NonSteadyState"),
		"export: NotInitialized, anything else":    append(of("NotInitialized"), input{status.CMSMaster, "NotInitialized", pool}),
		"export: ErrorState":                       of("ErrorState"),
		"import: NormalState":                      of("NormalState"),
		"import: NotInitialized":                   of("NotInitialized"),
		"import: ErrorState":                       of("ErrorState"),
		"both: any other word, or none":            of("SomeState", "2", ""),
		"export: NotInitialized, of " + status.CMSMaster + " on a pool that is not the CMS master": {
			{status.CMSMaster, "NotInitialized", "auto"}, {status.CMSMaster, "NotInitialized", "pool02.contoso.com"},
		},
	}
	rows := table(t, readFile(t, "docs/reference.md"), "| direction | state | `default` | `failover` |")
	for _, row := range rows {
		inputs, known := meaning[row[0]+": "+row[1]]
		if !known {
			t.Errorf("this test does not know the row %q", row)
		}
		delete(meaning, row[0]+": "+row[1])
		for _, in := range inputs {
			for _, direction := range []status.Direction{status.Export, status.Import} {
				if row[0] != "both" && row[0] != direction.String() {
					continue
				}
				m := healthy(in.module)
				if direction == status.Export {
					m.Export = in.word
				} else {
					m.Import = in.word
				}
				for i, profile := range []string{"default", "failover"} {
					got := judge(t, m, direction, "--profile", profile, "--cms-master", in.master)
					if got != row[2+i] {
						t.Errorf("%s %s %q, %s: %s, the page has %s",
							in.module, direction, in.word, profile, got, row[2+i])
					}
				}
			}
		}
	}
	for missing := range meaning {
		t.Errorf("the page has no row %q", missing)
	}
}

// TestRulesTable runs the reference's rules: each does what it says, and none alarms where all is healthy.
func TestRulesTable(t *testing.T) {
	example := regexp.MustCompile(`^(\S+) (export|import) (\S+): (\w+)$`)
	for _, row := range table(t, readFile(t, "docs/reference.md"), "| rules | meaning | so |") {
		parts := example.FindStringSubmatch(row[2])
		if parts == nil {
			t.Fatalf("this is no MODULE DIRECTION STATE: SEVERITY: %q", row[2])
		}
		rules := strings.Fields(strings.NewReplacer("`", "", "'", "").Replace(row[0]))
		m, direction := healthy(parts[1]), status.Export
		if parts[2] == "import" {
			direction, m.Import = status.Import, status.State(parts[3])
		} else {
			m.Export = status.State(parts[3])
		}
		got := judge(t, m, direction, rules...)
		if got != parts[4] {
			t.Errorf("%s: %s, the page has %s", row[0], got, row[2])
		}
		if plain := judge(t, m, direction); plain == got {
			t.Errorf("%s changes nothing: %s", row[0], plain)
		}
		for _, name := range []string{
			"UserServices.PresenceFocus", "ConfServices.DataConf", status.CMSMaster,
			"ApplicationServer.RGSDataStore", "ApplicationServer.RGSFileStore",
		} {
			m := healthy(name)
			if name == status.CMSMaster {
				m.Export = status.NotInitialized // on the pool that is not the master
			}
			for _, direction := range []status.Direction{status.Export, status.Import} {
				if got := judge(t, m, direction, rules...); got != "OK" {
					t.Errorf("%s: healthy %s is %s", row[0], name, got)
				}
			}
		}
	}
}

func healthy(identity string) status.Module {
	return status.Module{Identity: identity, Export: status.FinalState, Import: status.NormalState}
}

// judge runs the plugin on a status of one module and returns the severity of one direction.
func judge(t *testing.T, m status.Module, d status.Direction, arguments ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "status.json")
	write(t, file, fmt.Sprintf(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[{
		"poolFqdn":"pool01.contoso.com","modules":[{"identity":%q,"exportStatus":%q,"importStatus":%q}]}]}`,
		m.Identity, m.Export, m.Import))
	var out strings.Builder
	run(environment{
		args: append([]string{"-f", file, "-o", "json"}, arguments...), getenv: func(string) string { return "" },
		environ: os.Environ, stdout: &out,
		now: func() time.Time { return testNow },
	})
	type state struct{ State string }
	var result struct {
		Pools []struct {
			Modules []struct{ Export, Import state }
		}
	}
	err := json.Unmarshal([]byte(out.String()), &result)
	if err != nil || len(result.Pools) != 1 || len(result.Pools[0].Modules) != 1 {
		t.Fatalf("%q: %v, %s", arguments, err, out.String())
	}
	if d == status.Import {
		return result.Pools[0].Modules[0].Import.State
	}
	return result.Pools[0].Modules[0].Export.State
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

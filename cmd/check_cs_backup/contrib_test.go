package main

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// shown are the texts that tell people how to run the plugin: by file, or the help's examples.
func shown(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{"--help": examples}
	for _, path := range []string{
		"README.md", "docs/setup.md", "docs/reference.md", "docs/troubleshooting.md", "docs/other-systems.md",
		"docs/engines.md", "check/source/collector.ps1",
	} {
		texts[path] = readFile(t, path)
	}
	err := fs.WalkDir(os.DirFS("../.."), "contrib", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			texts[path] = readFile(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// TestSetupConfiguration: each line of configuration that docs/setup.md shows stands in contrib, so names and paths are
// the same.
func TestSetupConfiguration(t *testing.T) {
	setup := readFile(t, "docs/setup.md")
	for language, files := range map[string][]string{
		"icinga2":  {"contrib/icinga2/services.conf", "contrib/icinga2/check_cs_backup.conf"},
		"nagios":   {"contrib/nagios/check_cs_backup.cfg"},
		"nrpe":     {"contrib/nrpe/cs_backup.cfg"},
		"nsclient": {"contrib/nsclient/nsclient.ini"},
		"snclient": {"contrib/snclient/snclient.ini"},
	} {
		contrib := ""
		for _, file := range files {
			contrib += readFile(t, file)
		}
		contrib = folded(contrib)
		for _, block := range blocks(t, setup, language) {
			for line := range strings.Lines(block) {
				if !strings.Contains(contrib, folded(line)) {
					t.Errorf("%q is in none of %v", line, files)
				}
			}
		}
	}
}

// folded makes each run of blanks and line ends one blank.
func folded(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestCommandsAreDefined: what a service, a command or a text calls by name is there under that name.
func TestCommandsAreDefined(t *testing.T) {
	icinga := append(names(t, "contrib/icinga2/check_cs_backup.conf", `object CheckCommand "(\w+)"`), "nrpe") // Icinga has that
	nagios := names(t, "contrib/nagios/check_cs_backup.cfg", `command_name +(\w+)`)
	nrpe := names(t, "contrib/nrpe/cs_backup.cfg", `(?m)^command\[(\w+)\]=`)
	nsclient := names(t, "contrib/nsclient/nsclient.ini",
		`(?m)^(cs_backup\w*) = |^\[/settings/external scripts/scripts/(\w+)\]`)
	snclient := names(t, "contrib/snclient/snclient.ini", `(?m)^(cs_backup\w*) = `)
	for file, text := range shown(t) {
		for _, called := range []struct {
			by string
			in [][]string
		}{
			{`check_command = "(\w+)"`, [][]string{icinga}},
			{`check_command +(\w+)`, [][]string{nagios}},
			{`cs_backup_nrpe!(\w+)`, [][]string{nrpe, nsclient, snclient}},
			{`-c (cs_backup\w*)`, [][]string{nrpe, nsclient, snclient}},
			{`nrpe_command = "(\w+)"`, [][]string{nrpe, nsclient, snclient}},
		} {
			for _, found := range regexp.MustCompile(called.by).FindAllStringSubmatch(text, -1) {
				for _, defined := range called.in {
					if !slices.Contains(defined, found[1]) {
						t.Errorf("%s: %q is none of %v", file, found[0], defined)
					}
				}
			}
		}
	}
}

// TestWays: the table of ways in docs/setup.md has each template of Icinga and of the Director, and each command of
// Nagios, by its name.
func TestWays(t *testing.T) {
	columns := make([][]string, 3)
	for _, row := range table(t, readFile(t, "docs/setup.md"),
		"| way | Icinga 2: `import` | Director: `import` | Nagios: `check_command` | by hand |") {
		for i := range columns {
			if name, _, _ := strings.Cut(strings.Trim(row[i+1], "`"), "!"); name != "-" {
				columns[i] = append(columns[i], name)
			}
		}
	}
	for i, defined := range [][]string{
		names(t, "contrib/icinga2/check_cs_backup.conf", `template Service "(cs-backup-[\w-]+)"`),
		names(t, "contrib/icinga-director/check_cs_backup.json", `"object_name": "(cs-backup-director-[\w-]+)"`),
		names(t, "contrib/nagios/check_cs_backup.cfg", `command_name +(\w+)`),
	} {
		slices.Sort(defined)
		slices.Sort(columns[i])
		if !slices.Equal(columns[i], defined) {
			t.Errorf("docs/setup.md has %q, contrib %q", columns[i], defined)
		}
	}
}

// TestContribsReadme: contrib's own page names each folder of contrib.
func TestContribsReadme(t *testing.T) {
	folders, err := os.ReadDir("../../contrib")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if folder.IsDir() && !strings.Contains(readFile(t, "contrib/README.md"), "]("+folder.Name()) {
			t.Errorf("contrib/%s is not linked to", folder.Name())
		}
	}
}

// TestFileIsRequired: a command for saved statuses whose macro is not filled is an error in Icinga, and no live run.
func TestFileIsRequired(t *testing.T) {
	required := regexp.MustCompile(`object CheckCommand "\w*_file\w*" \{\s+import "\w+"\s+command = [^\n]+\s+` +
		`arguments\["--file"\] \+= \{ required = true \}\s+\}`)
	if n := len(required.FindAllString(readFile(t, "contrib/icinga2/check_cs_backup.conf"), -1)); n != 2 {
		t.Errorf("%d commands of Icinga require --file", n)
	}
	var basket struct {
		Command map[string]struct {
			Arguments map[string]struct{ Required bool }
		}
	}
	if err := json.Unmarshal([]byte(readFile(t, "contrib/icinga-director/check_cs_backup.json")), &basket); err != nil {
		t.Fatal(err)
	}
	count := 0
	for name, command := range basket.Command {
		if strings.Contains(name, "_file") {
			count++
			if !command.Arguments["--file"].Required {
				t.Errorf("the basket's %s does not require --file", name)
			}
		}
	}
	if count != 2 {
		t.Errorf("the basket has %d commands for saved statuses", count)
	}
}

// names returns what a file defines: the first group that matches.
func names(t *testing.T, file, expression string) []string {
	t.Helper()
	var list []string
	for _, found := range regexp.MustCompile(expression).FindAllStringSubmatch(readFile(t, file), -1) {
		list = append(list, strings.Join(found[1:], ""))
	}
	if len(list) == 0 {
		t.Fatalf("%s defines nothing", file)
	}
	return list
}

// TestPaths: the same things have the same paths everywhere.
func TestPaths(t *testing.T) {
	for name, paths := range map[string][]string{
		// The saved status, where it is more than an example's own.
		`[\w:$\\/]*[\\/]status\.json`: {
			`C:\check_cs_backup\status.json`, `/var/spool/cs_backup/status.json`, `\\fs01\csbackup$\status.json`,
			`\\fs01\csbackup$$\status.json`,  // in Icinga
			`C:/check_cs_backup/status.json`, // in sftp
		},
		`[\w:$\\/]*[\\/]collector\.ps1`: {`C:\check_cs_backup\collector.ps1`, `\collector.ps1`}, // .\ in PowerShell
		// The plugin, where it is called.
		`[\w.:$\\/]*check_cs_backup(\.exe)? -`: {
			"check_cs_backup -", "./check_cs_backup -", `scripts\check_cs_backup.exe -`, "$USER1$/check_cs_backup -",
			"/usr/lib/nagios/plugins/check_cs_backup -", "/usr/bin/check_cs_backup -",
			`Files\check_cs_backup\check_cs_backup.exe -`, // below C:\Program Files
		},
	} {
		expression := regexp.MustCompile(name)
		for file, text := range shown(t) {
			for _, path := range expression.FindAllString(text, -1) {
				unquoted := strings.ReplaceAll(path, `\\`, `\`)
				if !slices.Contains(paths, path) && !slices.Contains(paths, unquoted) {
					t.Errorf("%s: %s is none of %q", file, path, paths)
				}
			}
		}
	}
}

// TestCommandLinesAreRight: each command line of the plugin that people are shown is one that it takes.
func TestCommandLinesAreRight(t *testing.T) {
	line := regexp.MustCompile("check_cs_backup(?:\\.exe)? (-[^`|>\"\n]*)")
	// What an engine fills in: a value in quotes, and more flags, or none.
	filled := strings.NewReplacer(
		"'$ARG1$'", "pool01.contoso.com", "$HOSTADDRESS$", "192.0.2.10", "$ARG1$", "", "$ARG2$", "", "'", "")
	count := 0
	for file, text := range shown(t) {
		if strings.HasSuffix(file, ".json") || strings.HasSuffix(file, ".ps1") || strings.HasPrefix(file, "contrib/completion/") {
			continue // the plugin's name stands beside flags there, too
		}
		for _, found := range line.FindAllStringSubmatch(text, -1) {
			if strings.Contains(found[1], "…") {
				continue
			}
			count++
			if _, _, err := parse(strings.Fields(filled.Replace(found[1])), func(string) string { return "" }); err != nil {
				t.Errorf("%s: %s: %v", file, found[0], err)
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d command lines found", count)
	}
}

package source

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The collector has the version of the plugin, so that a document says which one wrote it.
func TestCollectorHasTheVersionOfThePlugin(t *testing.T) {
	changes, err := os.ReadFile(filepath.Join("..", "..", "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	plugin := regexp.MustCompile(`(?m)^## ([0-9.]+)`).FindSubmatch(changes)
	script := regexp.MustCompile(`(?m)^\$Version = '([0-9.]+)'$`).FindStringSubmatch(collector)
	if plugin == nil || script == nil || string(plugin[1]) != script[1] {
		t.Errorf("the newest of CHANGELOG.md is %q, the collector's %q", plugin, script)
	}
}

// Get-Help must find what the head of each script says: a line that begins with a dot and a word ends all of it.
func TestScriptsHaveHelp(t *testing.T) {
	folder := tempDir(t)
	for name, text := range map[string]string{
		"collector.ps1":      Collector(Query{Pools: []string{"pool01.contoso.com"}}),
		"register-task.ps1":  contribScript(t, "scheduled-task", "register-task.ps1"),
		"collect-sample.ps1": contribScript(t, "report", "collect-sample.ps1"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	k := task{t: t, folder: folder}
	for script, want := range map[string]string{
		"collector":      "Asks the Backup Service | Path Pool Category Pair NoEvents Limit | 2 | True",
		"register-task":  "Registers the scheduled task | Account Pool Pair NoEvents Folder Minutes Test | 2 | False",
		"collect-sample": "Saves what the cmdlets | Pool Folder | 1 | False",
	} {
		out, code := k.powershell("-Command", `$help = Get-Help ./`+script+`.ps1 -Full
$told = @($help.parameters.parameter | Where-Object { $_.description } | ForEach-Object { $_.name })
$notes = [string] ($help.alertSet | Out-String)
"$($help.Synopsis) | $told | $(@($help.examples.example).Count) | $($notes.Contains('Register-ScheduledTask'))"`)
		start, rest, _ := strings.Cut(want, " | ")
		if code != 0 || !strings.HasPrefix(out, start) || !strings.HasSuffix(strings.TrimSpace(out), rest) {
			t.Errorf("%s: %s\nwant %s", script, out, want)
		}
	}
}

// All forms that a status may have, as a task writes them: what can be read is carried, all else is named.
func TestTaskCarriesEachForm(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	const (
		healthy = `{"identity":"UserServices.PresenceFocus","exportStatus":"FinalState","importStatus":"NormalState"}`
		sick    = `{"identity":"ConfServices.DataConf","exportStatus":"ErrorState","importStatus":"NormalState"}`
		text    = `{"text":"UserServices.PresenceFocus:[FinalState,NormalState]"}`
		ill     = `{"text":"ConfServices.DataConf:[ErrorState,NormalState]"}`
	)
	forms := []struct{ name, modules, unread, missing string }{
		{"texts", text + "," + ill, "", ""},
		{"baretexts", text + "," + ill, "", ""},
		{"shallow", text, "", ""},
		{"wrapped", healthy, "", ""},
		{"extended", sick, "", ""},
		{"other", "", "System.Management.Automation.PSCustomObject (ActiveMachineFqdn String, Modules Object[])", ""},
		{"renamed", "", "FakeCs.Service (Identity String, PoolFqdn Fqdn, Active Boolean)", ""},
		{"hashtable", "", "System.Collections.Hashtable (", ""},
		{"enum", "", "FakeCs.ExportState (", ""},
		{"words", "", "System.String (Length Int32); System.Int32 ()", ""},
		{"void", "", "null ()", ""},
		{"gap", healthy, "null ()", ""},
		{"none", "", "", "BackupModules is empty"},
		{"null", "", "", "BackupModules is null"},
		{"nothing", "", "", "Get-CsBackupServiceStatus returned nothing for this pool"},
	}
	var pools []string
	for _, form := range forms {
		pools = append(pools, form.name+".x")
	}
	if out, code := k.run("-Path", k.file, "-NoEvents", "-Pool", strings.Join(pools, ",")); code != 1 ||
		!strings.Contains(out, "nothing.x: ") {
		t.Errorf("exit code %d: %s", code, out)
	}
	k.wantPools(pools...)
	saved, err := os.ReadFile(k.file)
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Collector string
		Pools     []struct {
			Modules json.RawMessage
			Unread  []struct {
				Type       string
				Properties []string
			}
			Missing string
			Error   string
		}
	}
	if err := json.Unmarshal(saved, &d); err != nil || d.Collector == "" {
		t.Fatalf("%v, collector %q", err, d.Collector)
	}
	for i, form := range forms {
		var unread []string
		for _, u := range d.Pools[i].Unread {
			unread = append(unread, u.Type+" ("+strings.Join(u.Properties, ", ")+")")
		}
		got := strings.Join(unread, "; ")
		if string(d.Pools[i].Modules) != "["+form.modules+"]" || d.Pools[i].Missing != form.missing || d.Pools[i].Error != "" ||
			!strings.HasPrefix(got, form.unread) || form.unread == "" && got != "" {
			t.Errorf("%s: modules %s, unread %q, missing %q, error %q", form.name, d.Pools[i].Modules, got, d.Pools[i].Missing,
				d.Pools[i].Error)
		}
	}
}

// One category without an answer is no fault; only none at all is. The document says which were asked.
func TestCategoriesOfATask(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	for only, missing := range map[string]bool{"UserData": false, "RGS": true} {
		t.Setenv("FAKE_CS_ONLY", only)
		_, code := k.run("-Path", k.file, "-Category", "CMS,UserData")
		saved, err := os.ReadFile(k.file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(saved)
		if (code != 0) != missing || strings.Contains(text, "returned nothing") != missing ||
			!strings.Contains(text, `"categories":["CMS","UserData"]`) {
			t.Errorf("%s: exit code %d: %s", only, code, text)
		}
	}
}

// For the days on which one front end is patched, two tasks may write one file: each run replaces it as a whole.
func TestTwoCollectorsOfOneFile(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"many.x"}})
	type result struct {
		out  string
		code int
	}
	ended := make(chan result)
	for range 2 {
		go func() {
			out, code := k.run("-Path", k.file, "-NoEvents")
			ended <- result{out, code}
		}()
	}
	for range 2 {
		if r := <-ended; r.code != 0 || r.out != "" {
			t.Errorf("exit code %d: %s", r.code, r.out)
		}
		k.wantPools("many.x")
	}
	k.wantFiles("collector.ps1", "stätus.json")
}

package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// hostile are names that would be code, or would end a literal, if they were pasted into a script.
var hostile = []string{
	`'; New-Item $env:FAKE_CS_PID; '`,
	`" & del *; $(Get-Process) ` + "`n",
	"\u2018\u2019\u201A\u201B; New-Item x #",
	"line\nbreak\r\n'@\n@'",
	`back\slash\u0027`,
	"Pööl-€-😀.contoso.com",
	"--% -EncodedCommand",
	"\x00\x01\x7f",
	"/Date(0)/",
}

func TestCollectorTakesHostileNamesAsNames(t *testing.T) {
	withModule(t)
	file := filepath.Join(tempDir(t), "injected")
	t.Setenv("FAKE_CS_PID", file)
	t.Setenv("FAKE_CS", "single")
	d := askWell(t, PowerShell(pwsh(t), Query{Pools: hostile}))
	var names []string
	for _, pool := range d.Pools {
		names = append(names, pool.PoolFqdn)
		if pool.Error != "" || len(pool.Modules) != 1 {
			t.Errorf("%q: %d modules, error %q", pool.PoolFqdn, len(pool.Modules), pool.Error)
		}
	}
	// A name that could be code would have made this file without the id of a process in it.
	pids(t, file)
	if want := hostile; !slices.Equal(names, want) {
		t.Errorf("names %q\nwant  %q", names, want)
	}
}

func TestQueryIsInertInTheScript(t *testing.T) {
	script := liveScript(Query{Pools: hostile, Categories: hostile, Pair: true})
	names := `(([\w.-]|\\u[0-9a-f]{4})+ ?)+`
	inert := regexp.MustCompile(`(?m)^\$PoolNames = '` + names + `'\n\$CategoryNames = '` + names + `'\n\$WithBackup = \$true\n\$Progress = \$true$`)
	if !inert.MatchString(script) {
		t.Errorf("%s", script)
	}
	for _, r := range script {
		if r > 0x7E || r < ' ' && r != '\n' {
			t.Fatalf("%q is no ASCII", r)
		}
	}
}

func TestCollectorAsksForEachPool(t *testing.T) {
	withModule(t)
	imports := filepath.Join(tempDir(t), "imports")
	t.Setenv("FAKE_CS_IMPORTS", imports)
	query := Query{Pools: []string{"healthy.contoso.com", "sick.contoso.com", "throwing.contoso.com", "denied.contoso.com",
		"single.contoso.com", "none.contoso.com", "quotes.contoso.com", "soft.contoso.com", "SICK.contoso.com"}}
	d := askWell(t, PowerShell(pwsh(t), query))
	if d.Module != "SkypeForBusiness" || d.CMSMaster != "cms.contoso.com" || d.Host == "" || len(d.Notes) != 0 {
		t.Errorf("%+v", d)
	}
	if age := time.Since(d.CollectedAt); age < 0 || age > patience {
		t.Errorf("collected at %v", d.CollectedAt)
	}
	type module = struct{ Identity, ExportStatus, ImportStatus string }
	want := []struct {
		modules []module
		failed  string
	}{
		{[]module{{"UserServices.PresenceFocus", "FinalState", "NormalState"}, {"ConfServices.DataConf", "SteadyState", "NormalState"}, {"CentralMgmt.CMSMaster", "NotInitialized", "NormalState"}}, ""},
		{[]module{{"UserServices.PresenceFocus", "NonSteadyState", "NormalState"}, {"ConfServices.DataConf", "ErrorState", "ErrorState"}, {"CentralMgmt.CMSMaster", "NotInitialized", "NormalState"}}, ""},
		{[]module{}, `the pool throwing.contoso.com is not in the topology: "quoted", 'single' & ümläut €`},
		{[]module{}, "Cannot open the backup service: Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))"},
		{[]module{{"UserServices.PresenceFocus", "FinalState", "NormalState"}}, ""},
		{[]module{}, ""},
		{[]module{{"It's \"a\" module, <b> & \\ / $x `n", "FinalState", "NormalState"}, {"Müdul € 😀", "FinalState", "NormalState"}}, ""},
		{[]module{}, "a non-terminating error"},
	}
	if len(d.Pools) != len(want) {
		t.Fatalf("%d pools", len(d.Pools))
	}
	for i, pool := range d.Pools {
		if pool.PoolFqdn != query.Pools[i] || !reflect.DeepEqual(pool.Modules, want[i].modules) || pool.Error != want[i].failed {
			t.Errorf("%+v, want %+v", pool, want[i])
		}
		if active := len(pool.Modules) > 0 || pool.PoolFqdn == "none.contoso.com"; active != (pool.ActiveMachineFqdn == "fe01.contoso.com") {
			t.Errorf("%s is active on %q", pool.PoolFqdn, pool.ActiveMachineFqdn)
		}
	}
	if text, _ := os.ReadFile(imports); string(text) != "imported\n" {
		t.Errorf("one run imported the module %q", text)
	}
}

func TestCollectorOddities(t *testing.T) {
	withModule(t)
	for _, c := range []struct {
		name  string
		env   map[string]string
		query Query
		check func(*testing.T, document)
	}{
		{"several thousand modules", nil, Query{Pools: []string{"many.x"}}, func(t *testing.T, d document) {
			if modules := d.Pools[0].Modules; len(modules) != 5000 || modules[4999].Identity != "Module.Number5000" {
				t.Errorf("%d modules", len(modules))
			}
		}},
		{"chatter of the cmdlet and of the import", map[string]string{"FAKE_CS_IMPORT": "chatter"}, Query{Pools: []string{"chatter.x"}}, func(t *testing.T, d document) {
			if len(d.Pools[0].Modules) != 3 || d.Pools[0].Error != "" {
				t.Errorf("%+v", d)
			}
		}},
		{"categories", nil, Query{Pools: []string{"healthy.x"}, Categories: []string{"CMS", "UserData"}}, func(t *testing.T, d document) {
			if modules := d.Pools[0].Modules; len(modules) != 3 || modules[0].Identity != "CentralMgmt.CMSMaster" {
				t.Errorf("%+v", modules)
			}
		}},
		{"a category that the cmdlet does not know", nil, Query{Pools: []string{"healthy.x"}, Categories: []string{"'; exit"}}, func(t *testing.T, d document) {
			if !strings.Contains(d.Pools[0].Error, "Category") {
				t.Errorf("%+v", d)
			}
		}},
		{"pair", nil, Query{Pools: []string{"healthy.x"}, Pair: true}, func(t *testing.T, d document) {
			if len(d.Pools) != 2 || d.Pools[0].BackupPoolFqdn != "partner.contoso.com" || d.Pools[1].PoolFqdn != "partner.contoso.com" ||
				d.Pools[1].BackupPoolFqdn != "healthy.x" || len(d.Pools[1].Modules) != 3 {
				t.Errorf("%+v", d)
			}
		}},
		{"pair of which both are named", nil, Query{Pools: []string{"healthy.x", "Partner.contoso.com"}, Pair: true}, func(t *testing.T, d document) {
			if len(d.Pools) != 2 || d.Pools[1].BackupPoolFqdn != "healthy.x" {
				t.Errorf("%+v", d)
			}
		}},
		{"pair seen from the other side", map[string]string{"FAKE_CS_PAIR": "reverse"}, Query{Pools: []string{"healthy.x"}, Pair: true}, func(t *testing.T, d document) {
			if d.Pools[0].BackupPoolFqdn != "partner.contoso.com" {
				t.Errorf("%+v", d)
			}
		}},
		{"pair that names two", map[string]string{"FAKE_CS_PAIR": "two"}, Query{Pools: []string{"healthy.x"}, Pair: true}, wantNote("names several other pools")},
		{"pair that names none", map[string]string{"FAKE_CS_PAIR": "none"}, Query{Pools: []string{"healthy.x"}, Pair: true}, wantNote("names no other pool")},
		{"pair that fails", map[string]string{"FAKE_CS_PAIR": "throw"}, Query{Pools: []string{"healthy.x"}, Pair: true}, wantNote("the backup pool of healthy.x is not known: no relationship")},
		{"CMS master that fails", map[string]string{"FAKE_CS_CMS": "throw"}, Query{Pools: []string{"healthy.x"}}, wantNote("the CMS master is not known: the topology cannot be read")},
		{"two CMS masters", map[string]string{"FAKE_CS_CMS": "both"}, Query{Pools: []string{"healthy.x"}}, wantNote("several pools are active")},
		{"import that fails", map[string]string{"FAKE_CS_IMPORT": "fail"}, Query{Pools: []string{"a.x", "b.x"}}, func(t *testing.T, d document) {
			// The made-up Lync module runs the same script, so it fails too.
			for _, pool := range d.Pools {
				if !strings.Contains(pool.Error, "the PowerShell module SkypeForBusiness could not be imported: the product is not installed right; the PowerShell module Lync could not") {
					t.Errorf("%+v", pool)
				}
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			c.check(t, askWell(t, PowerShell(pwsh(t), c.query)))
		})
	}
}

// wantNote checks that something could not be found out and that the pool's status came all the same.
func wantNote(part string) func(*testing.T, document) {
	return func(t *testing.T, d document) {
		t.Helper()
		if len(d.Notes) != 1 || !strings.Contains(d.Notes[0], part) || len(d.Pools) != 1 || len(d.Pools[0].Modules) != 3 || d.Pools[0].Error != "" {
			t.Errorf("%+v", d)
		}
	}
}

func TestCollectorTakesLyncWhereSkypeForBusinessIsNot(t *testing.T) {
	withModule(t)
	folder := tempDir(t)
	module, err := os.ReadFile(filepath.Join(fakes(t), "SkypeForBusiness", "SkypeForBusiness.psm1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "Lync"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "Lync", "Lync.psm1"), module, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PSModulePath", folder)
	if d := askWell(t, PowerShell(pwsh(t), Query{Pools: []string{"healthy.x"}})); d.Module != "Lync" || len(d.Pools[0].Modules) != 3 {
		t.Errorf("%+v", d)
	}
}

func TestCollectorNamesTheModulesThatAreNotThere(t *testing.T) {
	t.Setenv("PSModulePath", tempDir(t))
	d := askWell(t, PowerShell(pwsh(t), Query{Pools: []string{"a.x", "b.x"}}))
	if d.Module != "" || len(d.Pools) != 2 {
		t.Fatalf("%+v", d)
	}
	for _, pool := range d.Pools {
		if pool.Error != "neither of the PowerShell modules SkypeForBusiness and Lync was found" {
			t.Errorf("%+v", pool)
		}
	}
}

// The script must run on Windows PowerShell 3.0, which is not here: this looks for what came later.
func TestScriptsHoldNothingThatPowerShell3Lacks(t *testing.T) {
	newer := []string{
		// language
		`\?\?`, `\s\?\s`, `&&`, `\|\|`, `\?\.`, `::new\(`, `(?i)^\s*class\s`, `(?i)^\s*enum\s`, `(?i)^\s*using\s`, `(?i)\.(Where|ForEach)\(`,
		`(?i)#requires`, `(?i)\[SecureString\]::`, `(?i)\bclean\s*\{`, `(?i)-(isnot)?like\s+null`, `\$PSEdition`, `\$Is(Windows|Linux|MacOS|CoreCLR)`,
		"`u\\{", `(?i)\bdynamicparam\b`, `(?i)\bconfiguration\s+\w+\s*\{`, `\d_\d`, `(?i)0b[01]+\b`, `(?i)\b\d+u[lsy]?\b`,
		// cmdlets
		`(?i)\bGet-(Uptime|Error|TimeZone|Clipboard|ComputerInfo|ExperimentalFeature|FileHash|SecureRandom|MarkdownOption)\b`,
		`(?i)\bTest-Json\b`, `(?i)\bJoin-String\b`, `(?i)\b(ConvertFrom|Convert|Import|Update)-\w*(Markdown|StringData2)\w*`,
		`(?i)\b(Compress|Expand)-Archive\b`, `(?i)\bNew-(Guid|TemporaryFile)\b`, `(?i)\bWrite-Information\b`, `(?i)\bFormat-Hex\b`,
		`(?i)\bWait-Debugger\b`, `(?i)\bStart-ThreadJob\b`, `(?i)\b(Install|Find|Save)-(Module|Package|PSResource)\b`, `(?i)\bConvertFrom-(CliXml|SddlString)\b`,
		`(?i)\bConvertTo-CliXml\b`, `(?i)\bRemove-Alias\b`, `(?i)\bTest-Connection\b`, `(?i)\bSwitch-Process\b`, `(?i)\bRemove-Service\b`,
		// parameters
		`(?i)-AsArray\b`, `(?i)-EnumsAsStrings\b`, `(?i)-EscapeHandling\b`, `(?i)-AsHashtable\b`, `(?i)-NoEnumerate\b`, `(?i)-NoNewline\b`,
		`(?i)-Parallel\b`, `(?i)-FullyQualifiedName\b`, `(?i)-Information(Action|Variable)\b`, `(?i)-PipelineVariable\b`, `(?i)-DateKind\b`,
		`(?i)-AsByteStream\b`, `(?i)utf8(No)?BOM`, `(?i)-(LeafBase|Extension)\b`, `(?i)-SkipEditionCheck\b`, `(?i)-UseWindowsPowerShell\b`,
		`(?i)-Depth\s+([6-9]|\d\d)`, `(?i)-AsUTC\b`, `(?i)-Duration\b`, `(?i)-ProgressAction\b`, `(?i)-Stable\b`,
		`(?i)-Bottom\b`, `(?i)-Version\s+\d`,
	}
	for _, script := range []string{stripComments(collector), stripComments(bootstrap), stripComments(remote)} {
		for _, pattern := range newer {
			if found := regexp.MustCompile(`(?m)` + pattern).FindString(script); found != "" {
				t.Errorf("%q came after Windows PowerShell 3.0 (%s)", found, pattern)
			}
		}
		// Every cmdlet that is called is one that 3.0 has, or the product's.
		known := []string{"Import-Module", "Get-Module", "New-Object", "Where-Object", "ForEach-Object", "Start-Sleep",
			"ConvertTo-Json", "Set-StrictMode",
			"Get-CsBackupServiceStatus", "Get-CsService", "Get-CsPoolBackupRelationship"}
		for _, own := range regexp.MustCompile(`(?m)^function ([\w-]+)`).FindAllStringSubmatch(script, -1) {
			known = append(known, own[1])
		}
		for _, name := range regexp.MustCompile(`\b[A-Z][a-z]+-[A-Z]\w+`).FindAllString(script, -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s is not known to be in Windows PowerShell 3.0", name)
			}
		}
	}
	for i, sample := range []string{"$a ?? 1", "$a ? 1 : 2", "[x]::new()", "ConvertTo-Json -AsArray", "$x.Where({})", "a && b"} {
		if !slices.ContainsFunc(newer, func(pattern string) bool { return regexp.MustCompile(`(?m)` + pattern).MatchString(sample) }) {
			t.Errorf("sample %d is not found", i)
		}
	}
}

// The real parser has the last word on what the comments are and on whether the script is whole without them.
func TestStrippedScriptsMeanTheSame(t *testing.T) {
	folder := tempDir(t)
	check := `
param([string] $Folder)
function Get-Tokens([string] $Name) {
    $tokens = $null; $errors = $null
    $text = [IO.File]::ReadAllText((Join-Path $Folder $Name))
    $null = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    foreach ($e in $errors) { "error: $e" }
    $last = ''
    foreach ($token in $tokens) {
        if ($token.Kind -eq 'Comment' -or $token.Kind -eq 'LineContinuation') { continue }
        if ($token.Kind -eq 'NewLine' -and $last -eq 'NewLine') { continue }
        $last = [string] $token.Kind
        [string] $token.Kind + ' ' + $token.Text.Trim()
    }
}
foreach ($name in 'collector', 'bootstrap', 'remote') {
    $one = @(Get-Tokens "$name.ps1"); $two = @(Get-Tokens "$name.stripped.ps1")
    if ($one[0] -like 'NewLine*') { $one = $one[1..($one.Count - 1)] }
    if (($one -join "` + "`n" + `") -cne ($two -join "` + "`n" + `")) { Compare-Object $one $two | Out-String }
    if ($one -like 'error:*' -or $one.Count -lt 20) { $one -like 'error:*'; "$name has $($one.Count) tokens" }
}
`
	for name, text := range map[string]string{
		"check.ps1":     check,
		"collector.ps1": collector, "collector.stripped.ps1": stripComments(collector),
		"bootstrap.ps1": bootstrap, "bootstrap.stripped.ps1": stripComments(bootstrap),
		"remote.ps1": remote, "remote.stripped.ps1": stripComments(remote),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(pwsh(t), "-NoProfile", "-NonInteractive", "-File", filepath.Join(folder, "check.ps1"), "-Folder", folder).CombinedOutput()
	if err != nil || len(strings.TrimSpace(string(out))) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestCommandLinesAreShortEnough(t *testing.T) {
	pools := make([]string, 20)
	for i := range pools {
		pools[i] = strings.Repeat("x", 50) + ".contoso.com"
	}
	here := len(strings.Join(powerShellArguments(liveScript(Query{Pools: pools})), " "))
	t.Logf("command line here with 20 pools: %d of 32767 characters", here)
	if here > 32000 {
		t.Errorf("%d characters", here)
	}
	// cmd.exe, the default shell of OpenSSH on Windows, takes 8191 characters; Wine's takes about 1000.
	there := len(remoteCommand("powershell.exe"))
	t.Logf("command line through ssh: %d of 8191 characters", there)
	if there > 900 {
		t.Errorf("%d characters", there)
	}
	// ssh hands the command on as one argument, and only here the limit of the own system counts.
	var many []string
	for range 20000 {
		many = append(many, "pool.contoso.com")
	}
	wantLoss(t, ask(t, time.Minute, PowerShell(self(t), Query{Pools: many})).Err, "too long for one command line")
}

func TestCollectorOfAScheduledTask(t *testing.T) {
	withModule(t)
	folder := tempDir(t)
	script := filepath.Join(folder, "collector.ps1")
	query := Query{Pools: []string{"healthy.contoso.com", "quotes.contoso.com"}, Pair: true}
	if err := os.WriteFile(script, []byte(Collector(query)), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "stätus.json")
	collect := func(arguments ...string) (string, int) {
		t.Helper()
		cmd := exec.Command(pwsh(t), append([]string{"-NoLogo", "-NoProfile", "-NonInteractive", "-File", script}, arguments...)...)
		cmd.Dir = folder
		return runByHand(cmd)
	}
	wantPools := func(want ...string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text[0] != '{' || text[len(text)-1] != '}' {
			t.Errorf("%.20q … is no plain JSON", text)
		}
		var got []string
		for _, pool := range parse(t, text).Pools {
			got = append(got, pool.PoolFqdn)
		}
		if !slices.Equal(got, want) {
			t.Errorf("pools %q, want %q", got, want)
		}
		entries, err := os.ReadDir(folder)
		if err != nil || len(entries) != 2 {
			t.Errorf("%v is left beside the file", entries)
		}
	}
	// A new file, by a name from the current folder.
	if out, code := collect("-Path", "stätus.json"); code != 0 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	wantPools("healthy.contoso.com", "quotes.contoso.com", "partner.contoso.com")
	// In the place of the old one, for other pools than the script's; the last result of the task shows the failure.
	if out, code := collect("-Path", file, "-Pool", "sick.x, throwing.x"); code != 1 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	wantPools("sick.x", "throwing.x", "partner.contoso.com")
	// No file: one line.
	out, code := collect("-Pool", "single.x", "-Category", "CMS")
	if d := read(t, []byte(strings.TrimSpace(out))); code != 0 || d.Pools[0].PoolFqdn != "single.x" {
		t.Errorf("exit code %d: %s", code, out)
	}
	// A folder that is not there: the old file stays, and the task fails.
	if out, code := collect("-Path", filepath.Join(folder, "none", "status.json")); code != 1 || out == "" {
		t.Errorf("exit code %d: %s", code, out)
	}
	wantPools("sick.x", "throwing.x", "partner.contoso.com")
}

func TestCollectorOfAScheduledTaskNeverShowsHalfAFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the reader would have to open the file as the plugin does")
	}
	withModule(t)
	folder := tempDir(t)
	script, file := filepath.Join(folder, "collector.ps1"), filepath.Join(folder, "status.json")
	if err := os.WriteFile(script, []byte(Collector(Query{Pools: []string{"many.x"}})), 0o600); err != nil {
		t.Fatal(err)
	}
	exe := pwsh(t)
	done := make(chan error, 1)
	go func() {
		var failed error
		for range 2 {
			out, err := exec.Command(exe, "-NoProfile", "-NonInteractive", "-File", script, "-Path", file).CombinedOutput()
			if err != nil {
				failed = fmt.Errorf("%w: %s", err, out)
			}
		}
		done <- failed
	}()
	for reads := 0; ; {
		select {
		case err := <-done:
			t.Logf("%d reads", reads)
			if err != nil || reads == 0 {
				t.Error(err)
			}
			return
		default:
		}
		if text, err := os.ReadFile(file); err == nil {
			reads++
			if len(text) == 0 || text[len(text)-1] != '}' {
				t.Fatalf("%d bytes", len(text))
			}
		} else if reads > 0 {
			t.Fatal(err)
		}
		time.Sleep(time.Millisecond)
	}
}

func TestPrintedCollectorTellsHowToRegisterATask(t *testing.T) {
	script := Collector(Query{Pools: []string{"pool01.contoso.com"}, Categories: []string{"CMS"}, Pair: true})
	for _, part := range []string{"Register-ScheduledTask", "schtasks.exe /Create", "-Path", "RTCUniversalServerAdmins",
		"\n$PoolNames = 'pool01.contoso.com'\n$CategoryNames = 'CMS'\n$WithBackup = $true\n$Progress = $false\n"} {
		if !strings.Contains(script, part) {
			t.Errorf("%q is missing", part)
		}
	}
	// schtasks.exe takes 261 characters.
	run := regexp.MustCompile(`/TR "([^"]*)"`).FindStringSubmatch(script)
	if run == nil || len(run[1]) > 261 {
		t.Errorf("%q", run)
	}
	for i := range len(script) {
		if script[i] >= 0x80 {
			t.Fatalf("byte %d is no ASCII: Windows PowerShell reads a script without byte order mark in the system's code page", i)
		}
	}
}

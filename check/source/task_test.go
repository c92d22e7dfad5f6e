package source

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// A task is a printed collector in a folder of its own, as somebody runs it by hand or as a scheduled task.
type task struct {
	t                    *testing.T
	folder, script, file string
}

func newTask(t *testing.T, q Query) task {
	t.Helper()
	withModule(t)
	folder := tempDir(t)
	k := task{t, folder, filepath.Join(folder, "collector.ps1"), filepath.Join(folder, "stätus.json")}
	if err := os.WriteFile(k.script, []byte(Collector(q)), 0o600); err != nil {
		t.Fatal(err)
	}
	return k
}

// run runs the script with arguments.
func (k task) run(arguments ...string) (string, int) {
	return k.powershell(append([]string{"-File", k.script}, arguments...)...)
}

func (k task) powershell(arguments ...string) (string, int) {
	k.t.Helper()
	cmd := exec.Command(pwsh(k.t), append([]string{"-NoLogo", "-NoProfile", "-NonInteractive"}, arguments...)...)
	cmd.Dir = k.folder
	return runByHand(cmd)
}

// command runs a line of PowerShell in which $script is the script.
func (k task) command(line string) (string, int) {
	return k.powershell("-Command", "$script = '"+k.script+"'; "+line)
}

// wantPools checks the document in the file, and that nothing else is in the folder.
func (k task) wantPools(want ...string) {
	k.t.Helper()
	text, err := os.ReadFile(k.file)
	if err != nil {
		k.t.Fatal(err)
	}
	if text[0] != '{' || text[len(text)-1] != '}' {
		k.t.Errorf("%.20q … is no plain JSON", text)
	}
	if got := parse(k.t, text).names(); !slices.Equal(got, want) {
		k.t.Errorf("pools %q, want %q", got, want)
	}
}

// wantTold checks that the file beside the document says what could not be done: a part of each line, no line and no file
// where all went well.
func (k task) wantTold(want ...string) {
	k.t.Helper()
	text, err := os.ReadFile(k.file + ".err")
	if len(want) == 0 {
		if !errors.Is(err, fs.ErrNotExist) {
			k.t.Errorf("a run that went well left %q, %v", text, err)
		}
		return
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != len(want) {
		k.t.Fatalf("%q, want %q", lines, want)
	}
	for i, part := range want {
		if !strings.Contains(lines[i], part) {
			k.t.Errorf("line %q lacks %q", lines[i], part)
		}
	}
}

func (k task) wantFiles(want ...string) {
	k.t.Helper()
	entries, err := os.ReadDir(k.folder)
	if err != nil {
		k.t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if !slices.Equal(names, want) {
		k.t.Errorf("files %q, want %q", names, want)
	}
}

func TestCollectorOfAScheduledTask(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.contoso.com", "quotes.contoso.com"}, Pair: true})
	// A new file, by a name from the current folder.
	if out, code := k.run("-Path", "stätus.json"); code != 0 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	k.wantPools("healthy.contoso.com", "quotes.contoso.com", "partner.contoso.com")
	k.wantTold()
	// In the place of the old one, for other pools than the script's; the last result of the task shows the failure.
	if out, code := k.run("-Path", k.file, "-Pool", "sick.x, throwing.x"); code != 1 || !strings.HasPrefix(out, "throwing.x: ") {
		t.Fatalf("exit code %d: %s", code, out)
	}
	k.wantPools("sick.x", "throwing.x", "partner.contoso.com")
	k.wantTold("throwing.x: the pool throwing.x is not in the topology")
	// No file: one line.
	out, code := k.run("-Pool", "single.x", "-Category", "CMS")
	if d := read(t, []byte(strings.TrimSpace(out))); code != 0 || d.Pools[0].PoolFqdn != "single.x" {
		t.Errorf("exit code %d: %s", code, out)
	}
	// A folder that is not there: the old file stays, and the task fails.
	if out, code := k.run("-Path", filepath.Join(k.folder, "none", "status.json")); code != 1 || !strings.Contains(out, "Could not write") {
		t.Errorf("exit code %d: %s", code, out)
	}
	k.wantPools("sick.x", "throwing.x", "partner.contoso.com")
	// One that goes well takes the word back.
	if out, code := k.run("-Path", k.file, "-Pool", "healthy.x"); code != 0 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	k.wantTold()
	k.wantFiles("collector.ps1", "stätus.json")
}

func TestTaskFailsWhereTheBackupPoolIsNotKnown(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}, Pair: true})
	t.Setenv("FAKE_CS_PAIR", "none")
	t.Setenv("FAKE_CS_REGISTRAR", "none")
	if out, code := k.run("-Path", k.file); code != 1 || !strings.HasPrefix(out, "healthy.x: ") { // for who runs it by hand
		t.Errorf("exit code %d: %s", code, out)
	}
	k.wantPools("healthy.x")
	k.wantTold("healthy.x: its backup relationship names no other pool")
	text, _ := os.ReadFile(k.file)
	if d := parse(t, text); d.Pools[0].BackupPoolError == "" {
		t.Errorf("%s", text)
	}
}

func TestTaskHasALimitOfItsOwn(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x", "hang.x", "sick.x"}})
	processes, asked := filepath.Join(tempDir(t), "pids"), filepath.Join(tempDir(t), "asked")
	t.Setenv("FAKE_CS_PID", processes)
	t.Setenv("FAKE_CS_ASKED", asked)
	if err := os.WriteFile(k.file, []byte("the old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	// On a busy machine a short limit is over before anything is asked.
	for limit := 5; ; limit *= 2 {
		out, code := k.run("-Path", k.file, "-Limit", fmt.Sprint(limit))
		want := fmt.Sprintf("The collector was not done after %d seconds while ", limit)
		if code != 1 || !strings.HasPrefix(out, want) {
			t.Fatalf("exit code %d: %s", code, out)
		}
		if holds(asked, "hang.x")() {
			if !strings.HasPrefix(out, want+"asking for pool hang.x (not asked yet: sick.x)") {
				t.Error(out)
			}
			break
		}
		if limit > 100 {
			t.Fatalf("nothing was asked within %d seconds", limit)
		}
	}
	wantGone(t, pids(t, processes))
	// What was had by then is there; the one that hangs and those behind it are named.
	text, _ := os.ReadFile(k.file)
	d := parse(t, text)
	var got []string
	for _, pool := range d.Pools {
		got = append(got, fmt.Sprint(pool.PoolFqdn, " ", len(pool.Modules), " ", pool.Error, " ", pool.TimedOut))
	}
	want := []string{"healthy.x 3  false", "hang.x 0 not done in time true", "sick.x 0 not done in time true"}
	if !slices.Equal(got, want) || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "not done in time while asking for pool hang.x") {
		t.Errorf("%q, want %q; notes %q", got, want, d.Notes)
	}
	k.wantTold("while asking for pool hang.x (not asked yet: sick.x)")
	k.wantFiles("collector.ps1", "stätus.json", "stätus.json.err")
}

// A session in which the collector was run goes on.
func TestLimitEndsWithTheCollector(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	for _, arguments := range []string{"-Limit 600 | Out-Null", "-Path status.json", "-Path status.json -Pool throwing.x",
		"-Path none/status.json 2> $null"} {
		out, code := k.command(`& $script ` + arguments + `; "runspaces: $(@(Get-Runspace).Count)"`)
		if code != 0 || !strings.HasSuffix(strings.TrimSpace(out), "runspaces: 1") {
			t.Errorf("%s: exit code %d: %s", arguments, code, out)
		}
	}
	// Without -Path and -Limit there is none.
	out, code := k.command(`. $script | Out-Null; "none: $($null -eq $watchdog)"`)
	if code != 0 || strings.TrimSpace(out) != "none: True" {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestTaskRefusesWrongArguments(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	for _, c := range []struct {
		arguments []string
		says      string
	}{
		{[]string{"-Path", ""}, "-Path is empty"},
		{[]string{"-Path", " "}, "-Path is empty"},
		{[]string{"-Path", k.file, "-Pool", ""}, "-Pool: '' is no name of a pool"},
		{[]string{"-Path", k.file, "-Pool", "a.x,,b.x"}, "-Pool: '' is no name of a pool"},
		{[]string{"-Path", k.file, "-Pool", "a.x;b.x"}, "-Pool: 'a.x;b.x' is no name of a pool"},
		{[]string{"-Path", k.file, "-Pool", "$env:POOL"}, "-Pool: '$env:POOL' is no name of a pool"},
		{[]string{"-Path", k.file, "-Category", ""}, "-Category: '' is none of CMS, UserData and RGS"},
		{[]string{"-Path", k.file, "-Category", "CMS,Other"}, "-Category: 'Other' is none of CMS, UserData and RGS"},
		{[]string{"-Path", k.file, "-Limit", "0"}, "-Limit 0"},
		{[]string{"-Path", k.file, "-Limit", "-5"}, "-Limit -5"},
		{[]string{"-Path", k.file, "-Limit", "soon"}, "Limit"},
		{[]string{k.file}, "positional parameter"},
		{[]string{"-Path", k.file, "healthy.x"}, "positional parameter"},
		{[]string{"-File", k.file}, "'File'"},
	} {
		out, code := k.run(c.arguments...)
		flat := strings.Join(strings.Fields(strings.ReplaceAll(out, "|", "")), " ") // a console breaks it into lines
		if code != 1 || !strings.Contains(flat, c.says) || strings.Contains(out, "BEGIN CHECK_CS_BACKUP") {
			t.Errorf("%q: exit code %d: %s", c.arguments, code, out)
		}
		if _, err := os.Stat(k.file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: a document", c.arguments)
		}
	}
	empty := newTask(t, Query{})
	if out, code := empty.run("-Path", empty.file); code != 1 || !strings.Contains(out, "No pool is named") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestTaskWritesNothingThatIsNoDocument(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	if err := os.WriteFile(k.file, []byte("the old one"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, does := range []string{"throw", "nothing", "other", "two"} {
		t.Setenv("FAKE_CS_JSON", does)
		if out, code := k.run("-Path", k.file); code != 1 || !strings.Contains(out, "No document could be made") {
			t.Errorf("%s: exit code %d: %s", does, code, out)
		}
		if text, _ := os.ReadFile(k.file); string(text) != "the old one" {
			t.Errorf("%s: %q", does, text)
		}
		k.wantTold("No document could be made")
		if out, code := k.run(); code != 1 || strings.Contains(out, "BEGIN CHECK_CS_BACKUP") {
			t.Errorf("%s: exit code %d: %s", does, code, out)
		}
	}
}

func TestTaskRemovesWhatOldRunsLeft(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	old := time.Now().Add(-2 * time.Hour)
	for name, at := range map[string]time.Time{
		"stätus.json.123.tmp": old, "STÄTUS.json.99999.tmp": old,
		"stätus.json.77.tmp": time.Now(), "other.json.123.tmp": old, "stätus.json.x.tmp": old, "stätus.json.123.tmp.txt": old,
		"stätus.json.123": old,
	} {
		file := filepath.Join(k.folder, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if out, code := k.run("-Path", k.file); code != 0 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	k.wantFiles("collector.ps1", "other.json.123.tmp", "stätus.json", "stätus.json.123", "stätus.json.123.tmp.txt",
		"stätus.json.77.tmp", "stätus.json.x.tmp")
}

func TestTaskSaysThatTheLanguageIsLimited(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"healthy.x"}})
	out, code := k.command(`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; & $script -Path status.json; "exit code ` +
		`$LASTEXITCODE"`)
	flat := strings.Join(strings.Fields(strings.ReplaceAll(out, "|", "")), " ")
	const want = "The collector cannot run: PowerShell is in ConstrainedLanguage mode here, and a policy such as AppLocker or App " +
		"Control must allow it FullLanguage."
	if !strings.Contains(flat, want) || strings.Count(flat, "ConstrainedLanguage") != 1 || !strings.HasSuffix(flat, "exit code 1") {
		t.Errorf("exit code %d: %s", code, out)
	}
	k.wantFiles("collector.ps1", "status.json.err")
}

// Without -Path the line goes through the pipeline, and nothing else does.
func TestLineGoesThroughThePipeline(t *testing.T) {
	k := newTask(t, Query{Pools: []string{"chatter.x"}})
	t.Setenv("FAKE_CS_IMPORT", "chatter")
	for name, line := range map[string]string{
		"a variable":  `$x = & $script; [Console]::Out.WriteLine("count $(@($x).Count)"); [IO.File]::WriteAllText('out.txt', $x)`,
		"redirection": `& $script > out.txt; [Console]::Out.WriteLine("count $(@(Get-Content out.txt).Count)")`,
		"a job": `$x = Start-Job -ScriptBlock { & $args[0] } -ArgumentList $script | Receive-Job -Wait 6> $null; ` +
			`[Console]::Out.WriteLine("count $(@($x).Count)"); [IO.File]::WriteAllText('out.txt', $x)`,
		"a job by file": `$x = Start-Job -FilePath $script | Receive-Job -Wait 6> $null; [Console]::Out.WriteLine("count ` +
			`$(@($x).Count)"); [IO.File]::WriteAllText('out.txt', $x)`,
		"Invoke-Command": `$x = Invoke-Command -ScriptBlock { & $args[0] -Limit 600 } -ArgumentList $script; ` +
			`[Console]::Out.WriteLine("count $(@($x).Count)"); [IO.File]::WriteAllText('out.txt', $x)`,
	} {
		out, code := k.command(line)
		text, err := os.ReadFile(filepath.Join(k.folder, "out.txt"))
		if err != nil || code != 0 || !strings.Contains(out, "count 1") {
			t.Errorf("%s: exit code %d, %v: %s", name, code, err, out)
			continue
		}
		if d := read(t, []byte(strings.TrimSpace(string(text)))); len(d.Pools[0].Modules) != 3 {
			t.Errorf("%s: %s", name, text)
		}
		if err := os.Remove(filepath.Join(k.folder, "out.txt")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTaskNeverShowsHalfAFile(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("TestFileThatIsBeingReplaced reads as the plugin does")
	}
	k := newTask(t, Query{Pools: []string{"many.x"}})
	exe := pwsh(t)
	done := make(chan error, 1)
	go func() {
		var failed error
		for range 2 {
			out, err := exec.Command(exe, "-NoProfile", "-NonInteractive", "-File", k.script, "-Path", k.file).CombinedOutput()
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
		if text, err := os.ReadFile(k.file); err == nil {
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
	for _, part := range []string{"RTCUniversalServerAdmins", "'Log on as a batch job'", "[int] $Limit = 240\n",
		"\n$PoolNames = 'pool01.contoso.com'\n$CategoryNames = 'CMS'\n$WithBackup = $true\n$WithMaster = $true\n$WithEvents = " +
			"$true\n$Progress = $false\n",
		// WRITE_DAC is not needed so.
		"[IO.File]::Replace($new, $File, [NullString]::Value, $true)"} {
		if !strings.Contains(script, part) {
			t.Errorf("%q is missing", part)
		}
	}
	lines := taskLines(t)
	for _, part := range []string{"Register-ScheduledTask", "-ExecutionTimeLimit", "-LogonType Password", "schtasks.exe /Create", "/XML",
		"icacls.exe",
		`-File "C:\check_cs_backup\collector.ps1"`} {
		if !strings.Contains(lines, part) {
			t.Errorf("%q is missing in the lines for the task", part)
		}
	}
	// schtasks.exe takes 261 characters.
	run := regexp.MustCompile(`\$run = '([^']*)'`).FindStringSubmatch(lines)
	rest := regexp.MustCompile(`/TR "\$run([^"]*)"`).FindStringSubmatch(lines)
	if run == nil || rest == nil || len(run[1])+len(rest[1]) > 261 {
		t.Errorf("%q, %q", run, rest)
	}
	for i := range len(script) {
		if script[i] >= 0x80 {
			t.Fatalf("byte %d is no ASCII: Windows PowerShell reads a script without byte order mark in the system's code page", i)
		}
	}
}

// The task of contrib is what the head of the collector tells of.
func TestTaskOfContrib(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "contrib", "scheduled-task", "task.xml"))
	if err != nil {
		t.Fatal(err)
	}
	var task struct {
		XMLName  xml.Name `xml:"http://schemas.microsoft.com/windows/2004/02/mit/task Task"`
		Version  string   `xml:"version,attr"`
		Interval string   `xml:"Triggers>TimeTrigger>Repetition>Interval"`
		Logon    string   `xml:"Principals>Principal>LogonType"`
		Limit    string   `xml:"Settings>ExecutionTimeLimit"`
		Command  string   `xml:"Actions>Exec>Command"`
		Run      string   `xml:"Actions>Exec>Arguments"`
	}
	if err := xml.Unmarshal(text, &task); err != nil {
		t.Fatal(err)
	}
	if task.Version != "1.2" || task.Interval != "PT5M" || task.Logon != "Password" || task.Limit != "PT5M" ||
		task.Command != "powershell.exe" ||
		!strings.Contains(task.Run, `-File "C:\check_cs_backup\collector.ps1" -Path "C:\check_cs_backup\status.json"`) {
		t.Errorf("%+v", task)
	}
	for i := range len(text) {
		if text[i] >= 0x80 {
			t.Fatalf("byte %d is no ASCII: it says nothing of its encoding", i)
		}
	}
}

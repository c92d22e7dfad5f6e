package packaging

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// standIns take the place of what Linux does not have, and write down what they are asked.
const standIns = `
function New-ScheduledTaskAction($Execute, $Argument) { "$Execute $Argument" }
function New-ScheduledTaskTrigger([switch] $Once, $At, $RepetitionInterval, $RepetitionDuration) {
    "every $RepetitionInterval"
}
function New-ScheduledTaskSettingsSet($ExecutionTimeLimit) { "at most $ExecutionTimeLimit" }
function New-ScheduledTaskPrincipal($UserId, $LogonType) { "$UserId by $LogonType" }
function Get-Credential($UserName, $Message) {
    [pscredential]::new($UserName, (ConvertTo-SecureString 'secret' -AsPlainText -Force))
}
function Register-ScheduledTask($TaskName, $Action, $Trigger, $Settings, $User, $Password, $Principal, [switch] $Force) {
    "$TaskName|$Action|$Trigger|$Settings|$User|$Password$Principal" | Set-Content $env:REGISTERED
}
function Start-ScheduledTask($TaskName) { "$TaskName started" | Add-Content $env:REGISTERED }
function Get-ScheduledTask($TaskName) { @{ State = @('Ready', 'Running')[$script:Waits++ -lt 2] } }
function Get-ScheduledTaskInfo($TaskName) { @{ LastTaskResult = [int] $env:LAST_RESULT } }
function Start-Sleep($Seconds) { }
function takeown.exe { "takeown $args" | Add-Content $env:ALLOWED; $global:LASTEXITCODE = 0 }
function icacls.exe {
    "icacls $args" | Add-Content $env:ALLOWED
    $global:LASTEXITCODE = [int] ("$args" -like "*$env:ICACLS_FAILS*")
}
`

// TestRegisterTask runs the script that registers the scheduled task, with stand-ins for the cmdlets of Windows, and
// then the command line that it registers, with a real PowerShell and made-up modules.
func TestRegisterTask(t *testing.T) {
	pwsh := cmp.Or(os.Getenv("PWSH"), "pwsh")
	need(t, pwsh)
	scripts, folder := t.TempDir(), filepath.Join(t.TempDir(), "check cs_backup")
	for name, from := range map[string]string{
		"register-task.ps1": "../contrib/scheduled-task/register-task.ps1",
		"collector.ps1":     "../check/source/collector.ps1",
	} {
		if err := os.WriteFile(filepath.Join(scripts, name), readFile(t, from), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	registered, allowed := filepath.Join(scripts, "registered"), filepath.Join(scripts, "allowed")
	t.Setenv("REGISTERED", registered)
	t.Setenv("ALLOWED", allowed)
	t.Setenv("ICACLS_FAILS", "nothing")
	register := func(account, arguments string) (string, error) {
		out, err := exec.Command(pwsh, "-NoProfile", "-NonInteractive", "-Command", standIns+"& '"+scripts+
			"/register-task.ps1' -Account '"+account+"' -Folder '"+folder+"' "+arguments+"; exit $LASTEXITCODE").CombinedOutput()
		return string(out), err
	}
	if out, err := register(`CONTOSO\svc`, "-Pool pool01.contoso.com, pool02.contoso.com -Pair -NoEvents"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	arguments := `-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "` + folder + `/collector.ps1"` +
		` -Path "` + folder + `/status.json" -Pool pool01.contoso.com,pool02.contoso.com -Pair -NoEvents`
	want := `check_cs_backup|powershell.exe ` + arguments + `|every 00:05:00|at most 00:05:00|CONTOSO\svc|secret
check_cs_backup started
`
	if got := string(readFile(t, registered)); got != want {
		t.Errorf("registered:\n%swant:\n%s", got, want)
	}
	protects := func(account string) string {
		return "takeown /F " + folder + " /A\nicacls " + folder + " /reset\n" +
			"icacls " + folder + " /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F " + account +
			":(OI)(CI)M *S-1-5-32-545:(OI)(CI)RX\n"
	}
	if got, want := string(readFile(t, allowed)), protects(`CONTOSO\svc`); got != want {
		t.Errorf("allowed:\n%swant:\n%s", got, want)
	}

	modules, err := filepath.Abs("../testdata/powershell")
	if err != nil {
		t.Fatal(err)
	}
	// The two, and the backup pool that the made-up module names for both.
	cmd := exec.Command("sh", "-c", `eval "exec \"$0\" $1"`, pwsh, arguments)
	cmd.Env = append(os.Environ(), "PSModulePath="+modules, "FAKE_CS_DLL="+filepath.Join(scripts, "types.dll"))
	out, err := cmd.CombinedOutput()
	var document struct{ Pools []struct{ PoolFqdn string } }
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	saved := bytes.TrimPrefix(readFile(t, folder+"/status.json"), []byte("\xef\xbb\xbf"))
	if err := json.Unmarshal(saved, &document); err != nil || len(document.Pools) != 3 ||
		document.Pools[1].PoolFqdn != "pool02.contoso.com" {
		t.Errorf("%v, saved: %s", err, saved)
	}

	// Again, where all is there: what lies in the folder is taken over too. A gMSA has no password to ask for.
	if err := os.Remove(allowed); err != nil {
		t.Fatal(err)
	}
	said, err := register(`CONTOSO\gmsa$`, "-Pool pool01.contoso.com -Test")
	if err != nil || !regexp.MustCompile(`its last result is 0, and \S+ cs_backup/status.json is of \d\d`).MatchString(said) {
		t.Errorf("%v: %s", err, said)
	}
	if got := string(readFile(t, registered)); !strings.Contains(got, `|at most 00:05:00||CONTOSO\gmsa$ by Password`) || strings.Contains(got, "secret") {
		t.Errorf("registered:\n%s", got)
	}
	want = protects(`CONTOSO\gmsa$`) + "takeown /F " + folder + " /A /R\nicacls " + folder + "/* /reset /T\n"
	if got := string(readFile(t, allowed)); got != want {
		t.Errorf("allowed:\n%swant:\n%s", got, want)
	}

	for _, c := range []struct{ name, result, fails, arguments, says string }{
		{"a run that failed", "1", "nothing", "-Pool pool01.contoso.com -Test", "its last result is 0x1: 2026-01-01T00:00:00Z pool01: no right"},
		{"rights that cannot be set", "0", "/grant", "-Pool pool01.contoso.com", "icacls.exe /grant failed with exit code 1"},
		{"a pool that is a command", "0", "nothing", "-Pool 'pool01; calc'", "is not the FQDN of a pool"},
	} {
		t.Setenv("LAST_RESULT", c.result)
		t.Setenv("ICACLS_FAILS", c.fails)
		if err := os.WriteFile(folder+"/status.json.err", []byte("2026-01-01T00:00:00Z pool01: no right"), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := register(`CONTOSO\svc`, c.arguments); err == nil || !strings.Contains(strings.Join(strings.Fields(out), " "), c.says) {
			t.Errorf("%s: %v, %s", c.name, err, out)
		}
	}
	// Through a link the rights of another folder would be changed.
	if err := os.Symlink(scripts, filepath.Join(folder, "inner")); err != nil {
		t.Fatal(err)
	}
	if out, err := register(`CONTOSO\svc`, "-Pool pool01.contoso.com"); err == nil || !strings.Contains(out, "is a link") {
		t.Errorf("%v, %s", err, out)
	}
}

package packaging

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
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
function Get-Credential($UserName, $Message) {
    [pscredential]::new($UserName, (ConvertTo-SecureString 'secret' -AsPlainText -Force))
}
function Register-ScheduledTask($TaskName, $Action, $Trigger, $Settings, $User, $Password, [switch] $Force) {
    "$TaskName|$Action|$Trigger|$Settings|$User|$Password" | Set-Content $env:REGISTERED
}
function Start-ScheduledTask($TaskName) { "$TaskName started" | Add-Content $env:REGISTERED }
function icacls.exe { "icacls $args" | Set-Content $env:ALLOWED; $global:LASTEXITCODE = 0 }
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
	register := func(pools string) ([]byte, error) {
		return exec.Command(pwsh, "-NoProfile", "-NonInteractive", "-Command", standIns+"& '"+scripts+
			"/register-task.ps1' -Account 'CONTOSO\\svc' -Folder '"+folder+"' -Pool "+pools).CombinedOutput()
	}
	if out, err := register("pool01.contoso.com, pool02.contoso.com -Pair -NoEvents"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	arguments := `-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "` + folder + `/collector.ps1"` +
		` -Path "` + folder + `/status.json" -Pool pool01.contoso.com,pool02.contoso.com -Pair -NoEvents`
	want := `check_cs_backup|powershell.exe ` + arguments + `|every 00:05:00|at most 00:04:00|CONTOSO\svc|secret
check_cs_backup started
`
	if got := string(readFile(t, registered)); got != want {
		t.Errorf("registered:\n%swant:\n%s", got, want)
	}
	want = "icacls " + folder + " /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F " +
		"CONTOSO\\svc:(OI)(CI)M *S-1-5-32-545:(OI)(CI)RX\n"
	if got := string(readFile(t, allowed)); got != want {
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

	out, err = register("'pool01; calc'")
	if err == nil || !strings.Contains(string(out), "is not the FQDN of a pool") {
		t.Errorf("-Pool 'pool01; calc': %v, %s", err, out)
	}
}

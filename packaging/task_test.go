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

// registration is a folder with the two scripts, and what the stand-ins wrote down.
type registration struct {
	pwsh, scripts, folder, registered, allowed string
}

func newRegistration(t *testing.T) registration {
	t.Helper()
	r := registration{
		pwsh:    cmp.Or(os.Getenv("PWSH"), "pwsh"),
		scripts: t.TempDir(),
		folder:  filepath.Join(t.TempDir(), "check cs_backup"),
	}
	need(t, r.pwsh)
	for _, from := range []string{"../contrib/scheduled-task/register-task.ps1", "../check/source/collector.ps1"} {
		if err := os.WriteFile(filepath.Join(r.scripts, filepath.Base(from)), readFile(t, from), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r.registered, r.allowed = filepath.Join(r.scripts, "registered"), filepath.Join(r.scripts, "allowed")
	t.Setenv("REGISTERED", r.registered)
	t.Setenv("ALLOWED", r.allowed)
	t.Setenv("ICACLS_FAILS", "nothing")
	return r
}

func (r registration) run(account, arguments string) (string, error) {
	out, err := exec.Command(r.pwsh, "-NoProfile", "-NonInteractive", "-Command", standIns+"& '"+r.scripts+
		"/register-task.ps1' -Account '"+account+"' -Folder '"+r.folder+"' "+arguments+
		"; exit $LASTEXITCODE").CombinedOutput()
	return string(out), err
}

// protects is what Windows is asked to do with the folder, so that only the account may change what lies in it.
func (r registration) protects(account string) string {
	return "takeown /F " + r.folder + " /A\nicacls " + r.folder + " /reset\n" +
		"icacls " + r.folder + " /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F " + account +
		":(OI)(CI)M *S-1-5-32-545:(OI)(CI)RX\n"
}

// TestRegisterTask runs the script that registers the scheduled task, with stand-ins for the cmdlets of Windows, and
// then the command line that it registers, with a real PowerShell and made-up modules.
func TestRegisterTask(t *testing.T) {
	r := newRegistration(t)
	if out, err := r.run(`CONTOSO\svc`, "-Pool pool01.contoso.com, pool02.contoso.com -Pair -NoEvents"); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	arguments := `-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "` + r.folder + `/collector.ps1"` +
		` -Path "` + r.folder + `/status.json" -Pool pool01.contoso.com,pool02.contoso.com -Pair -NoEvents`
	want := `check_cs_backup|powershell.exe ` + arguments + `|every 00:05:00|at most 00:05:00|CONTOSO\svc|secret
check_cs_backup started
`
	if got := string(readFile(t, r.registered)); got != want {
		t.Errorf("registered:\n%swant:\n%s", got, want)
	}
	if got, want := string(readFile(t, r.allowed)), r.protects(`CONTOSO\svc`); got != want {
		t.Errorf("allowed:\n%swant:\n%s", got, want)
	}

	modules, err := filepath.Abs("../testdata/powershell")
	if err != nil {
		t.Fatal(err)
	}
	// The two, and the backup pool that the made-up module names for both.
	cmd := exec.Command("sh", "-c", `eval "exec \"$0\" $1"`, r.pwsh, arguments)
	cmd.Env = append(os.Environ(), "PSModulePath="+modules, "FAKE_CS_DLL="+filepath.Join(r.scripts, "types.dll"))
	out, err := cmd.CombinedOutput()
	var document struct{ Pools []struct{ PoolFqdn string } }
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	saved := bytes.TrimPrefix(readFile(t, r.folder+"/status.json"), []byte("\xef\xbb\xbf"))
	if err := json.Unmarshal(saved, &document); err != nil || len(document.Pools) != 3 ||
		document.Pools[1].PoolFqdn != "pool02.contoso.com" {
		t.Errorf("%v, saved: %s", err, saved)
	}
}

// TestRegisterTaskAgain: where a file of a run lies there already, it is taken over too. A gMSA has no password to ask
// for.
func TestRegisterTaskAgain(t *testing.T) {
	r := newRegistration(t)
	r.save(t, "status.json", "{}")
	said, err := r.run(`CONTOSO\gmsa$`, "-Pool pool01.contoso.com -Test")
	if err != nil || !regexp.MustCompile(`its last result is 0, and \S+ cs_backup/status.json is of \d\d`).MatchString(said) {
		t.Errorf("%v: %s", err, said)
	}
	got := string(readFile(t, r.registered))
	if !strings.Contains(got, `|at most 00:05:00||CONTOSO\gmsa$ by Password`) || strings.Contains(got, "secret") {
		t.Errorf("registered:\n%s", got)
	}
	want := r.protects(`CONTOSO\gmsa$`) + "takeown /F " + r.folder + " /A /R\nicacls " + r.folder + "/* /reset /T\n"
	if got := string(readFile(t, r.allowed)); got != want {
		t.Errorf("allowed:\n%swant:\n%s", got, want)
	}
}

func TestRegisterTaskFails(t *testing.T) {
	r := newRegistration(t)
	r.save(t, "status.json.err", "2026-01-01T00:00:00Z pool01: no right")
	for _, c := range []struct{ name, result, fails, arguments, says string }{
		{
			"a run that failed", "1", "nothing", "-Pool pool01.contoso.com -Test",
			"its last result is 0x1: 2026-01-01T00:00:00Z pool01: no right",
		},
		{"rights that cannot be set", "0", "/grant", "-Pool pool01.contoso.com", "icacls.exe /grant failed with exit code 1"},
		{"a pool that is a command", "0", "nothing", "-Pool 'pool01; calc'", "is not the FQDN of a pool"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("LAST_RESULT", c.result)
			t.Setenv("ICACLS_FAILS", c.fails)
			out, err := r.run(`CONTOSO\svc`, c.arguments)
			if err == nil || !strings.Contains(strings.Join(strings.Fields(out), " "), c.says) {
				t.Errorf("%v, %s", err, out)
			}
		})
	}
	t.Run("a link, through which the rights of another folder would be changed", func(t *testing.T) {
		if err := os.Symlink(r.scripts, filepath.Join(r.folder, "inner")); err != nil {
			t.Fatal(err)
		}
		out, err := r.run(`CONTOSO\svc`, "-Pool pool01.contoso.com")
		if err == nil || !strings.Contains(out, "is a link") {
			t.Errorf("%v, %s", err, out)
		}
	})
}

// save lays a file into the folder that the script protects.
func (r registration) save(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(r.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.folder, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sampleModule is a module with names wherever names may stand. Some are known by the topology alone.
const sampleModule = `
function New-Item2($Values) { New-Object PSObject -Property $Values }
function Get-CsSite { New-Item2 @{ Identity = 'Site:K&ln <Nord>'; DisplayName = 'Zentrale Rheinufer' } }
function Get-CsPool {
    New-Item2 @{ Identity = 'edge77.dmz.fabrikam.net'; Fqdn = 'edge77.dmz.fabrikam.net'
        Computers = @('edge77a', 'edge77b.dmz.fabrikam.net') }
}
function Get-CsComputer { throw 'denied' }
function Get-CsSipDomain { New-Item2 @{ Name = 'sip.tailspin.org' } }
function Get-CsBackupServiceStatus($PoolFqdn) {
    if ($PoolFqdn -like 'broken*') {
        throw "CONTOSO\svc-backup may not ask $PoolFqdn, which is CN=FE88,OU=Lync,DC=litware,DC=com at 10.20.30.40" +
            (@('', 'adatum.org', 'and CN=Elke Beispiel,OU=Lync; lync.northwind.net, sip:otto@tailspin.org, 131.107.3.4, Site:Nord See',
                'S-1-5-21-77-88-99-1105',
                'C:\Program Files\Product 2015\Modules\') -join [char] 10)
    }
    New-Item2 @{
        ActiveMachineFqdn = 'FE01.Contoso.com'; SiteId = 'Redmond'; OwnerName = 'Grete Muster'; Account = 'CONTOSO\svc-backup'
        Share = '\\fs77\csbackup'; Mail = 'otto@tailspin.org'; Sid = 'S-1-5-21-11-22-33-1104'; Text = 'Zentrale Rheinufer, at K&ln <Nord>'
        Left = 'WAN link of edge77a'; Registrar = 'Registrar:pool99.contoso.com'; Version = '7.0.2046.0'; 'fe66.lucerne.org' = 'up'
        BackupModules = @(
            New-Item2 @{ Identity = 'ConfServices.DataConf'; ExportStatus = 'FinalState'; ImportStatus = 'NormalState' }
            New-Item2 @{ Identity = 'Newly.Made'; ExportStatus = 'StrangeState'; ImportStatus = 'NormalState' }
            'Other.Module:[SteadyState,NormalState]'
        )
    }
}
function Get-CsPoolBackupRelationship($PoolFqdn) {
    New-Item2 @{ Pool = $PoolFqdn; Partner = 'backup42.contoso.com'; Machines = @('be01', 'be02.contoso.com') }
}
function Get-CsService([switch] $Registrar, [switch] $CentralManagement, $PoolFqdn) {
    if ($Registrar) { return }
    New-Item2 @{ PoolFqdn = 'cms55.contoso.com'; Active = $true }
}
`

// collectSample runs contrib's script with a real PowerShell and returns all that it wrote.
func collectSample(t *testing.T, pools string) string {
	t.Helper()
	script, err := filepath.Abs(filepath.Join("..", "..", "contrib", "report", "collect-sample.ps1"))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(tempDir(t), "sample")
	cmd := exec.Command(pwsh(t), "-NoLogo", "-NoProfile", "-NonInteractive", "-File", script, "-Pool", pools, "-Folder", folder)
	out, code := runByHand(cmd)
	if code != 0 || !strings.Contains(out, "Look through the files before you send them.") {
		t.Fatalf("exit code %d: %s", code, out)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(filepath.Base(file) + "\n")
		all.Write(text)
	}
	return all.String()
}

// wantNoNames looks for words in a sample, however they are written.
func wantNoNames(t *testing.T, sample string, names ...string) {
	t.Helper()
	for _, name := range names {
		name = `(?i)(^|[^\pL\pN])` + regexp.QuoteMeta(name) + `($|[^\pL\pN])`
		if found := regexp.MustCompile(`.{0,60}` + name + `.{0,60}`).FindString(sample); found != "" {
			t.Errorf("left: %q", found)
		}
	}
}

func TestSampleHasNoNames(t *testing.T) {
	modules := tempDir(t)
	if err := os.Mkdir(filepath.Join(modules, "SkypeForBusiness"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(modules, "SkypeForBusiness", "SkypeForBusiness.psm1"), []byte(sampleModule), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PSModulePath", modules)
	sample := collectSample(t, "pool01.contoso.com,broken02.emea.contoso.com")
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	wantNoNames(t, sample, "contoso", "pool01", "broken02", "emea", "fe01", "redmond", "muster", "svc-backup", "fs77", "tailspin", "1104",
		"rheinufer", "nord", "edge77a", "pool99", "fe88", "litware", "10.20.30.40", "adatum", "elke", "beispiel", "northwind", "otto",
		"131.107.3.4", "1105", "nord see", "fe66", "lucerne", "backup42", "be01", "be02", "cms55", host)
	for _, part := range []string{"StrangeState", "Newly.Made", "Other.Module:[SteadyState,NormalState]", "ConfServices.DataConf",
		"7.0.2046.0", "registrar-1.txt\n\ufeffnothing", "status-2.error.xml", "central-management.xml", "PSVersion", "BackupModules",
		"module: SkypeForBusiness"} {
		if !strings.Contains(sample, part) {
			t.Errorf("%q is missing", part)
		}
	}
	// The same name by the same one: the pool that was asked for is name01 in the domain name02 everywhere.
	if n := strings.Count(sample, "name01.name02.example"); n < 3 {
		t.Errorf("%d times the first pool", n)
	}
}

// Each form that a status may have (testdata/powershell) is saved, and has no name left.
func TestSampleOfEachForm(t *testing.T) {
	withModule(t)
	forms := strings.Fields("healthy throwing denied none texts other flat nothing null half nested gap beside wrapped number words void " +
		"enum hashtable baretexts renamed shallow extended")
	var pools []string
	for _, form := range forms {
		pools = append(pools, form+".woodgrove.test")
	}
	sample := collectSample(t, strings.Join(pools, ","))
	wantNoNames(t, sample, "woodgrove", "contoso", "fe01", "partner", "redmond", "sql", "cms", "cms-old")
	if !strings.Contains(sample, "FakeCs.Status") || strings.Count(sample, "FinalState") < 10 {
		t.Errorf("%d times FinalState; the forms are not in the sample", strings.Count(sample, "FinalState"))
	}
}

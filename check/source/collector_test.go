package source

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
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
	script := liveScript(Query{Pools: hostile, Categories: hostile, Pair: true, MasterKnown: true, NoEvents: true}, 2500*time.Millisecond)
	names := `(([\w.-]|\\u[0-9a-f]{4})+ ?)+`
	inert := regexp.MustCompile(`(?m)^\$PoolNames = '` + names + `'\n\$CategoryNames = '` + names +
		`'\n\$WithBackup = \$true\n\$WithMaster = \$false\n\$WithEvents = \$false\n\$Progress = \$true$`)
	if !inert.MatchString(script) || !strings.Contains(script, "[int] $Limit = 3\n") {
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
		"single.contoso.com", "none.contoso.com", "quotes.contoso.com", "soft.contoso.com", "verweigert.contoso.com", "SICK.contoso.com"},
		NoEvents: true}
	d := askWell(t, PowerShell(pwsh(t), query))
	if d.Module != "SkypeForBusiness" || d.CMSMaster != "cms.contoso.com" || d.Host == "" || len(d.Notes) != 0 {
		t.Errorf("%+v", d)
	}
	if age := time.Since(d.CollectedAt); age < 0 || age > patience {
		t.Errorf("collected at %v", d.CollectedAt)
	}
	type module = struct{ Identity, ExportStatus, ImportStatus string }
	const (
		thrown = "System.Management.Automation.RuntimeException 0x80131501"
		denied = "System.InvalidOperationException 0x80131509; System.UnauthorizedAccessException 0x80070005"
		soft   = "Microsoft.PowerShell.Commands.WriteErrorException 0x80131501; " +
			"Microsoft.PowerShell.Commands.WriteErrorException,Get-CsBackupServiceStatus"
	)
	want := []struct {
		modules    []module
		failed, id string
	}{
		{[]module{{"UserServices.PresenceFocus", "FinalState", "NormalState"}, {"ConfServices.DataConf", "SteadyState", "NormalState"},
			{"CentralMgmt.CMSMaster", "NotInitialized", "NormalState"}}, "", ""},
		{[]module{{"UserServices.PresenceFocus", "NonSteadyState", "NormalState"}, {"ConfServices.DataConf", "ErrorState", "ErrorState"},
			{"CentralMgmt.CMSMaster", "NotInitialized", "NormalState"}}, "", ""},
		{[]module{}, `the pool throwing.contoso.com is not in the topology: "quoted", 'single' & ümläut €`, thrown},
		{[]module{}, "Cannot open the backup service: Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))", denied},
		{[]module{{"UserServices.PresenceFocus", "FinalState", "NormalState"}}, "", ""},
		{[]module{}, "", ""},
		{[]module{{"It's \"a\" module, <b> & \\ / $x `n", "FinalState", "NormalState"},
			{"Müdul € 😀", "FinalState", "NormalState"}}, "", ""},
		{[]module{}, "a non-terminating error", soft},
		{[]module{}, "Der Sicherungsdienst kann nicht geöffnet werden: Zugriff verweigert", denied},
	}
	if len(d.Pools) != len(want) {
		t.Fatalf("%d pools", len(d.Pools))
	}
	for i, pool := range d.Pools {
		if pool.PoolFqdn != query.Pools[i] || !reflect.DeepEqual(pool.Modules, want[i].modules) || pool.Error != want[i].failed ||
			pool.ErrorID != want[i].id {
			t.Errorf("%+v, want %+v", pool, want[i])
		}
		if active := len(pool.Modules) > 0 ||
			pool.PoolFqdn == "none.contoso.com"; active != (pool.ActiveMachineFqdn == "fe01.contoso.com") {
			t.Errorf("%s is active on %q", pool.PoolFqdn, pool.ActiveMachineFqdn)
		}
	}
	if text, _ := os.ReadFile(imports); string(text) != "imported\n" {
		t.Errorf("one run imported the module %q", text)
	}
}

// What the made-up cmdlets returned where that names no partner.
const (
	relation = "Get-CsPoolBackupRelationship returned FakeCs.BackupRelation (PoolFqdn Fqdn, BackupPoolFqdn Fqdn, Version String, Site " +
		"String)"
	registrar = "Get-CsService -Registrar returned FakeCs.Registrar (Identity String, PoolFqdn Fqdn, UserDatabase Reference, " +
		"BackupRegistrar Reference)"
)

var collectorOdditiesCases = []struct {
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
	{"chatter of the cmdlet and of the import", map[string]string{"FAKE_CS_IMPORT": "chatter"}, Query{Pools: []string{"chatter.x"}},
		func(t *testing.T, d document) {
			if len(d.Pools[0].Modules) != 3 || d.Pools[0].Error != "" {
				t.Errorf("%+v", d)
			}
		}},
	{"categories", nil, Query{Pools: []string{"healthy.x"}, Categories: []string{"CMS", "UserData"}}, func(t *testing.T, d document) {
		if modules := d.Pools[0].Modules; len(modules) != 3 || modules[0].Identity != "CentralMgmt.CMSMaster" {
			t.Errorf("%+v", modules)
		}
	}},
	{"a category that the cmdlet does not know", nil, Query{Pools: []string{"healthy.x"}, Categories: []string{"'; exit"}},
		func(t *testing.T, d document) {
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
	{"pair of which both are named", nil, Query{Pools: []string{"healthy.x", "Partner.contoso.com"}, Pair: true},
		func(t *testing.T, d document) {
			if len(d.Pools) != 2 || d.Pools[1].BackupPoolFqdn != "healthy.x" || len(d.Notes) != 0 {
				t.Errorf("%+v", d)
			}
		}},
	{"pair seen from the other side", map[string]string{"FAKE_CS_PAIR": "reverse"}, Query{Pools: []string{"healthy.x"}, Pair: true},
		func(t *testing.T, d document) {
			if d.Pools[0].BackupPoolFqdn != "partner.contoso.com" {
				t.Errorf("%+v", d)
			}
		}},
	{"pair by references to roles", map[string]string{"FAKE_CS_PAIR": "role"}, Query{Pools: []string{"healthy.x"}, Pair: true},
		wantPartner},
	{"pair by members of members", map[string]string{"FAKE_CS_PAIR": "object"}, Query{Pools: []string{"healthy.x"}, Pair: true},
		wantPartner},
	{"pair by the backup registrar where there is no relationship", map[string]string{"FAKE_CS_PAIR": "throw"},
		Query{Pools: []string{"healthy.x"}, Pair: true}, wantPartner},
	{"pair by the backup registrar where that names none", map[string]string{"FAKE_CS_PAIR": "none"},
		Query{Pools: []string{"healthy.x"}, Pair: true}, wantPartner},
	{"pair by the backup registrar where that names two", map[string]string{"FAKE_CS_PAIR": "two"},
		Query{Pools: []string{"healthy.x"}, Pair: true}, wantPartner},
	{"pair that names two", map[string]string{"FAKE_CS_PAIR": "two", "FAKE_CS_REGISTRAR": "none"},
		Query{Pools: []string{"healthy.x"}, Pair: true},
		wantBackupError("its backup relationship names several other pools: " + relation + "; its registrar names no other pool: " +
			registrar)},
	{"pair that names none", map[string]string{"FAKE_CS_PAIR": "none", "FAKE_CS_REGISTRAR": "throw"},
		Query{Pools: []string{"healthy.x"}, Pair: true},
		wantBackupError("its backup relationship names no other pool: " + relation + "; no registrar")},
	{"pair that fails", map[string]string{"FAKE_CS_PAIR": "throw", "FAKE_CS_REGISTRAR": "throw"},
		Query{Pools: []string{"healthy.x"}, Pair: true},
		wantBackupError("no relationship; no registrar")},
	{"one half of a pair whose relationship is not known", map[string]string{"FAKE_CS_PAIR": "oneway", "FAKE_CS_REGISTRAR": "throw"},
		Query{Pools: []string{"partner.contoso.com", "healthy.x"}, Pair: true}, func(t *testing.T, d document) {
			// What it did not say is not written down, though the other half names it.
			const note = "the backup pool of partner.contoso.com is not known: asked for the partner too; no registrar"
			if d.Pools[0].BackupPoolFqdn != "" || d.Pools[0].BackupPoolError != "" ||
				d.Pools[1].BackupPoolFqdn != "partner.contoso.com" || !slices.Equal(d.Notes, []string{note}) {
				t.Errorf("%+v", d)
			}
		}},
	{"CMS master that fails", map[string]string{"FAKE_CS_CMS": "throw"}, Query{Pools: []string{"healthy.x"}},
		wantNote("the CMS master is not known: the topology cannot be read")},
	{"no CMS master", map[string]string{"FAKE_CS_CMS": "none"}, Query{Pools: []string{"healthy.x"}},
		wantNote("the CMS master is not known: no pool is active")},
	{"two CMS masters", map[string]string{"FAKE_CS_CMS": "both"}, Query{Pools: []string{"healthy.x"}}, func(t *testing.T, d document) {
		if d.CMSMaster != "" || d.CMSMasterError != "several pools are active: cms-old.contoso.com, cms.contoso.com" ||
			len(d.Notes) != 0 {
			t.Errorf("%+v", d)
		}
	}},
	{"CMS master that is known", map[string]string{"FAKE_CS_CMS": "throw"}, Query{Pools: []string{"healthy.x"}, MasterKnown: true},
		func(t *testing.T, d document) {
			if d.CMSMaster != "" || d.CMSMasterError != "" || len(d.Notes) != 0 {
				t.Errorf("%+v", d)
			}
		}},
	{"import that fails", map[string]string{"FAKE_CS_IMPORT": "fail"}, Query{Pools: []string{"a.x", "b.x"}},
		func(t *testing.T, d document) {
			// The made-up Lync module runs the same script, so it fails too.
			for _, pool := range d.Pools {
				if !strings.Contains(pool.Error, "the PowerShell module SkypeForBusiness could not be imported: the product is not "+
					"installed right; the PowerShell module Lync could not") {
					t.Errorf("%+v", pool)
				}
			}
		}},
}

func TestCollectorOddities(t *testing.T) {
	withModule(t)
	for _, c := range collectorOdditiesCases {
		t.Run(c.name, func(t *testing.T) {
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			c.check(t, askWell(t, PowerShell(pwsh(t), c.query)))
		})
	}
}

func wantPartner(t *testing.T, d document) {
	t.Helper()
	if len(d.Pools) != 2 || d.Pools[0].BackupPoolFqdn != "partner.contoso.com" || d.Pools[0].BackupPoolError != "" ||
		d.Pools[1].BackupPoolFqdn != "healthy.x" {
		t.Errorf("%+v", d)
	}
}

// wantBackupError checks that the backup pool is not known and that the pool's status came all the same.
func wantBackupError(text string) func(*testing.T, document) {
	return func(t *testing.T, d document) {
		t.Helper()
		if len(d.Pools) != 1 || d.Pools[0].BackupPoolError != text || d.Pools[0].BackupPoolFqdn != "" || d.Pools[0].Error != "" ||
			len(d.Pools[0].Modules) != 3 {
			t.Errorf("%+v", d)
		}
	}
}

// wantNote checks that something could not be found out and that the pool's status came all the same.
func wantNote(part string) func(*testing.T, document) {
	return func(t *testing.T, d document) {
		t.Helper()
		if len(d.Notes) != 1 || !strings.Contains(d.Notes[0], part) || len(d.Pools) != 1 || len(d.Pools[0].Modules) != 3 ||
			d.Pools[0].Error != "" {
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

func TestScriptsAreShortEnough(t *testing.T) {
	pools := make([]string, 20)
	for i := range pools {
		pools[i] = strings.Repeat("x", 50) + ".contoso.com"
	}
	// A variable on Windows.
	here := len(liveScript(Query{Pools: pools}, time.Minute))
	t.Logf("script with 20 pools: %d of 32767 characters", here)
	if here > 25000 {
		t.Errorf("%d characters", here)
	}
	// cmd.exe, the default shell of OpenSSH on Windows, takes 8191 characters; Wine's takes about 1000.
	there := len(remoteCommand("powershell.exe"))
	t.Logf("command line through ssh: %d of 8191 characters", there)
	if there > 900 {
		t.Errorf("%d characters", there)
	}
	var many []string
	for range 20000 {
		many = append(many, "pool.contoso.com")
	}
	wantLoss(t, ask(t, time.Minute, PowerShell(self(t), Query{Pools: many})).Err, "too long for one run")
}

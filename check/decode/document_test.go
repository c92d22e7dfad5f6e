package decode

import (
	"strings"
	"testing"
)

// TestNotHad: what the collector says that it did not get is a loss of that pool, and never advice to let the collector
// write it.
func TestNotHad(t *testing.T) {
	const advised = " → "
	for _, c := range []struct{ name, pool, want string }{
		{"an object of another kind", `"modules":[],"unread":[{"type":"Made.Up","properties":["ActiveMachineFqdn String",` +
			`"Modules Object[]"]}]`,
			"Get-CsBackupServiceStatus returned an object that is not known: its type is Made.Up, its properties are " +
				"ActiveMachineFqdn String, Modules Object[]" + advised + adviceReport},
		{"an element that is null", `"modules":[],"unread":[{"type":"null","properties":[]}]`,
			"Get-CsBackupServiceStatus returned an object that is not known: its type is null" + advised + adviceReport},
		{"an object of which nothing is said", `"modules":[],"unread":[7]`,
			"Get-CsBackupServiceStatus returned an object that is not known: its type is not said" + advised + adviceReport},
		{
			"no list",
			`"modules":[],"unread":"x"`,
			"line 1: the objects of a pool that are not known are no list but \"x\"" + advised + adviceAgain,
		},
		{"nothing came", `"modules":[],"missing":"BackupModules is null"`, "BackupModules is null" + advised + advicePaired},
		{
			"nothing, and no word of it",
			`"modules":[],"missing":""`,
			"something is missing, and it is not said what" + advised + advicePaired,
		},
		{"both, with a healthy module", `"modules":[{"text":"A.B:[FinalState,NormalState]"}],"missing":"x","unread":[{"type":"y"}]`,
			"x" + advised + advicePaired + "; Get-CsBackupServiceStatus returned an object that is not known: its type is y" +
				advised + adviceReport},
		{"neither", `"modules":[{"text":"A.B:[FinalState,NormalState]"}],"missing":null,"unread":[]`, ""},
		{
			"a module as another text",
			`"modules":[{"text":"A.B is fine"}]`,
			`line 1: a module is printed as "A.B is fine", which is not understood` + advised + adviceReport,
		},
		{"a module as two texts", `"modules":[{"text":"A.B:[FinalState,NormalState] C.D:[FinalState,NormalState]"}]`,
			`line 1: a module is printed as "A.B:[FinalState,NormalState] C.D:[FinalState,NormalState]", which is not understood` +
				advised + adviceReport},
		{
			"a module without a state",
			`"modules":[{"identity":"A.B"}]`,
			`line 1: "A.B" is no backup module: it has neither ExportStatus nor ImportStatus` + advised + adviceReport,
		},
		{
			"a module that is cut",
			`"modules":[{"text":"A.B:[Final…,NormalState]"}]`,
			`line 1: the export state of module "A.B" is cut: "Final…"` + advised + adviceReport,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap := Decode(`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p.q",` + c.pool + `}]}`)
			var got []string
			for _, l := range append(snap.Losses, snap.Pools[0].Losses...) {
				got = append(got, l.Error()+advised+l.Advice)
			}
			if got := strings.Join(got, "; "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestModuleAsText: the text of a module is read as what it says.
func TestModuleAsText(t *testing.T) {
	snap := Decode(`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p.q","modules":[{"text":"A.B:[FinalState,NormalState]"},` +
		`{"identity":"C.D","exportStatus":"ErrorState","importStatus":"NormalState"}]}]}`)
	if got := said(snap); got != "p.q/A.B FinalState NormalState; p.q/C.D ErrorState NormalState" {
		t.Error(got)
	}
	// Elsewhere nobody promised what a property of this name is.
	if snap := Decode(`[{"text":"A.B:[FinalState,NormalState]"}]`); len(snap.Losses) == 0 {
		t.Error(said(snap))
	}
}

// TestAboutTheCollector: its version, the categories that it asked for, a pool that was not done in time.
func TestAboutTheCollector(t *testing.T) {
	const pools = `"pools":[{"poolFqdn":"p.q","error":"not done in time","timedOut":true}]`
	for _, c := range []struct{ name, document, collector, categories, loss string }{
		{
			name:       "all of it",
			document:   `"collector":"0.1.0","categories":["CMS","User"],` + pools,
			collector:  "0.1.0",
			categories: "CMS,User",
		},
		{name: "nothing", document: pools},
		{name: "no category", document: `"categories":[],` + pools, loss: "the categories that were asked for are a list"},
		{name: "null", document: `"categories":null,` + pools, loss: "the categories that were asked for are null"},
		{
			name:       "a category that is none",
			document:   `"categories":["CMS",7],` + pools,
			categories: "CMS",
			loss:       "a category that was asked for is 7",
		},
		{name: "a version that is none", document: `"collector":{},` + pools, loss: "the property collector is no text but an object"},
		{
			name:     "neither true nor false",
			document: strings.Replace(pools, "true", `"yes"`, 1),
			loss:     `the property timedOut is neither true nor false but "yes"`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap := Decode(`{"schema":"check_cs_backup/1",` + c.document + `}`)
			if snap.Collector != c.collector || strings.Join(snap.Categories, ",") != c.categories {
				t.Errorf("collector %q, categories %q", snap.Collector, snap.Categories)
			}
			if (c.loss == "") != (len(snap.Losses) == 0) || c.loss != "" && snap.Losses[0].What != c.loss {
				t.Errorf("losses %v", snap.Losses)
			}
			if p := snap.Pools[0]; !p.TimedOut || p.Err != "not done in time" {
				t.Errorf("%+v", p)
			}
		})
	}
	snap := Decode(
		`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p.q","timedOut":true},{"poolFqdn":"r.s","error":"x","timedOut":false}]}`,
	)
	if p := snap.Pools; !p[0].TimedOut || p[0].Err == "" || p[1].TimedOut {
		t.Errorf("%+v", p)
	}
}

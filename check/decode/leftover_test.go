package decode

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

var tellsInWhatIsPassedOverCases = []struct{ name, text string }{
	{
		"a column of another name",
		"Identity                   Previous                                      ExportStatus   ImportStatus\n" +
			"--------                   --------                                      ------------   ------------\n" +
			"UserServices.PresenceFocus %-45s FinalState     NormalState\n",
	},
	{"a column of CSV", "Identity,ExportStatus,ImportStatus,Note\nUserServices.PresenceFocus,FinalState,NormalState,\"%s\"\n"},
	{"a line above CSV", "#TYPE %s\nIdentity,ExportStatus,ImportStatus\nUserServices.PresenceFocus,FinalState,NormalState\n"},
	{
		"a property of a list",
		"Previous     : %s\nIdentity     : UserServices.PresenceFocus\nExportStatus : FinalState\nImportStatus : NormalState\n",
	},
	{
		"a group",
		"   Previous: %s\n\nIdentity     : UserServices.PresenceFocus\nExportStatus : FinalState\nImportStatus : NormalState\n",
	},
	{"a property of JSON", `{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState","Previous":[{"x":"%s"}]}`},
	{"the name of a property of JSON", `{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState","%s":7}`},
	{
		"a note of the collector, alone",
		`{"schema":"check_cs_backup/1","notes":["%s"],"pools":[{"poolFqdn":"p.q","modules":[` + healthyObject + `]}]}`,
	},
	{
		"a key of a newer document",
		`{"schema":"check_cs_backup/1","later":"%s","pools":[{"poolFqdn":"p.q","modules":[` + healthyObject + `]}]}`,
	},
	{
		"a property of CLIXML",
		`<Objs><Obj><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S><S N="ImportStatus">NormalState</S><S ` +
			`N="x">%s</S></MS></Obj></Objs>`,
	},
	{
		"what an object of CLIXML is printed as",
		`<Objs><Obj><ToString>%s</ToString><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S><S ` +
			`N="ImportStatus">NormalState</S></MS></Obj></Objs>`,
	},
	{
		"a comment in CLIXML",
		`<Objs><!-- %s --><Obj><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S><S ` +
			`N="ImportStatus">NormalState</S></MS></Obj></Objs>`,
	},
	{
		"an attribute of CLIXML",
		`<Objs><Obj Was="%s"><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S><S ` +
			`N="ImportStatus">NormalState</S></MS></Obj></Objs>`,
	},
	{
		"the name of a type in CLIXML",
		`<Objs><Obj><TN><T>%s</T></TN><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S><S ` +
			`N="ImportStatus">NormalState</S></MS></Obj></Objs>`,
	},
	{
		"a property of a text in CLIXML",
		`<Objs><Obj><MS><Obj N="Identity"><S>A.B</S><MS><S N="x">%s</S></MS></Obj><S N="ExportStatus">FinalState</S><S ` +
			`N="ImportStatus">NormalState</S></MS></Obj></Objs>`,
	},
	{"the title of a window", "\x1b]0;%s\x07" + healthyTable},
	{"a prompt", "PS C:\\> %s\n" + healthyTable},
	{"a warning", "WARNING: %s\n" + healthyTable},
	{
		"a block of a transcript",
		"**********************\nWindows PowerShell transcript end\n%s\n**********************\n" + healthyTable,
	},
}

// TestTellsInWhatIsPassedOver: in what is passed over, a state that is not healthy, whole or cut, a documented module and a bracket
// form are a loss. Each text stands in a healthy status, and would be OK without the word.
func TestTellsInWhatIsPassedOver(t *testing.T) {
	places := tellsInWhatIsPassedOverCases
	words := []string{"ErrorState", "nonsteadystate", "NotInitialized", "ErrorSta", "NotInitiali", "Err…", "Non...", "…orState",
		"ConfServices.DataConf", "ApplicationServer.RGSFileStore", "A.B:[Odd,Odd]"}
	for _, place := range places {
		t.Run(place.name, func(t *testing.T) {
			if strings.Contains(place.text, "%-45s") { // columns stand below each other
				place.text = strings.ReplaceAll(place.text, "%-45s", "%s")
			}
			for _, word := range words {
				pad := word
				if place.name == places[0].name {
					pad += strings.Repeat(" ", 45-len([]rune(word)))
				}
				if snap := Decode(strings.Replace(place.text, "%s", pad, 1)); isHealthy(snap) || len(snap.Losses) == 0 {
					t.Errorf("%s: %s", word, said(snap))
				}
			}
			pad := "fin01"
			if place.name == places[0].name {
				pad += strings.Repeat(" ", 40)
			}
			if snap := Decode(strings.Replace(place.text, "%s", pad, 1)); !isHealthy(snap) {
				t.Errorf("a word that tells nothing: %s", said(snap))
			}
		})
	}
}

// TestTelling: which words tell of the service.
func TestTelling(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
	}{
		{"nothing", "", ""},
		{"a word of its own", "Error 5 on fin01", ""},
		{"a healthy state", "FinalState SteadyState NormalState", ""},
		{"a state", "it was (ErrorState).", "ErrorState"},
		{"a part of a word", "MyErrorState ErrorStates", ""},
		{"eight letters", "x NONSTEAD", "NONSTEAD"},
		{"seven letters", "x NonStea", ""},
		{"seven letters, cut", "x NonStea…", "NonStea"},
		{"one letter, cut", "N…", ""},
		{"another word, cut", "Nothing… Erratum...", ""},
		{"cut in front", "...State", "State"},
		{"a module", "of userservices.presencefocus.", "userservices.presencefocus"},
		{"a longer name", "UserServices.PresenceFocusX x.UserServices.PresenceFocus", ""},
		{"a bracket form", `say "A.B:[Odd,NormalState]"`, `"A.B:[Odd,NormalState]`},
		{"a bracket form that is cut", "データ:[Fin", "データ:["},
		{"no bracket form", "[fe01]: [x] :[y]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := tellsOf(c.text); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestOverall: what a status says of all its modules is explained by one of them, or healthy.
func TestOverall(t *testing.T) {
	const cms = `{"Identity":"CentralMgmt.CMSMaster","ExportStatus":"NotInitialized","ImportStatus":"NormalState"}`
	for _, c := range []struct{ name, overall, want string }{
		{"healthy", `"SteadyState"`, ""},
		{"of a module", `"notinitialized"`, ""},
		{"of no module", `"NonSteadyState"`, `OverallExportStatus is "NonSteadyState", which no module explains`},
		{"cut", `"Err…"`, `OverallExportStatus is "Err…", which no module explains`},
		{"a number", `3`, `OverallExportStatus is "3", which no module explains`},
		{"not documented", `"Odd"`, `OverallExportStatus is "Odd", which no module explains`},
		{"empty", `""`, `OverallExportStatus is "", which no module explains`},
		{"null", `null`, `OverallExportStatus is "", which no module explains`},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap := Decode(`{"OverallExportStatus":` + c.overall + `,"BackupModules":[` + cms + `]}`)
			if len(snap.Losses) != min(1, len(c.want)) || c.want != "" && snap.Losses[0].What != c.want {
				t.Errorf("%+v, want %q", snap.Losses, c.want)
			}
			list := "OverallExportStatus : " + strings.Trim(strings.ReplaceAll(c.overall, "null", ""),
				`"`) + "\nBackupModules : {CentralMgmt.CMSMaster:[NotInitialized,NormalState]}\n"
			snap = Decode(list)
			if len(snap.Losses) != min(1, len(c.want)) || c.want != "" && snap.Losses[0].What != c.want {
				t.Errorf("list: %+v, want %q", snap.Losses, c.want)
			}
		})
	}
}

// TestTwoStatusesSideBySide: a column with a number behind its name is one of a second status.
func TestTwoStatusesSideBySide(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"CSV", "Identity;ExportStatus;ImportStatus;;Identity2;ExportStatus2;ImportStatus2\nA.B;FinalState;NormalState;;C.D;Odd;Odd\n"},
		{
			"table",
			"Identity ExportStatus ImportStatus ExportStatus_1\n-------- ------------ ------------ --------------\nA.B      " +
				"FinalState   NormalState  x\n",
		},
		{"list", "Identity : A.B\nExportStatus : FinalState\nImportStatus : NormalState\nIdentity2 : C.D\n"},
		{"JSON", `{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState","ImportStatus2":"Odd"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap := Decode(c.text)
			if !slices.ContainsFunc(snap.Losses, func(l status.Loss) bool { return strings.Contains(l.What, "with a number behind it") }) {
				t.Error(said(snap))
			}
		})
	}
}

// TestComputers: PSComputerName, which a remote session adds, names no pool; but two of them are two pools.
func TestComputers(t *testing.T) {
	object := func(computer string) string {
		return strings.Replace(healthyObject, "{", `{"PSComputerName":"`+computer+`",`, 1)
	}
	const csv = "PSComputerName,Identity,ExportStatus,ImportStatus\n"
	for _, c := range []struct {
		name, text string
		pools      int
	}{
		{"one", "[" + object("fe01") + "]", 1},
		{"two", "[" + object("fe01") + "," + object("fe02") + "]", 2},
		{"two of CSV", csv + "fe01,A.B,FinalState,NormalState\nfe02,A.B,FinalState,NormalState\n", 2},
		{
			"two in lists",
			"PSComputerName : fe01\nBackupModules : {A.B:[FinalState,NormalState]}\n\nPSComputerName : fe02\nBackupModules : " +
				"{A.B:[FinalState,NormalState]}\n",
			2,
		},
		{
			"two objects",
			`[{"PSComputerName":"fe01","BackupModules":[` + healthyObject + `]},{"PSComputerName":"fe02","BackupModules":[` +
				healthyObject + `]}]`,
			2,
		},
		{"one with and one without", csv + "fe01,A.B,FinalState,NormalState\n,C.D,FinalState,NormalState\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			snap := Decode(c.text)
			if len(snap.Pools) != c.pools || len(snap.Losses) > 0 || snap.Pools[0].Name != "" || len(snap.Pools[c.pools-1].Modules) == 0 {
				t.Error(said(snap))
			}
		})
	}
}

// TestEachStateIsKnownToTheNet: a state that is documented anew must be looked for wherever something is passed over.
func TestEachStateIsKnownToTheNet(t *testing.T) {
	for _, state := range status.States {
		if _, what, _ := nextTelling(string(state)); !state.IsHealthy() && what == noTelling {
			t.Errorf("%s is passed over: unhealthyStates", state)
		}
		if !regexp.MustCompile(anyState).MatchString(string(state)) {
			t.Errorf("%s is in no hint: anyState", state)
		}
	}
}

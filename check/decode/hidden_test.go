package decode

import (
	"strings"
	"testing"
)

const (
	healthyXML = `<Obj RefId="0"><MS><S N="Identity">A.B</S><S N="ExportStatus">FinalState</S>` +
		`<S N="ImportStatus">NormalState</S></MS></Obj>`
	sickXML = `<Obj RefId="0"><MS><S N="Identity">A.B</S><S N="ExportStatus">ErrorState</S>` +
		`<S N="ImportStatus">NormalState</S></MS></Obj>`
	datedDocument = `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[` +
		`{"poolFqdn":"p.q","modules":[` + healthyObject + `]}]}`
	undatedDocument = `{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"r.s","modules":[` + healthyObject + `]}]}`
	ruleOfStars     = "**********************\n"
	longTail        = ", which is as long as a line of a console that has little room"
)

var nothingHidesCases = []struct{ name, text, want string }{
	{
		"CLIXML behind its own first line", "#< CLIXML<Objs>" + sickXML + "</Objs>\n<Objs>" + healthyXML + "</Objs>",
		"CLIXML that goes on in its first line",
	},
	{
		"a row behind the first line of CLIXML", "#< CLIXML C.D ErrorState NormalState\n<Objs>" + healthyXML + "</Objs>",
		"CLIXML that goes on in its first line",
	},
	{
		"an object printed as two texts", "<Objs>" + strings.Replace(healthyXML, "<MS>",
			"<ToString>A.B:[ErrorState,NormalState]</ToString><ToString>A.B:[FinalState,NormalState]</ToString><MS>", 1) +
			"</Objs>",
		"an object is printed as two texts",
	},
	{
		"an attribute's name", "<Objs>" + strings.Replace(healthyXML, " RefId", ` ErrorState="" RefId`, 1) + "</Objs>",
		`"ErrorState" stands in it`,
	},
	{
		"a second name of a value", "<Objs>" + strings.Replace(healthyXML, `N="Identity"`, `N="Identity" N="ErrorState"`, 1) +
			"</Objs>",
		`"ErrorState" stands in it`,
	},
	{"an attribute of the whole document", `<Objs N="ErrorState">` + healthyXML + "</Objs>", `"ErrorState" stands in it`},
	{"a document without a date beside one with", datedDocument + "\n" + undatedDocument, "a part of it has a date, another part has none"},
	{"a table without a date beside a document with", datedDocument + "\n" + healthyTable, "a part of it has a date"},
	{
		"a state of all modules in a document",
		strings.Replace(undatedDocument, `"modules"`, `"overallExportStatus":"Frozen","modules"`, 1),
		`OverallExportStatus is "Frozen", which no module explains`,
	},
	{"an error below a short warning", "WARNING: x\nAccess denied.\n\n" + healthyTable, `not understood: "Access denied."`},
	{
		"an error of one line in a block of a transcript",
		ruleOfStars + "Get-CsBackupServiceStatus: access denied\n" + ruleOfStars + healthyTable, "PowerShell reported an error",
	},
	{
		"a row of undocumented words below a warning",
		"WARNING: a warning" + longTail + "\nCustom.Voice   Failed  Failed\n\n" + healthyTable, "Custom.Voice",
	},
	{
		"a piece of JSON below a warning",
		"WARNING: a warning" + longTail + "\n\"ExportStatus\": \"Frozen\",\n\n" + healthyTable, "ExportStatus",
	},
	{
		"a row of undocumented words in a block of a transcript",
		ruleOfStars + "Custom.Voice   Failed  Failed\n" + ruleOfStars + healthyTable, "a block of a transcript begins here",
	},
	{
		"a group that its table contradicts", "   ImportStatus: Frozen\n\n" + healthyTable,
		`what stands under the group "ImportStatus: Frozen" says something else`,
	},
	{
		"what a list of CLIXML is printed as", "<Objs><Obj RefId=\"9\"><ToString>C.D:[Frozen,Frozen]</ToString><LST>" + healthyXML +
			"</LST></Obj></Objs>", `"C.D:[Frozen,Frozen]" stands in it`,
	},
	{"a letter that only looks like one of a state", strings.Replace(healthyTable, "FinalState", "Finalſtate", 1), ""},
}

// TestNothingHides: a status that is healthy, with something beside it that is not, or that is not understood. Each was
// found by somebody who tried to get an OK out of it.
func TestNothingHides(t *testing.T) {
	for _, c := range nothingHidesCases {
		t.Run(c.name, func(t *testing.T) {
			if snap := Decode(c.text); isHealthy(snap) || !strings.Contains(said(snap), c.want) {
				t.Errorf("%s, want %q", said(snap), c.want)
			}
		})
	}
	for name, names := range map[string]string{
		"commas":     "Identity,ExportStatus,ImportStatus\nA.B,FinalState,NormalState\n",
		"semicolons": `"Identity";"ExportStatus";"ImportStatus"` + "\n" + `"A.B";"FinalState";"NormalState"` + "\n",
		"tabs":       "Identity\tExportStatus\tImportStatus\nA.B\tFinalState\tNormalState\n",
	} {
		t.Run("CSV below a warning, with "+name, func(t *testing.T) {
			if snap := Decode("WARNING: a warning" + longTail + "\n" + names); !isHealthy(snap) {
				t.Error(said(snap))
			}
		})
	}
}

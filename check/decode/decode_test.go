package decode

import (
	"encoding/base64"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

const full = `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01","module":"SkypeForBusiness",
 "cmsMaster":"pool01.contoso.com","later":{"pools":[1]},
 "pools":[{"poolFqdn":"pool01.contoso.com","backupPoolFqdn":"pool02.contoso.com","activeMachineFqdn":"fe01.contoso.com",
  "modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState","later":[{"identity":"X"}]}],"error":null},
  {"poolFqdn":"pool02.contoso.com","error":"no answer"}]}`

func mark(document string) string {
	return status.BeginMarker + base64.StdEncoding.EncodeToString([]byte(document)) + status.EndMarker
}

// fold breaks a text into lines of a width.
func fold(text string, width int) string {
	var b strings.Builder
	for len(text) > width {
		b.WriteString(text[:width] + "\r\n")
		text = text[width:]
	}
	return b.String() + text
}

var module = status.Module{Identity: "A.B", Export: "FinalState", Import: "NormalState"}

var fullSnapshot = status.Snapshot{
	CollectedAt: time.Date(
		2026,
		11,
		24,
		19,
		0,
		0,
		0,
		time.UTC,
	), Host: "FE01", PSModule: "SkypeForBusiness", CMSMaster: "pool01.contoso.com",
	Pools: []status.Pool{
		{Name: "pool01.contoso.com", Backup: "pool02.contoso.com", ActiveMachine: "fe01.contoso.com", Modules: []status.Module{module}},
		{Name: "pool02.contoso.com", Err: "no answer"},
	},
}

// TestDocument reads the collector's document and its one-line form, whole.
func TestDocument(t *testing.T) {
	coded := base64.StdEncoding.EncodeToString([]byte(full))
	for name, data := range map[string]string{
		"document": full,
		"BOM":      "\uFEFF" + full,
		"marked":   mark(full),
		"wrapped": status.BeginMarker + "\r\n" + coded[:76] + "\r\n" +
			coded[76:100] + "  " + coded[100:] + "\n" + status.EndMarker,
		"UTF-16 LE":               encode("\uFEFF"+mark(full), 2, false),
		"UTF-16 BE":               encode("\uFEFF"+mark(full), 2, true),
		"UTF-32 LE":               encode("\uFEFF"+full, 4, false),
		"UTF-32 BE":               encode("\uFEFF"+full, 4, true),
		"folded, its markers too": fold(mark(full), 11),
		"twice":                   mark(full) + "\n" + mark(full),
	} {
		if snap := Decode(string(data)); !reflect.DeepEqual(snap, fullSnapshot) {
			t.Errorf("%s:\n%+v\n%+v", name, snap, fullSnapshot)
		}
	}
}

// encode writes ASCII (and a byte order mark) in units of two or four bytes.
func encode(text string, unit int, big bool) string {
	var b strings.Builder
	for _, r := range text {
		for i := range unit {
			at := i
			if big {
				at = unit - 1 - i
			}
			if at > 1 {
				b.WriteByte(0)
				continue
			}
			b.WriteByte(byte(r >> (8 * at)))
		}
	}
	return b.String()
}

var deepText = strings.Repeat("[", 100_000)
var onePool = `"poolFqdn":"p.q","modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]`

func inDocument(inner string) string { return `{"schema":"check_cs_backup/1",` + inner + `}` }

var saysCases = []struct{ want, data string }{
	{"!the status is empty", ""},
	{"!nothing but blanks", " \r\n\t "},
	{"!binary", "\x00"},
	{"!binary", "A\x00\x00B"},
	{"!UTF-16 without its byte order mark", encode(full, 2, false)},
	{"!UTF-16 without its byte order mark", encode(full, 4, true)},
	{"!binary", "\x7fELF\x02\x01\x00"},
	{"!nested more than 64 levels", deepText},
	{"!nested more than 64 levels", `{"a":` + deepText},
	{"!nested more than 64 levels", "<Objs>" + strings.Repeat("<Obj>", 100)},
	{"!HTML", "<html><body>"},
	{`!holds no status; it begins with "hello"`, "hello"},
	{"!only what a console adds", "PS C:\\> \n"},
	{"!a value that is no module: 1", "[1,2]"},
	{"!an object with nothing in it", "{}"},
	{"no module in the form", `"x:[y"`},
	{"!cut", "["},
	{"!line 2: the JSON is broken in column 5", "{\"a\":1,\n\"b\" 2}"},
	{"!cut", "<Objs>"},
	{"!not what Export-Clixml writes", "<a></b>"},
	{"!closed by </Obj>", "<Objs></Obj>"},
	{"!no status", "Objs"},
	{"collectedAt is no date", inDocument(`"pools":[{` + onePool + `}],"collectedAt":"yesterday"`)},
	{"collectedAt is no text", inDocument(`"pools":[{` + onePool + `}],"collectedAt":5`)},
	{"no object", inDocument(`"pools":[{` + onePool + `},null]`)},
	{"neither modules nor an error", inDocument(`"pools":[{"poolFqdn":"p.q"}]`)},
	{"no poolFqdn", inDocument(`"pools":[{"modules":[]}]`)},
	{"host is no text", inDocument(`"pools":[{` + onePool + `}],"host":{"a":1}`)},
	{"the document has no pools", inDocument(`"host":"x"`)},
	{"PoolFqdn is no text", inDocument(`"pools":[{"poolFqdn":7,"modules":[]}]`)},
	{"has neither ExportStatus nor ImportStatus", inDocument(`"pools":[{"poolFqdn":"p.q","modules":[{"identity":"A.B"}]}]`)},
	{"a value that is no module", inDocument(`"pools":[{"poolFqdn":"p.q","modules":null}]`)},
	{"modules twice", inDocument(`"pools":[{` + onePool + `,"modules":[]}]`)},
	{"!without a schema", `{"pools":[{` + onePool + `}]}`},
	{`!"check_cs_backup/10", this version reads "check_cs_backup/1"`, `{"schema":"check_cs_backup/10","pools":[]}`},
	{"!the schema is null", `{"schema":null,"pools":[]}`},
	{"!the schema is an object", `{"schema":{},"pools":[]}`},
	{"!the schema is a list", `{"schema":["check_cs_backup/1"],"pools":[]}`},
	{"!without its end marker", mark(full)[:200]},
	{"!without its begin marker", mark(full)[10:]},
	{`not understood: "Welcome to FE01"`, "Welcome to FE01 " + mark(full)},
	{"not understood", "\xE4\xF6 " + mark(full)},
	{"what check_nrpe says", mark(full) + " OK\nCHECK_NRPE: Socket timeout"},
	{"stands in it more than once, with other states", mark(full) + mark(strings.Replace(full, "FinalState", "SteadyState", 1))},
	{"without its end marker", mark(full) + status.BeginMarker},
	{"without its begin marker", mark(full) + status.EndMarker},
	{"!not the collector's document", mark("{}")},
	{"!not the collector's document", mark(`{"BackupModules":[]}`)},
	{"!", mark(full + "{}")},
	{"!without its end marker", status.BeginMarker + "!!!!" + status.EndMarker},
	{"!base64", status.BeginMarker + "eyJ" + status.EndMarker},
	{"!not the collector's document", status.BeginMarker + status.EndMarker},
	{"ExportStatus is no text but true", `[{"Identity":"A.B","ExportStatus":true,"ImportStatus":"NormalState"}]`},
	{"the export state of module \"A.B\" is missing", `[{"Identity":"A.B","ExportStatus":null,"ImportStatus":"NormalState"}]`},
	{"ExportStatus is no text but a list", `[{"Identity":"A.B","ExportStatus":["FinalState"],"ImportStatus":"NormalState"}]`},
	{
		"ExportStatus is no text but an object",
		`[{"Identity":"A.B","ExportStatus":{"value":"FinalState","Value":"ErrorState"},"ImportStatus":"NormalState"}]`,
	},
	{"ExportStatus is no text but an object", `[{"Identity":"A.B","ExportStatus":{"x":"FinalState"},"ImportStatus":"NormalState"}]`},
	{"null", `{"BackupModules":null}`},
	{"a value that is no module", `{"BackupModules":["A.B:[FinalState,NormalState]",5]}`},
	{`not understood: "x"`, `{"BackupModules":[]} x`},
	{"an object that is no status", `[{"BackupModules":[]},{"a":1}]`},
	{"cut", `{"BackupModules":[]} {"BackupModules":`},
	{"the modules are lost", `{"BackupModules":["System.Object"]}`},
	{"closing brace is missing", "{A.B:[FinalState,NormalState]"},
	{"an element is missing", "{A.B:[FinalState,NormalState], , C.D:[FinalState,NormalState]}"},
	{"no module in the form", "A.B:[FinalState,NormalState] C.D:[FinalState"},
	{"the list stops after module 1", "A.B:[FinalState,NormalState] …"},
	{"no module in the form", "A.B:[FinalState]"},
	{"!2 fields, the names are 3", "Identity,ExportStatus,ImportStatus\nA.B,FinalState\n"},
	{"no column ImportStatus", "Identity,ExportStatus\nA.B,FinalState\n"},
	{"!CSV is broken", "\"Identity\",\"ExportStatus\",\"ImportStatus\"\n\"A.B\",\"FinalState\",\"Normal"},
	{"!does not fit the columns", "Identity ExportStatus ImportStatus\n-------- ------------ ------------\nA.B FinalState\n"},
	{"the import state of module \"A.B\" is missing", "Identity : A.B\nExportStatus : FinalState\n"},
	{
		"the name of a module is missing",
		"Identity : A.B\nExportStatus : FinalState\nExportStatus : FinalState\nImportStatus : NormalState",
	},
	{
		"a block of a transcript begins here",
		"**********************\nx\nIdentity ExportStatus ImportStatus\n-------- ------------ ------------\nA.B FinalState " +
			"NormalState\nC.D damaged\n**********\n",
	},
	{"not understood", "Identity : A.B\nExportStatus : FinalState\nImportStatus : NormalState\n\nhello"},
	{
		"a group without a table or a list below it",
		"   PoolFqdn: p.q\n\nIdentity : A.B\nExportStatus : FinalState\nImportStatus : NormalState\n\n   PoolFqdn: r.s\n",
	},
	{
		"some modules are given no pool",
		"PoolFqdn : p.q\nIdentity : A.B\nExportStatus : FinalState\nImportStatus : NormalState\n\nIdentity : A.B\n" +
			"ExportStatus : FinalState\nImportStatus : NormalState\n",
	},
}

// TestSays checks what is said of inputs that are no status (with a ! in front) or have lost something.
func TestSays(t *testing.T) {
	for _, c := range saysCases {
		t.Run(c.want, func(t *testing.T) {
			data, want := c.data, c.want
			snap := Decode(string(data))
			name := data[:min(len(data), 300)]
			want, nothing := strings.CutPrefix(want, "!")
			found := slices.ContainsFunc(snap.Losses, func(l status.Loss) bool {
				return strings.Contains(l.Error(), want) &&
					l.Advice != ""
			})
			if !found || nothing && len(snap.Pools) > 0 {
				t.Errorf("%q: losses %v, want %q; %+v", name, snap.Losses, want, snap.Pools)
			}
		})
	}
}

var tableRow = "A.B FinalState NormalState\n"

var readsCases = []struct {
	name, data string
	want       []status.Pool
}{
	{
		"line ends of old Macs",
		"Identity ExportStatus ImportStatus\r-------- ------------ ------------\r" + strings.TrimSpace(tableRow) + "\r",
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{
		"colours and titles",
		"\x1b]0;title\x07Identity ExportStatus ImportStatus\n-------- ------------ ------------\n\x1b[31m" + tableRow,
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{
		"lists in lists",
		`[[{"Identity":"A.B","EXPORTSTATUS":"FinalState","importstatus":"NormalState"}]]`,
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{
		"modules as one text",
		`{"Identity":"p.q","BackupModules":"A.B:[FinalState,NormalState]"}`,
		[]status.Pool{{Name: "p.q", Modules: []status.Module{module}}},
	},
	{
		"a prompt behind CSV",
		"Identity;ExportStatus;ImportStatus\nA.B;FinalState;NormalState\nPS C:\\> \n",
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{"braces", "{A.B:[FinalState,NormalState]}", []status.Pool{{Modules: []status.Module{module}}}},
	{"a blank in brackets", "A.B:[FinalState, NormalState]", []status.Pool{{Modules: []status.Module{module}}}},
	{
		"a word that goes on",
		"BackupModules : {ConfServices.DataConf:[Final\nState,NormalState]}",
		[]status.Pool{{Modules: []status.Module{{Identity: "ConfServices.DataConf", Export: "FinalState", Import: "NormalState"}}}},
	},
	{
		"names of the document elsewhere",
		`{"Host":{"a":1},"Module":[2],"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState"}`,
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{
		"properties that are indented",
		"Identity : A.B\n  ExportStatus : FinalState\n  ImportStatus : NormalState\n",
		[]status.Pool{{Modules: []status.Module{module}}},
	},
	{"no modules", "BackupModules : {}", []status.Pool{{}}},
	{
		"a group below a prompt",
		"[fe01.contoso.com]: PS C:\\> $s\n\nPoolFqdn: p.q\n\n" + "Identity ExportStatus ImportStatus\n-------- ------------ " +
			"------------\n" + tableRow,
		[]status.Pool{{Name: "p.q", Modules: []status.Module{module}}},
	},
}

// TestReads checks forms that no capture has.
func TestReads(t *testing.T) {
	for _, c := range readsCases {
		t.Run(c.name, func(t *testing.T) {
			data, want := c.data, c.want
			snap := Decode(string(data))
			if len(snap.Losses) > 0 || !reflect.DeepEqual(snap.Pools, want) {
				t.Errorf("%q: %v\n%+v\n%+v", data, snap.Losses, snap.Pools, want)
			}
		})
	}
}

package decode

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"check_cs_backup/check/status"
)

const (
	healthyObject = `{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState"}`
	sickObject    = `{"Identity":"C.D","ExportStatus":"ErrorState","ImportStatus":"NormalState"}`
	healthyTable  = "\nIdentity ExportStatus ImportStatus\n-------- ------------ ------------\nA.B      FinalState   NormalState\n\n"
)

// utf16LE writes a text as Windows PowerShell does with >.
func utf16Text(text string) string {
	b := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(text)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}

// said is what a snapshot says, in short: pool/module export import, and its losses.
func said(snap status.Snapshot) string {
	var b strings.Builder
	for _, p := range snap.Pools {
		for _, m := range p.Modules {
			fmt.Fprintf(&b, "%s/%s %s %s; ", p.Name, m.Identity, m.Export, m.Import)
		}
	}
	for _, l := range snap.Losses {
		b.WriteString("! " + l.Error() + "; ")
	}
	return strings.TrimSuffix(b.String(), "; ")
}

const moduleAB, moduleCD = "A.B FinalState NormalState", "C.D FinalState NormalState"

func tableOf(line string) string {
	return "Identity ExportStatus ImportStatus\n-------- ------------ ------------\n" + line + "\n\n"
}

var whichPoolCases = []struct{ name, text, want string }{
	{"a command", "PS C:\\> Get-CsBackupServiceStatus -PoolFqdn p.q\n" + tableOf(moduleAB), "p.q/" + moduleAB},
	{"a command in parentheses", "PS C:\\> (Get-CsBackupServiceStatus -PoolFqdn:'p.q').BackupModules\n" + tableOf(moduleAB),
		"p.q/" + moduleAB},
	{"a command in other case, quoted", "PS C:\\> get-csbackupservicestatus -poolfqdn \"p.q\" | fl\n" + tableOf(moduleAB),
		"p.q/" + moduleAB},
	{"a command over two lines", "PS C:\\> Get-CsBackupServiceStatus `\n>> -PoolFqdn p.q\n" + tableOf(moduleAB), "/" + moduleAB},
	{"a variable", "PS C:\\> Get-CsBackupServiceStatus -PoolFqdn $p\n" + tableOf(moduleAB), "/" + moduleAB},
	{
		"two commands on a line",
		"PS C:\\> Get-CsBackupServiceStatus -PoolFqdn p.q; Get-CsBackupServiceStatus -PoolFqdn r.s\n" + tableOf(moduleAB),
		"/" + moduleAB,
	},
	{
		"a command without a pool behind it",
		"PS C:\\> Get-CsBackupServiceStatus -PoolFqdn p.q\n" + tableOf(moduleAB) + "PS C:\\> cls\n" + tableOf(moduleCD),
		"p.q/" + moduleAB + "; /" + moduleCD + "; ! some modules are given no pool, others are",
	},
	{
		"two commands",
		"PS> Get-CsBackupServiceStatus -PoolFqdn p.q\n" + tableOf(moduleAB) +
			"PS> Get-CsBackupServiceStatus -PoolFqdn r.s\n" + tableOf(moduleAB),
		"p.q/" + moduleAB + "; r.s/" + moduleAB,
	},
	{"JSON below a command", "PS> Get-CsBackupServiceStatus -PoolFqdn p.q\n" + healthyObject + "\n", "p.q/" + moduleAB},
	{
		"a column of another pool",
		"PS> Get-CsBackupServiceStatus -PoolFqdn p.q\nPoolFqdn Identity ExportStatus ImportStatus\n-------- -------- " +
			"------------ ------------\nr.s " + moduleAB,
		"r.s/" + moduleAB + `; ! line 4: what stands under pool "p.q" says that it is of pool "r.s"`,
	},
	{
		"a short name in the command",
		"PS> Get-CsBackupServiceStatus -PoolFqdn p\nPool Identity ExportStatus ImportStatus\n---- -------- ------------ " +
			"------------\np.q " + moduleAB,
		"p.q/" + moduleAB,
	},
	{"a group", "   Pool: p.q\n\n" + tableOf(moduleAB), "p.q/" + moduleAB},
	{"the name of a property", `{"p.q":{"BackupModules":[` + healthyObject + `]},"r.s":{"BackupModules":[]}}`, "p.q/" + moduleAB},
	{"beside Status", `{"PoolFqdn":"p.q","Status":{"BackupModules":[` + healthyObject + `]}}`, "p.q/" + moduleAB},
	{"beside Modules", `{"PoolFqdn":"p.q","Modules":[` + healthyObject + `]}`, "p.q/" + moduleAB},
	{"a service of the pool", `{"Identity":"BackupServer:p.q","BackupModules":[` + healthyObject + `]}`, "p.q/" + moduleAB},
	{"the identity is a host name", `{"Identity":"p.q","BackupModules":[` + healthyObject + `]}`, "p.q/" + moduleAB},
	{"the identity is a number", `{"Identity":"1","BackupModules":[` + healthyObject + `]}`, "/" + moduleAB},
	{"an absolute name", `{"PoolFqdn":"p.q.","BackupModules":[` + healthyObject + `]}`, "p.q/" + moduleAB},
	{
		"one module of two",
		`{"BackupModules":[{"Pool":"p.q","Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState"},` +
			`{"Identity":"C.D","ExportStatus":"FinalState","ImportStatus":"NormalState"}]}`,
		"p.q/" + moduleAB + "; /" + moduleCD + "; ! some modules are given no pool, others are",
	},
	{
		"a module of another pool",
		`{"PoolFqdn":"r.s","BackupModules":[{"PoolFqdn":"p.q","Identity":"A.B","ExportStatus":"FinalState",` +
			`"ImportStatus":"NormalState"}]}`,
		"p.q/" + moduleAB + `; ! line 1: what stands under pool "r.s" says that it is of pool "p.q"`,
	},
}

// TestWhichPool: who names the pool of a module.
func TestWhichPool(t *testing.T) {
	for _, c := range whichPoolCases {
		t.Run(c.name, func(t *testing.T) {
			text, want := c.text, c.want
			if got := said(Decode(text)); got != want {
				t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
			}
		})
	}
}

var neverQuietlyCases = []struct{ want, text string }{
	{"a list with nothing in it", "[]"},
	{"a list with nothing in it", `{"value":[],"Count":0}`},
	{"a list holds 1 elements", `{"value":[` + healthyObject + `],"Count":2}`},
	{"it is CLIXML, but holds nothing", "<Objs/>"},
	{"CLIXML that ends behind its first line", "#< CLIXML"},
	{"the document has no pools", `{"schema":"check_cs_backup/1","pools":[]}`},
	{"a table that ends behind its header", "Identity ExportStatus ImportStatus\n-------- ------------ ------------\n"},
	{"CSV that ends behind its names", "Identity,ExportStatus,ImportStatus\n"},
	{"not understood", "The columns Identity, ExportStatus and ImportStatus matter.\n"},
	{"a table that ends behind its header", "The columns are Identity ExportStatus ImportStatus\n"},
	{"an object that is no status: its properties are", `{"Identity":"Registrar:p.q","Version":7}`},
	{`"Registrar:p.q" is no backup module`, "Identity : Registrar:p.q\nVersion  : 7\n"},
	{"a table that is none of modules", "Identity        Version\n--------        -------\nRegistrar:p.q   7\n"},
	{`not understood: "ErrorState"`, "ErrorState"},
	{"not understood", "OverallExportStatus : ErrorState"},
	{`OverallExportStatus is "errorSTATE", which no module explains`, `{"BackupModules":[],"OverallExportStatus":"errorSTATE"}`},
	{"what check_nrpe says", "NRPE: Unable to read output"},
	{"what check_nrpe says", "connect to address 10.0.0.1 port 5666: Connection refused"},
	{"what check_nrpe says", "CHECK_NRPE: Socket timeout after 10 seconds."},
	{"PowerShell reported an error", "PS>TerminatingError(Get-CsBackupServiceStatus): \"Zugriff verweigert\""},
	{"PowerShell reported an error", "Get-CsBackupServiceStatus : Accès refusé."},
	{"PowerShell reported an error", "    + CategoryInfo          : NotSpecified: (:) [Get-X], Y"},
	{"PowerShell reported an error", `<Objs><S S="Error">no</S></Objs>`},
	{
		"a block of a transcript begins here and does not end",
		"**********************\nA.B FinalState NormalState\n**********************",
	},
	{"the name of a module is damaged", "\x1b]0;" + "C.D:[ErrorState,NormalState]"},
	{"a quote in a mail", "> Identity ExportStatus ImportStatus"},
	{"a table of Markdown", "| Identity | ExportStatus | ImportStatus |"},
	{"typographic quotes", "“Identity”,“ExportStatus”"},
	{"entities of HTML", "&quot;Identity&quot;"},
	{"quoted-printable", "Identity        ="},
	{"a table without its header", "WARNING: C.D ErrorState NormalState"},
	{`not understood: "with something below it"`, "WARNING: a warning\nwith something below it"},
	{"not understood", "PS C:\\> {\"Identity\":\"C.D\"}"},
	{"not understood", "PS C:\\> <Objs/>"},
	{`where the status of "r.s" should be, there is null`, `{"p.q":{"BackupModules":[` + healthyObject + `]},"r.s":null}`},
	{
		`where the status of "r.s" should be, there is "Access is denied."`,
		`{"p.q":{"BackupModules":[` + healthyObject + `]},"r.s":"Access is denied."}`,
	},
	{`where the status of "Partner" should be, there is a list`, `{"Local":{"BackupModules":[` + healthyObject + `]},"Partner":[]}`},
	{
		"a module stands where none is looked for",
		`{"BackupModules":[` + healthyObject + `],"Partner":{"BackupModules":[{"Identity":"C.D","ExportStatus":1,` +
			`"ImportStatus":1}]}}`,
	},
	{
		`"C.D:[NotInitialized,NormalState]" stands in it`,
		`{"BackupModules":[` + healthyObject + `],"Other":"C.D:[NotInitialized,NormalState]"}`,
	},
	{"a status without a module", `[{"BackupModules":[` + healthyObject + `]},{"BackupModules":[]}]`},
	{"an error stands beside the states: timeout", `{"BackupModules":[` + healthyObject + `],"LastError":"timeout"}`},
	{"where the modules should be, there is nothing", `{"BackupModules":[` + healthyObject + `,""]}`},
	{"the name of a module is missing", "Identity,ExportStatus,ImportStatus\nA.B,FinalState,NormalState\n,,\n"},
	{
		"a row does not fit",
		"Identity ExportStatus ImportStatus\n-------- ------------ ------------\nA.B      FinalState   NormalState\n         " +
			"                           \n",
	},
	{
		"an error stands beside the states: no share",
		"Identity,ExportStatus,ImportStatus,LastError\nA.B,FinalState,NormalState,no share\n",
	},
	{"a status without a module", "BackupModules : {A.B:[FinalState,NormalState]}\n\nBackupModules : {}\n"},
	{"an element of the list of modules is empty", "A.B:[FinalState,NormalState]  C.D:[FinalState,NormalState]"},
	{"PowerShell reported an error", "PS C:\\> Get-CsBackupServiceStatus : Access is denied"},
	{
		"not understood",
		"WARNING: a long warning of the console's own, with room for no more\nOperationStopped: the pool is not reachable",
	},
	{
		"is cut",
		"Identity     ExportStatus ImportStatus\n--------     ------------ ------------\nA.B          FinalState   " +
			"NormalState\nWARNING: a warning that is much longer than all the rows of the table are\nC.D          " +
			"NonSteady... ErrorSta...",
	},
	{
		`where the status of "r" should be, there is "Access is denied"`,
		`{"p":{"BackupModules":[` + healthyObject + `]},"r":"Access is denied"}`,
	},
	{`where the status of "r" should be, there is null`, `{"value":[` + healthyObject + `],"r":null}`},
	{
		"a module stands where none is looked for",
		`{"BackupModules":[` + healthyObject + `],"notes":{"BackupModules":[{"Identity":"C.D","ExportStatus":"Odd",` +
			`"ImportStatus":"Odd"}]}}`,
	},
	{
		"an error stands beside the states",
		`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p.q","modules":[` + healthyObject + `],"errors":["denied"]}]}`,
	},
	{
		"names itself as its backup pool",
		`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p.q","backupPoolFqdn":"P.Q","modules":[` + healthyObject + `]}]}`,
	},
	{"it is HTML", "<html><body>Sign in</body></html>"},
}

// TestNeverQuietly: what says nothing, or something else, says so, also beside a healthy status.
func TestNeverQuietly(t *testing.T) {
	for _, c := range neverQuietlyCases {
		t.Run(c.want, func(t *testing.T) {
			text, want := c.text, c.want
			for _, text := range []string{text, text + "\n" + healthyTable, healthyTable + text} {
				snap := Decode(text)
				if !slices.ContainsFunc(snap.Losses, func(l status.Loss) bool { return strings.Contains(l.Error(), want) }) &&
					len(snap.Pools) > 0 ||
					isHealthy(snap) {
					t.Errorf("%q: %s, want %q", text, said(snap), want)
				}
			}
		})
	}
}

// TestPassedOver: what a console adds does no harm, in any language.
func TestPassedOver(t *testing.T) {
	const ab = "/A.B FinalState NormalState"
	block := "**********************\nDébut de la transcription\nHeure : 2026\nRunAs-Benutzer: X\n**********************\n"
	for _, text := range []string{
		"PS C:\\> cls\n", "[fe01.contoso.com]: PS C:\\Users\\x> $s\n", "PS>\n", ">> \n", "WARNUNG: Achtung\n", "ПРЕДУПРЕЖДЕНИЕ: x\n",
		"WARNING: a warning that the console wrapped at its\nwidth, which goes on here, where it has no room any\nmore\n\n",
		block, block + "Transcription démarrée, le fichier de sortie est C:\\t.txt\n",
		"PS C:\\> $s.BackupModules | Format-Table Identity, ExportStatus, ImportStatus\n",
		"PS C:\\> $s.BackupModules |\n>> select Identity,\n>> ExportStatus, ImportStatus\n",
		"#< CLIXML\n<Objs><Obj S=\"progress\"><MS><S N=\"x\">y</S></MS></Obj></Objs>\n", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\uFEFF", "",
	} {
		for _, whole := range []string{text + healthyTable, text + healthyObject + "\n", text +
			"\"Identity\",\"ExportStatus\",\"ImportStatus\"\n\"A.B\",\"FinalState\",\"NormalState\"\n"} {
			if got := said(Decode(whole)); got != ab {
				t.Errorf("%q: %s", whole, got)
			}
			if got := said(Decode(utf16Text(whole))); got != ab {
				t.Errorf("UTF-16, %q: %s", whole, got)
			}
			behind := strings.Replace(whole, text, "", 1) + "\n" + text
			if got := said(Decode(behind)); got != ab {
				t.Errorf("%q: %s", behind, got)
			}
		}
	}
}

// TestEncodings: what is lost on the way to one text.
func TestEncodings(t *testing.T) {
	whole := utf16Text(healthyTable)
	for _, c := range []struct{ want, text string }{
		{"there are two encodings in it|it ends within a character", whole + "A"},
		{"there are two encodings in it", whole + healthyTable},
		{"there are two encodings in it", healthyTable + whole},
		{"there are two encodings in it|ends within a character", whole[:40] + whole[41:]},
		{"it is compressed (gzip)", "\x1f\x8b\x08\x00"},
		{"it is compressed (zip)", "PK\x03\x04"},
		{"letters of an old code page", strings.Replace(healthyTable, "A.B", "\xe9.B", 1)},
		{"is cut", strings.Replace(healthyTable, "A.B", "A.\x85", 1)},
		{"most of its bytes are no text", strings.Repeat("\xff", 100)},
		{"NUL characters|within a character", "a\x00b"},
	} {
		t.Run(c.want, func(t *testing.T) {
			text, want := c.text, c.want
			snap := Decode(text)
			ok := false
			for part := range strings.SplitSeq(want, "|") {
				ok = ok || strings.Contains(said(snap), part)
			}
			if !ok || isHealthy(snap) {
				t.Errorf("%.80q: %s, want %q", text, said(snap), want)
			}
		})
	}
	if got := said(Decode(strings.ReplaceAll(healthyTable, "\n", "\r\n") + "\x1a")); got != "/A.B FinalState NormalState" {
		t.Error(got)
	}
}

func clixmlModule(n int, identity, export string) string {
	return fmt.Sprintf(
		`<Obj RefId="%d"><MS><S N="Identity">%s</S><S N="ExportStatus">%s</S><S N="ImportStatus">NormalState</S></MS></Obj>`,
		n,
		identity,
		export,
	)
}

var objectsCases = []struct{ name, text, want string }{
	{"a reference to a module", "<Objs>" + clixmlModule(1, "A.B", "FinalState") + `<Ref RefId="1"/></Objs>`, "/A.B FinalState NormalState"},
	{
		"a reference into another document",
		"<Objs>" + clixmlModule(1, "A.B", "FinalState") + `</Objs><Objs><Ref RefId="1"/></Objs>`,
		"/A.B FinalState NormalState; ! line 1: a value that is no module: ",
	},
	{
		"a module twice",
		"<Objs>" + clixmlModule(1, "A.B", "FinalState") + clixmlModule(2, "A.B", "FinalState") + `</Objs>`,
		`/A.B FinalState NormalState; /A.B FinalState NormalState; ! line 1: module "A.B" stands in it more than once, and ` +
			`nothing names the pools`,
	},
	{
		"a list that holds itself",
		`<Objs><Obj RefId="0"><LST><Ref RefId="0"/></LST></Obj></Objs>`,
		"! it holds no status, only what a console adds",
	},
	{"a status that holds itself", `<Objs><Obj RefId="0"><MS><Ref N="BackupModules" RefId="0"/></MS></Obj></Objs>`, ""},
	{
		"a pool twice, the same",
		`[{"PoolFqdn":"p.q","BackupModules":[` + healthyObject + `]},{"PoolFqdn":"P.Q","BackupModules":[` + healthyObject + `]}]`,
		"p.q/A.B FinalState NormalState",
	},
	{
		"a state as an enum",
		`{"Identity":"A.B","ExportStatus":4,"ImportStatus":{"value":0,"Value":"NormalState"}}`,
		"/A.B 4 NormalState",
	},
	{
		"a state that is an object",
		`{"Identity":"A.B","ExportStatus":{},"ImportStatus":"NormalState"}`,
		`/A.B  NormalState; ! line 1: the property ExportStatus is no text but an object; ! line 1: the export state of ` +
			`module "A.B" is missing`,
	},
	{
		"a date of another age",
		`{"schema":"check_cs_backup/1","collectedAt":"0001-01-01T00:00:00Z","pools":[{"poolFqdn":"p.q","modules":[` +
			healthyObject + `]}]}`,
		`p.q/A.B FinalState NormalState; ! line 1: collectedAt is no date in the form of RFC 3339: "0001-01-01T00:00:00Z"`,
	},
	{
		"an empty date",
		`{"schema":"check_cs_backup/1","collectedAt":"","pools":[{"poolFqdn":"p.q","modules":[` + healthyObject + `]}]}`,
		`p.q/A.B FinalState NormalState; ! line 1: collectedAt is no date in the form of RFC 3339: ""`,
	},
	{
		"states in prose",
		`{"schema":"check_cs_backup/1","notes":["it said ErrorState"],"pools":[{"poolFqdn":"p.q","modules":[` +
			healthyObject + `],"error":null,"backupPoolError":"no ErrorState, but"}]}`,
		"p.q/A.B FinalState NormalState",
	},
	{
		"a state under an unknown name",
		`{"schema":"check_cs_backup/1","later":{"state":"ErrorState"},"pools":[{"poolFqdn":"p.q","modules":[` +
			healthyObject + `]}]}`,
		"p.q/A.B FinalState NormalState; ! line 1: \"ErrorState\" stands in it, but is no part of a module that was read",
	},
}

// TestObjects: what objects contradict, and what they repeat.
func TestObjects(t *testing.T) {
	if l := Decode(`{"schema":"check_cs_backup/memory/1","pools":{}}`).Losses; len(l) != 1 ||
		!strings.Contains(l[0].Advice, "--state-file") {
		t.Errorf("the plugin's memory: %+v", l)
	}
	for _, c := range objectsCases {
		t.Run(c.name, func(t *testing.T) {
			text, want := c.text, c.want
			if got := said(Decode(text)); got != want {
				t.Errorf("%s\ngot  %s\nwant %s", text, got, want)
			}
		})
	}
}

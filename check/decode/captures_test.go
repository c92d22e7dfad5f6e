package decode

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

const statuses = "../../testdata/statuses"

// modules reads the third column of a manifest: "Identity Export Import, …", or several pools of named sets.
func modules(t *testing.T, text string) []status.Pool {
	t.Helper()
	sets := map[string]string{
		"healthy": "UserServices.PresenceFocus FinalState NormalState, ConfServices.DataConf FinalState NormalState, " +
			"CentralMgmt.CMSMaster NotInitialized NormalState",
		"broken": "UserServices.PresenceFocus FinalState NormalState, ConfServices.DataConf ErrorState ErrorState, " +
			"CentralMgmt.CMSMaster NotInitialized NormalState",
	}
	if strings.Contains(text, ": ") {
		var pools []status.Pool
		for part := range strings.SplitSeq(text, "; ") {
			name, set, _ := strings.Cut(part, ": ")
			pool := modules(t, sets[set])[0]
			pool.Name = name
			pools = append(pools, pool)
		}
		return pools
	}
	pool := status.Pool{}
	if text != "" {
		for row := range strings.SplitSeq(text, ", ") {
			f := strings.Fields(row)
			pool.Modules = append(pool.Modules, status.Module{Identity: f[0], Export: status.State(f[1]), Import: status.State(f[2])})
		}
	}
	return []status.Pool{pool}
}

// lossy are the captures in which something is lost, with a part of what must be said of it. An entry that ends in !
// is an error: nothing is left.
var lossy = map[string]string{
	// States as numbers: nobody knows their meaning. The digits are kept, which is no loss of the file but an unknown
	// word to judge.
	"-enum-modules.json": "",
	// Format-List stops after four modules.
	"rgs-object-list.txt": "the list stops after module 4",
	"rgs-full-list.txt":   "the list stops after module 4",
	// The same with the ellipsis in an old code page: it became a question mark in ASCII.
	"rgs-object-list-ascii.txt": "the list stops after module 4",
	"rgs-object-list-oem.txt":   "the list stops after module 4",
	// A narrow window: a column dropped, a cell cut.
	"broken-table-narrow.txt":      "no column ImportStatus",
	"table-narrow-ascii.txt":       "no column ImportStatus",
	"table-narrow-ansi.txt":        "no column ImportStatus",
	"table-narrow-oem.txt":         "no column ImportStatus",
	"table-narrow-unicode.txt":     "no column ImportStatus",
	"table-narrow-utf8.txt":        "no column ImportStatus",
	"broken-table-wrap.txt":        "the table has no column ImportStatus",
	"table-wrap-identity.txt":      "!names of columns that are cut, or go on in the next line",
	"table-wrap-enum.txt":          "!names of columns that are cut, or go on in the next line",
	"object-table-narrow.txt":      "the list stops after module 1",
	"broken-table-two-columns.txt": "no column ExportStatus",
	"broken-table-noheader.txt":    "!a table without its header",
	"broken-noheader.csv":          "!CSV without a line of names",
	"broken-object.csv":            "the modules are lost",
	"broken-html.txt":              "!HTML",
	// Forms that are not read.
	"broken-custom.txt":        "!the output of Format-Custom, which is not read",
	"two-pools-custom.txt":     "!the output of Format-Custom, which is not read",
	"enum-custom.txt":          "!the output of Format-Custom, which is not read",
	"rgs-custom.txt":           "!the output of Format-Custom, which is not read",
	"custom-modules.txt":       "!the output of Format-Custom, which is not read",
	"table-double-spaced.txt":  "!a table that ends behind its header",
	"list-double-spaced.txt":   "the name of a module is missing",
	"wide-names.txt":           "a row does not fit the columns of its table",
	"none-table.txt":           "!empty",
	"none-list.txt":            "!empty",
	"none-modules.clixml":      "!holds nothing",
	"error-not-recognised.txt": "!PowerShell reported an error in place of a status: Get-CsBackupServiceStatus: The term",
	"error-not-recognised-clixml.txt": "!PowerShell reported an error in place of a status: The term 'Get-CsBackupServiceStatus' " +
		"is not recognized",
	"error-access-denied.txt":        "!PowerShell reported an error in place of a status: Get-CsBackupServiceStatus : Access is denied.",
	"error-access-denied-clixml.txt": "!PowerShell reported an error in place of a status: Access is denied.",
}

// TestCaptures decodes every file that a real PowerShell wrote: it says what went in, or that something is lost.
func TestCaptures(t *testing.T) {
	for _, folder := range []string{"powershell-7.6", "powershell-7.6-windows", "powershell-7.6-more", "by-hand"} {
		manifest, err := os.ReadFile(filepath.Join(statuses, folder, "MANIFEST.tsv"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(strings.ReplaceAll(string(manifest), "\r", "")) {
			row := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if row[0] == "file" {
				continue
			}
			t.Run(folder+"/"+row[0], func(t *testing.T) { capture(t, filepath.Join(statuses, folder, row[0]), row) })
		}
	}
}

func capture(t *testing.T, path string, row []string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want, isLossy := lossy[row[0]]
	if len(row) > 3 { // by hand: what is lost stands in the fourth column
		want, isLossy = row[3], row[3] != ""
	}
	if strings.HasSuffix(row[0], "-enum-modules.json") {
		isLossy = true
	}
	snap := Decode(string(data))
	if message, nothing := strings.CutPrefix(want, "!"); nothing {
		if len(snap.Pools) > 0 || len(snap.Losses) == 0 || !strings.Contains(snap.Losses[0].Error(), message) ||
			snap.Losses[0].Advice == "" {
			t.Fatalf("want no pool and %q: %+v", message, snap)
		}
		return
	}
	if isLossy {
		if strings.HasSuffix(row[0], "-enum-modules.json") {
			for _, m := range snap.Pools[0].Modules {
				if strings.Trim(string(m.Export), "0123456789") != "" || m.Export == "" {
					t.Errorf("state %q, want digits", m.Export)
				}
			}
			return
		}
		for _, l := range snap.Losses {
			if strings.Contains(l.What, want) {
				return
			}
		}
		t.Fatalf("losses %v, want one with %q; pools %+v", snap.Losses, want, snap.Pools)
	}
	pools := modules(t, row[2])
	if row[0] == "one-clixml-stream.txt" { // the manifest has its module in the second column
		pools = modules(t, "ConfServices.DataConf ErrorState NormalState")
	}
	if strings.Contains(row[0], "full") && !strings.Contains(row[0], "transcript") || row[0] == "5.1-object.json" {
		pools[0].ActiveMachine = "fe01.contoso.com"
	}
	if len(snap.Losses) > 0 || !reflect.DeepEqual(snap.Pools, pools) {
		t.Errorf("pools %+v\nwant  %+v\nlosses %v", snap.Pools, pools, snap.Losses)
	}
}

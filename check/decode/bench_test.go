package decode

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// manyPools is a document of the collector with n pools of three modules.
func manyPools(n int) []byte {
	var b bytes.Buffer
	b.WriteString(
		`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01","module":"SkypeForBusiness",` +
			`"cmsMaster":"pool00001.contoso.com","pools":[`,
	)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(
			&b,
			`{"poolFqdn":"pool%05d.contoso.com","backupPoolFqdn":"pool%05d.contoso.com","activeMachineFqdn":"fe%05d.contoso.com",`+
				`"modules":[`+
				`{"identity":"UserServices.PresenceFocus","exportStatus":"FinalState","importStatus":"NormalState"},`+
				`{"identity":"ConfServices.DataConf","exportStatus":"SteadyState","importStatus":"NormalState"},`+
				`{"identity":"CentralMgmt.CMSMaster","exportStatus":"NotInitialized","importStatus":"NormalState"}],"error":null}`,
			i,
			i^1,
			i,
		)
	}
	b.WriteString("]}")
	return b.Bytes()
}

func BenchmarkDecode(b *testing.B) {
	doc := manyPools(10_000)
	rows := func(head, format, tail string) []byte {
		b := []byte(head)
		for i := range 10_000 {
			for _, m := range healthy[:3] {
				b = fmt.Appendf(b, format, i, m.Identity, m.Export, m.Import)
			}
		}
		return append(b, tail...)
	}
	const format = "pool%05d.contoso.com %-26s %-14s %s\n"
	table := rows(
		fmt.Sprintf(
			"%-21s %-26s %-14s %s\n%-21[5]s %-26[6]s %-14[7]s %[7]s\n",
			"PoolFqdn",
			"Identity",
			"ExportStatus",
			"ImportStatus",
			"--------",
			"--------",
			"------------",
		),
		format,
		"",
	)
	csv := rows("\"PoolFqdn\",\"Identity\",\"ExportStatus\",\"ImportStatus\"\n", "\"pool%05d.contoso.com\",\"%s\",\"%s\",\"%s\"\n", "")
	xml := rows(
		"<Objs>",
		`<Obj RefId="0"><MS><S N="PoolFqdn">pool%05d.contoso.com</S><S N="Identity">%s</S><S N="ExportStatus">%s</S><S `+
			`N="ImportStatus">%s</S></MS></Obj>`,
		"</Objs>",
	)
	list := rows("", "PoolFqdn     : pool%05d.contoso.com\nIdentity     : %s\nExportStatus : %s\nImportStatus : %s\n\n", "")
	for _, c := range []struct {
		name string
		data []byte
	}{
		{"Document3Modules", manyPools(1)},
		{"Document10000Pools", doc},
		{"Marked10000Pools", []byte(status.BeginMarker + base64.StdEncoding.EncodeToString(doc) + status.EndMarker)},
		{"CSV30000", csv},
		{"CLIXML30000", xml},
		{"Table30000", table},
		{"List30000", list},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(c.data)))
			b.ReportAllocs()
			for b.Loop() {
				if snap := Decode(string(c.data)); len(snap.Losses) > 0 {
					b.Fatal(snap.Losses)
				}
			}
		})
	}
}

// TestMemory decodes inputs of the greatest size in hostile shapes: the heap stays under four times the input. All
// shapes take most of a minute: they run with CHECK_MEMORY=all, the quick ones always.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("16 MiB inputs")
	}
	size := 16 << 20
	fill := func(head, unit, tail string) []byte {
		b := make([]byte, 0, size)
		b = append(b, head...)
		for len(b)+len(unit)+len(tail) <= size {
			b = append(b, unit...)
		}
		return append(b, tail...)
	}
	wide := func(s string) string {
		var b strings.Builder
		for i := range len(s) {
			b.WriteByte(s[i])
			b.WriteByte(0)
		}
		return b.String()
	}
	names := func(head, format, tail string) []byte {
		b := make([]byte, 0, size)
		b = append(b, head...)
		for i := 0; len(b)+len(format)+len(tail)+20 <= size; i++ {
			b = fmt.Appendf(b, format, i)
		}
		return append(b, tail...)
	}
	for _, c := range []struct {
		name string
		data func() []byte
	}{
		{"blanks", func() []byte { return fill("", " ", "") }},
		{"lines", func() []byte { return fill("", "\n", "") }},
		{"tiny lines", func() []byte { return fill("", "a\n", "") }},
		{"tiny objects", func() []byte { return fill("[", "{},", "{}]") }},
		{"tiny lists", func() []byte { return fill("[", "[],", "[]]") }},
		{"one string", func() []byte { return fill(`["`, "a", `"]`) }},
		{"tiny modules", func() []byte { return fill("{", "a:[b,c],", "}") }},
		{"tiny module lines", func() []byte { return fill("", "a:[b,c]\n", "") }},
		{"tiny modules in JSON", func() []byte { return fill(`{"BackupModules":[`, `"a:[b,c]",`, `"a:[b,c]"]}`) }},
		{"pools", func() []byte {
			return names(`{"schema":"check_cs_backup/1","pools":[`, `{"poolFqdn":"p%d","modules":[]},`, `{"poolFqdn":"p","modules":[]}]}`)
		}},
		{"named modules", func() []byte {
			return names(`{"BackupModules":[`, `{"Identity":"an identity of some length %d","ExportStatus":"x","ImportStatus":"y"},`,
				`null]}`)
		}},
		{"errors", func() []byte {
			return names(`{"schema":"check_cs_backup/1","pools":[`, `{"poolFqdn":"p%d","error":"`+
				strings.Repeat("e", 300)+`"},`, `{"poolFqdn":"p","modules":[]}]}`)
		}},
		{"elements", func() []byte { return fill("<Objs>", "<S/>", "</Objs>") }},
		{"attributes", func() []byte { return fill("<Objs><S ", `a="" `, "/></Objs>") }},
		{"xml text", func() []byte { return fill("<Objs><S>", "a", "</S></Objs>") }},
		{"commas", func() []byte { return fill("Identity,ExportStatus,ImportStatus\n", ",", "") }},
		{"open quote", func() []byte { return fill("Identity,ExportStatus,ImportStatus\n\"", "a\n", "") }},
		{"csv rows", func() []byte { return fill("Identity,ExportStatus,ImportStatus\n", "a,b,c\n", "") }},
		{"csv bad rows", func() []byte { return fill("Identity,ExportStatus,ImportStatus\n", "a\"\n", "") }},
		{"table rows", func() []byte {
			return fill("Identity ExportStatus ImportStatus\n-------- ------------ ------------\n", "a b c\n", "")
		}},
		{"list", func() []byte { return fill("", "Identity : a\n\n", "") }},
		{"list of one record", func() []byte { return fill("Identity : a\n", "  b\n", "") }},
		{"utf-16 list", func() []byte { return fill("\xFF\xFE", wide("Identity : a\nExportStatus : b\n\n"), "") }},
		{"utf-16 wide", func() []byte { return fill("\xFF\xFE", "\x30\x30\x0A\x00", "") }},
		{"old code page", func() []byte { return fill("", "\xE4a\n", "") }},
		{"base64", func() []byte { return fill(status.BeginMarker, "AAAA", status.EndMarker) }},
		{"base64 open", func() []byte { return fill(status.BeginMarker, "e30K", status.EndMarker) }},
		{"markers", func() []byte { return fill("", status.BeginMarker+status.EndMarker, "") }},
		{"prompts", func() []byte { return fill("", "PS>\n", "") }},
		{"JSON and prompts", func() []byte { return fill("", "{}\nPS>\n", "") }},
		{"JSON and warnings", func() []byte { return fill("", "{\"a\":1}\nWARNING: x\n", "") }},
		{"JSON in one line", func() []byte { return fill("", `{"a":1} `, "") }},
		{"open JSON", func() []byte { return fill("", "[1,\n", "") }},
		{"broken JSON", func() []byte { return fill("", "{\"a\":x\n", "") }},
		{"broken XML", func() []byte { return fill("", "<a\n", "") }},
		{"CLIXML one by one", func() []byte { return fill("", "<Objs/>\n", "") }},
		{"columns", func() []byte { return fill("", "Identity ExportStatus ", "\n") }},
		{"columns and dashes", func() []byte { return append(fill("", "a ", "\n")[:size/2], fill("\n", "- ", "\n")[:size/2]...) }},
		{"groups", func() []byte { return fill("", "   PoolFqdn: a\n\n", "") }},
		{"classes", func() []byte { return fill("", "class a\n{\n", "") }},
		{"titles", func() []byte { return fill("", "\x1b]", "") }},
		{"commands", func() []byte { return fill("", "PS> Get-CsBackupServiceStatus -PoolFqdn a.b\n", "") }},
		{"errors as text", func() []byte { return fill("", "Get-A : b\n", "") }},
		{"references", func() []byte {
			return fill(`<Objs><Obj RefId="1"><LST><S>a</S></LST></Obj>`, `<Ref RefId="1"/>`, "</Objs>")
		}},
		{"stars", func() []byte { return fill("", "**********\n", "") }},
	} {
		switch c.name {
		case "blanks", "one string", "tiny modules", "open quote", "attributes", "list of one record", "base64 open":
		default:
			if os.Getenv("CHECK_MEMORY") != "all" {
				continue
			}
		}
		t.Run(c.name, func(t *testing.T) {
			data := c.data()
			debug.FreeOSMemory()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			var peak uint64
			stop, done := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				for {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					peak = max(peak, m.HeapAlloc)
					select {
					case <-stop:
						return
					case <-time.After(5 * time.Millisecond):
					}
				}
			}()
			start := time.Now()
			snap := Decode(string(data))
			took := time.Since(start)
			close(stop)
			<-done
			text := fmt.Sprintf("%d pools, losses %.150v", len(snap.Pools), snap.Losses)
			t.Logf("%5.2f× %8v  %.200s", float64(peak)/float64(size), took.Round(time.Millisecond), text)
			if peak > 12*uint64(size) {
				t.Errorf("the heap grew to %d MiB", peak>>20)
			}
			if took > 60*time.Second {
				t.Errorf("took %v", took)
			}
			runtime.KeepAlive(data)
		})
	}
}

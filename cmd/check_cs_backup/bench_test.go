package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// build builds a program for a system the way the Makefile builds the plugin.
func build(tb testing.TB, output, system, source string) {
	tb.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", output, source)
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
}

// bareProgram does what ours does before it does anything: it imports the same libraries, parses as many flags, and
// prints one line. FLAGS are those that are made up.
const bareProgram = `package main

import (
	"os"

	"github.com/alecthomas/kong"
	"github.com/atc0005/go-nagios"
)

func main() {
	var flags struct {
		File   []string BACKQUOTEshort:"f" help:"Read a saved status." placeholder:"PATH"BACKQUOTE
		MaxAge string   BACKQUOTEdefault:"15m" help:"How old it may be."BACKQUOTE
		FLAGS
	}
	parser, err := kong.New(&flags)
	if err == nil {
		_, err = parser.Parse(os.Args[1:])
	}
	if err != nil {
		os.Exit(3)
	}
	os.Stdout.WriteString(nagios.StateOKLabel + "\n")
}
`

func bare() []byte {
	var made strings.Builder
	for i := range reflect.TypeFor[flags]().NumField() - 2 {
		fmt.Fprintf(&made, "Flag%d string `help:%q placeholder:%q`\n", i,
			"What this flag is for, in a sentence of common length.", "VALUE")
	}
	return []byte(strings.NewReplacer("BACKQUOTE", "`", "FLAGS", made.String()).Replace(bareProgram))
}

// BenchmarkProcess compares whole processes, turn about so that both see the same machine: a check of one saved status
// with a bare program, and a check of 10,000 pools with jq counting their modules, written compactly, with blanks, and
// indented as Windows PowerShell does. It reports the CPU time of each at the 10th percentile, and what we take of what
// the other takes. For the memory: /usr/bin/time -v.
func BenchmarkProcess(b *testing.B) {
	folder, err := os.MkdirTemp(".", "bench") // within the module, for its libraries
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(folder) })
	var indented bytes.Buffer
	many := document(10_000)
	if err := json.Indent(&indented, many, "", "    "); err != nil {
		b.Fatal(err)
	}
	blanks := bytes.ReplaceAll(bytes.ReplaceAll(many, []byte(`":`), []byte(`": `)), []byte(`,"`), []byte(`, "`))
	for name, data := range map[string][]byte{
		"bare.go": bare(), "one.json": document(1), "compact.json": many, "blanks.json": blanks,
		"indented.json": bytes.ReplaceAll(indented.Bytes(), []byte(`": `), []byte(`":  `)),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	other, plugin := filepath.Join(folder, "bare"), filepath.Join(folder, "plugin")
	build(b, other, runtime.GOOS, filepath.Join(folder, "bare.go"))
	build(b, plugin, runtime.GOOS, ".")
	b.Run("one-status", func(b *testing.B) {
		race(b, 300, []string{plugin, "--max-age", "0", "-f", filepath.Join(folder, "one.json")},
			"bare", []string{other, "--max-age", "0", "-f", "one.json"})
	})
	jq, _ := exec.LookPath("jq")
	for _, form := range []string{"compact", "blanks", "indented"} {
		b.Run("10000-pools-"+form, func(b *testing.B) {
			if jq == "" {
				b.Skip("jq is not installed")
			}
			file := filepath.Join(folder, form+".json")
			race(b, 30, []string{plugin, "--max-age", "0", "-f", file}, "jq", []string{jq, "[.pools[].modules | length] | add", file})
		})
	}
}

// race runs two programs turn about, and reports the CPU time of both and the ratio.
func race(b *testing.B, rounds int, ours []string, name string, other []string) {
	commands := [2][]string{ours, other}
	var times [2][]float64 // in milliseconds
	for b.Loop() {
		for i := range 2 * rounds {
			cmd := exec.Command(commands[i%2][0], commands[i%2][1:]...)
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("%v: %s", err, out)
			}
			took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			times[i%2] = append(times[i%2], float64(took.Microseconds())/1000)
		}
	}
	var low [2]float64
	for i := range times {
		slices.Sort(times[i])
		low[i] = times[i][len(times[i])/10]
	}
	b.ReportMetric(low[0], "ms-ours")
	b.ReportMetric(low[1], "ms-"+name)
	b.ReportMetric(low[0]/low[1], "times-"+name)
	b.ReportMetric(0, "ns/op") // means nothing
}

// document is what the collector writes for a number of healthy pools.
func document(pools int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01",` +
		`"module":"SkypeForBusiness","cmsMaster":null,"pools":[`)
	for i := range pools {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"poolFqdn":"pool%05d.contoso.com","backupPoolFqdn":null,"activeMachineFqdn":"fe%05d.contoso.com","modules":[`, i,
			i)
		b.WriteString(`{"identity":"UserServices.PresenceFocus","exportStatus":"FinalState","importStatus":"NormalState"},` +
			`{"identity":"ConfServices.DataConf","exportStatus":"SteadyState","importStatus":"NormalState"},` +
			`{"identity":"CentralMgmt.CMSMaster","exportStatus":"NotInitialized","importStatus":"NormalState"}],"error":null}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

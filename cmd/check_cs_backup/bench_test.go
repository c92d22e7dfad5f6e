package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// BenchmarkProcess times whole processes, from their start to their end: a program that prints one line, a check of one
// saved status, a check of 10,000 pools, and jq counting the modules of those. For the memory: /usr/bin/time -v.
func BenchmarkProcess(b *testing.B) {
	folder := b.TempDir()
	line := filepath.Join(folder, "line.go")
	one, many := filepath.Join(folder, "one.json"), filepath.Join(folder, "many.json")
	for path, data := range map[string][]byte{
		line: []byte("package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"CS BACKUP OK\\n\") }\n"),
		one:  document(1), many: document(10_000),
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	oneLine, plugin := filepath.Join(folder, "line"), filepath.Join(folder, "plugin")
	build(b, oneLine, runtime.GOOS, line)
	build(b, plugin, runtime.GOOS, ".")
	jq, _ := exec.LookPath("jq")

	for _, bb := range []struct {
		name    string
		command []string
	}{
		{"one line", []string{oneLine}},
		{"one status", []string{plugin, "--max-age", "0", "-f", one}},
		{"10000 pools", []string{plugin, "--max-age", "0", "-f", many}},
		{"10000 pools, jq counts", []string{jq, "[.pools[].modules | length] | add", many}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			if bb.command[0] == "" {
				b.Skip("not installed")
			}
			for b.Loop() {
				if out, err := exec.Command(bb.command[0], bb.command[1:]...).CombinedOutput(); err != nil {
					b.Fatalf("%v: %s", err, out)
				}
			}
		})
	}
}

// document is what the collector writes for a number of healthy pools.
func document(pools int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01","module":"SkypeForBusiness","cmsMaster":null,"pools":[`)
	for i := range pools {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"poolFqdn":"pool%05d.contoso.com","backupPoolFqdn":null,"activeMachineFqdn":"fe%05d.contoso.com","modules":[`, i, i)
		b.WriteString(`{"identity":"UserServices.PresenceFocus","exportStatus":"FinalState","importStatus":"NormalState"},` +
			`{"identity":"ConfServices.DataConf","exportStatus":"SteadyState","importStatus":"NormalState"},` +
			`{"identity":"CentralMgmt.CMSMaster","exportStatus":"NotInitialized","importStatus":"NormalState"}],"error":null}`)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

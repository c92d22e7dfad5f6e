package packaging

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSums: SHA256SUMS has every file with its sum.
func TestSums(t *testing.T) {
	made(t, "check_cs_backup_", "_linux_amd64")
	listed := sums(t, folder)
	for name, want := range listed {
		sum := sha256.Sum256(readFile(t, filepath.Join(folder, name)))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s has %s, SHA256SUMS %s", name, got, want)
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(listed)+1 || len(listed) < 15 {
		t.Errorf("%d files in dist, %d in SHA256SUMS", len(entries), len(listed))
	}
}

// TestSameBytes: made again, in another time zone and by somebody with another umask, all but the MSI is the same.
func TestSameBytes(t *testing.T) {
	made(t, "check_cs_backup_", "_linux_amd64")
	if testing.Short() {
		t.Skip("makes everything again")
	}
	again := t.TempDir()
	cmd := exec.Command("sh", "-c", `umask 077; exec ./dist "$0"`, again)
	cmd.Env = append(os.Environ(), "VERSION="+version(t), "TZ=Asia/Tokyo")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	first, second := sums(t, folder), sums(t, again)
	for name, sum := range first {
		if !strings.HasSuffix(name, ".msi") && second[name] != sum {
			t.Errorf("%s is not the same when made again", name)
		}
	}
}

// TestPrograms: they are static, know their version, and the SBOM beside each has it and the modules of go.mod.
func TestPrograms(t *testing.T) {
	want := version(t)
	for _, architecture := range []string{"amd64", "arm64"} {
		file, err := elf.Open(made(t, "check_cs_backup_", "_linux_"+architecture))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if slices.ContainsFunc(file.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
			t.Errorf("the one for %s is not static", architecture)
		}
	}
	out, err := exec.Command(made(t, "check_cs_backup_", "_linux_amd64"), "-V").Output()
	if got := string(out); got != "check_cs_backup "+want+"\n" || exitCode(err) != 3 {
		t.Errorf("-V: %q, %v", got, err)
	}
	required := strings.Fields(string(readFile(t, "../go.mod")))
	for _, platform := range []string{"linux_amd64", "linux_arm64", "windows_amd64", "windows_arm64"} {
		var bom struct {
			BomFormat  string
			Metadata   struct{ Component struct{ Version string } }
			Components []struct{ Name, Version string }
		}
		if err := json.Unmarshal(readFile(t, made(t, "check_cs_backup_", "_"+platform+".cdx.json")), &bom); err != nil {
			t.Fatal(err)
		}
		if bom.BomFormat != "CycloneDX" || bom.Metadata.Component.Version != want || len(bom.Components) < 6 {
			t.Errorf("%s: %+v", platform, bom)
		}
		for _, c := range bom.Components {
			if i := slices.Index(required, c.Name); c.Name != "std" && (i < 0 || required[i+1] != c.Version) {
				t.Errorf("%s: %s %s is not in go.mod", platform, c.Name, c.Version)
			}
		}
	}
}

func exitCode(err error) int {
	if exit, ok := err.(*exec.ExitError); ok {
		return exit.ExitCode()
	}
	return 0
}

package packaging

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unzip unpacks a zip of dist into a folder and returns its files with their contents.
func unzip(t *testing.T, archive, into string) map[string][]byte {
	t.Helper()
	reader, err := zip.OpenReader(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	files := map[string][]byte{}
	for _, entry := range reader.File {
		content, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(into, entry.Name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o755); err != nil {
			t.Fatal(err)
		}
		files[entry.Name] = data
	}
	return files
}

// zipFiles is what the zip and the MSI hold.
func zipFiles(t *testing.T) []string {
	t.Helper()
	names := documents(t, "check_cs_backup/")
	for _, name := range []string{
		"START-HERE.txt", "check_cs_backup.exe", "collector.ps1", "register-task.ps1", "LICENSE.txt", "THIRD-PARTY.txt",
	} {
		names = append(names, "check_cs_backup/"+name)
	}
	return names
}

// TestZip: what it holds, with the line ends of Windows.
func TestZip(t *testing.T) {
	for _, architecture := range []string{"amd64", "arm64"} {
		archive := made(t, "check_cs_backup_", "_windows_"+architecture+".zip")
		files := unzip(t, archive, t.TempDir())
		compare(t, archive, slices.Collect(maps.Keys(files)), zipFiles(t))
		for name, data := range files {
			if filepath.Ext(name) == ".exe" {
				if !bytes.Equal(data, readFile(t, made(t, "check_cs_backup_", "_windows_"+architecture+".exe"))) {
					t.Errorf("%s has another program than dist", archive)
				}
				continue
			}
			if lines := bytes.Count(data, []byte("\n")); lines == 0 || bytes.Count(data, []byte("\r\n")) != lines {
				t.Errorf("%s: %s has line ends that are not CR LF", archive, name)
			}
		}
	}
}

// newWindows returns $WINRUN, which runs Windows programs here.
func newWindows(t *testing.T) string {
	t.Helper()
	winrun := os.Getenv("WINRUN")
	if winrun == "" {
		absent(t, "no Windows: WINRUN is not set")
	}
	return winrun
}

// windowsPath is how a program under Wine names a file.
func windowsPath(path string) string { return "Z:" + strings.ReplaceAll(path, "/", `\`) }

// TestZipOnWindows runs the program of the zip, and asks PowerShell for its version resource.
func TestZipOnWindows(t *testing.T) {
	winrun, root := newWindows(t), t.TempDir()
	unzip(t, made(t, "check_cs_backup_", "_windows_amd64.zip"), root)
	plugin := filepath.Join(root, "check_cs_backup/check_cs_backup.exe")

	out, err := exec.Command(winrun, plugin, "-V").CombinedOutput()
	if got := string(out); got != "check_cs_backup "+version(t)+"\n" || exitCode(err) != 3 {
		t.Errorf("-V: %q, %v", got, err)
	}
	status, err := filepath.Abs("../testdata/statuses/powershell-7.6/rgs-table.txt")
	if err != nil {
		t.Fatal(err)
	}
	out, err = exec.Command(winrun, plugin, "-f", windowsPath(status), "--max-age", "0").CombinedOutput()
	if exitCode(err) != 2 || !strings.HasPrefix(string(out), "CS BACKUP CRITICAL - ") {
		t.Errorf("%v: %s", err, out)
	}
	// The collector beside the program is the one within it, with other line ends.
	out, err = exec.Command(winrun, plugin, "--print-collector").Output()
	collector := readFile(t, filepath.Join(root, "check_cs_backup/collector.ps1"))
	if err != nil || !bytes.Equal(bytes.ReplaceAll(collector, []byte("\r\n"), []byte("\n")), out) {
		t.Errorf("--print-collector prints another collector.ps1 (%v)", err)
	}
	pwsh := os.Getenv("PWSH_WINDOWS")
	if pwsh == "" {
		absent(t, "no PowerShell for Windows: PWSH_WINDOWS is not set")
	}
	resource := run(t, winrun, pwsh, "-NoProfile", "-Command", "(Get-Item '"+windowsPath(plugin)+
		"').VersionInfo | ForEach-Object { $_.ProductName, $_.ProductVersion, $_.FileVersion }")
	file, _, _ := strings.Cut(version(t), "~")
	if got, want := strings.Fields(resource), []string{"check_cs_backup", version(t), file}; !slices.Equal(got, want) {
		t.Errorf("the version resource says %q, want %q", got, want)
	}
}

// TestMSI: the tools of Linux read it back whole, and an installer puts there what the zip has, and removes it.
func TestMSI(t *testing.T) {
	need(t, "msiinfo", "msiextract")
	msi := made(t, "check_cs_backup_", "_windows_amd64.msi")
	want := unzip(t, made(t, "check_cs_backup_", "_windows_amd64.zip"), t.TempDir())
	file, _, _ := strings.Cut(version(t), "~")
	if table := run(t, "msiinfo", "export", msi, "Property"); !strings.Contains(table, "ProductVersion\t"+file+"\r\n") {
		t.Error(table)
	}
	// 0.1.0 takes the place of 0.1.0~git…, so what is replaced ends before the next version: 256 is to include the least
	// version, the greatest is not included.
	dot := strings.LastIndex(file, ".") + 1
	last, err := strconv.Atoi(file[dot:])
	if err != nil {
		t.Fatal(err)
	}
	upgrade := fmt.Sprintf("\t0.0.0\t%s%d\t\t256\t\tOLDER\r\n", file[:dot], last+1)
	if table := run(t, "msiinfo", "export", msi, "Upgrade"); !strings.Contains(table, upgrade) {
		t.Error(table)
	}
	extracted := t.TempDir()
	run(t, "msiextract", "-C", extracted, msi)
	compareTree(t, extracted, want)

	winrun, root := newWindows(t), t.TempDir()
	t.Cleanup(func() { _ = exec.Command(winrun, "msiexec", "/x", windowsPath(msi), "/qn").Run() })
	run(t, winrun, "msiexec", "/i", windowsPath(msi), "/qn", "INSTALLDIR="+windowsPath(root+"/check_cs_backup"))
	compareTree(t, root, want)
	run(t, winrun, "msiexec", "/x", windowsPath(msi), "/qn", "INSTALLDIR="+windowsPath(root+"/check_cs_backup"))
	compareTree(t, root, nil)
}

// compareTree compares the files below a folder with what they should be.
func compareTree(t *testing.T, root string, want map[string][]byte) {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		names = append(names, name)
		if !bytes.Equal(readFile(t, path), want[name]) {
			t.Errorf("%s is not whole", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	compare(t, root, names, slices.Collect(maps.Keys(want)))
}

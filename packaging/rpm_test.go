package packaging

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rpmNames are the architectures as rpm calls them.
var rpmNames = map[string]string{"amd64": "x86_64", "arm64": "aarch64"}

// TestRPM: what it holds.
func TestRPM(t *testing.T) {
	need(t, "rpm")
	for _, name := range rpmNames {
		rpm := made(t, "check-cs-backup-", "-1."+name+".rpm")
		run(t, "rpm", "--checksig", "--nosignature", rpm)
		head := run(t, "rpm", "-qp", "--queryformat", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}", rpm)
		if head != "check-cs-backup "+version(t)+" "+name+" MIT" {
			t.Error(head)
		}
		var files []string
		list := run(t, "rpm", "-qp", "--queryformat", "[%{FILEMODES:perms} %{FILENAMES}\n]", rpm)
		for line := range strings.Lines(list) {
			mode, path, _ := strings.Cut(strings.TrimSpace(line), " ")
			if !strings.HasPrefix(mode, "d") {
				files = append(files, path)
			}
			if path == "/usr/lib64/nagios/plugins/check_cs_backup" && mode != "-rwxr-xr-x" {
				t.Errorf("%s %s", mode, path)
			}
		}
		compare(t, rpm, files, slices.Concat(commonPaths, documents(t, "/usr/share/doc/check-cs-backup/"), []string{
			"/usr/lib64/nagios/plugins/check_cs_backup",
			"/etc/nrpe.d/check_cs_backup.cfg.example",
			"/usr/share/zsh/site-functions/_check_cs_backup",
			"/usr/share/licenses/check-cs-backup/LICENSE",
			"/usr/share/licenses/check-cs-backup/THIRD-PARTY",
		}))
	}
}

// TestRPMInstalled: it is installed below a folder that stands for another system, is whole there, and is removed
// without a rest.
func TestRPMInstalled(t *testing.T) {
	need(t, "rpm")
	if os.Geteuid() != 0 {
		absent(t, "rpm --root needs root")
	}
	ours := regexp.MustCompile("check|nagios|nrpe|icinga2|zsh")
	for architecture, name := range rpmNames {
		root := t.TempDir()
		rpm := func(args ...string) string {
			args = append([]string{"--root", root, "--dbpath", "/var/lib/rpm", "--force-debian"}, args...)
			return run(t, "rpm", args...)
		}
		rpm("--install", "--ignorearch", made(t, "check-cs-backup-", "-1."+name+".rpm"))
		rpm("--verify", "check-cs-backup")
		plugin := readFile(t, root+"/usr/lib64/nagios/plugins/check_cs_backup")
		if !bytes.Equal(plugin, readFile(t, made(t, "check_cs_backup_", "_linux_"+architecture))) {
			t.Errorf("the rpm for %s has another program than dist", name)
		}
		nrpe := readFile(t, root+"/etc/nrpe.d/check_cs_backup.cfg.example")
		if !bytes.Contains(nrpe, []byte("=/usr/lib64/nagios/plugins/check_cs_backup ")) {
			t.Errorf("NRPE would look elsewhere for the plugin:\n%s", nrpe)
		}
		rpm("--erase", "check-cs-backup")
		for line := range strings.Lines(run(t, "find", root+"/usr", root+"/etc")) {
			if ours.MatchString(strings.TrimPrefix(line, root)) {
				t.Errorf("left behind by the rpm for %s: %s", name, line)
			}
		}
	}
}

package packaging

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestDeb: what it holds, and what lintian says of it.
func TestDeb(t *testing.T) {
	need(t, "dpkg-deb", "lintian")
	for _, architecture := range []string{"amd64", "arm64"} {
		deb := made(t, "check-cs-backup_", "-1_"+architecture+".deb")
		var files []string
		for line := range strings.Lines(run(t, "dpkg-deb", "--contents", deb)) {
			if fields := strings.Fields(line); !strings.HasPrefix(line, "d") {
				files = append(files, strings.TrimPrefix(fields[5], "."))
			}
		}
		compare(t, deb, files, slices.Concat(commonPaths, documents(t, "/usr/share/doc/check-cs-backup/"), []string{
			"/usr/lib/nagios/plugins/check_cs_backup",
			"/etc/nagios/nrpe.d/check_cs_backup.cfg.example",
			"/usr/share/zsh/vendor-completions/_check_cs_backup",
			"/usr/share/doc/check-cs-backup/changelog.Debian.gz",
			"/usr/share/doc/check-cs-backup/copyright",
			"/usr/share/lintian/overrides/check-cs-backup",
		}))
		// The overrides say why a static program is no fault here.
		if out := run(t, "lintian", "--allow-root", "--fail-on", "error,warning", deb); out != "" {
			t.Errorf("%s: lintian: %s", deb, out)
		}
	}
}

// TestDebInstalled: it is installed, its program run as nagios, its objects loaded by Icinga, and it is removed without
// a rest.
func TestDebInstalled(t *testing.T) {
	if os.Getenv("CI") != "true" {
		t.Skip("it installs a package on this machine, which it does for CI=true alone")
	}
	if os.Geteuid() != 0 {
		t.Fatal("needs root")
	}
	need(t, "dpkg", "icinga2", "setpriv")
	deb := made(t, "check-cs-backup_", "-1_"+strings.TrimSpace(run(t, "dpkg", "--print-architecture"))+".deb")
	if out, err := exec.Command("dpkg-query", "-W", "check-cs-backup").CombinedOutput(); err == nil {
		t.Skipf("it is installed already, and that is not the test's to take away: %s", out)
	}
	var paths []string // new ones
	for line := range strings.Lines(run(t, "dpkg-deb", "--contents", deb)) {
		path := strings.TrimPrefix(strings.Fields(line)[5], ".")
		if _, err := os.Lstat(path); err != nil {
			paths = append(paths, path)
		}
	}
	t.Cleanup(func() { _ = exec.Command("dpkg", "--purge", "check-cs-backup").Run() })
	run(t, "dpkg", "--install", deb)
	for _, folder := range []string{"/var/lib/check_cs_backup", "/var/spool/cs_backup"} {
		if slices.Contains(paths, folder+"/") {
			if owner := run(t, "stat", "-c", "%U:%G", folder); owner != "nagios:nagios\n" {
				t.Errorf("%s is %s", folder, owner)
			}
		}
	}
	if out, code := output(t, "check_cs_backup", "--version"); code != 3 || !strings.Contains(out, version(t)) {
		t.Errorf("check_cs_backup by its bare name: %d, %s", code, out)
	}

	t.Run("plugin", debPlugin)
	t.Run("icinga", debIcinga)

	run(t, "dpkg", "--purge", "check-cs-backup")
	for _, path := range paths {
		if _, err := os.Lstat(path); err == nil {
			t.Errorf("%s is left", path)
		}
	}
	if len(paths) == 0 {
		t.Error("nothing new was installed")
	}
}

// debPlugin asks the installed plugin as nagios.
func debPlugin(t *testing.T) {
	cmd := exec.Command("setpriv", "--reuid=nagios", "--regid=nagios", "--clear-groups",
		"/usr/lib/nagios/plugins/check_cs_backup", "-f", "-", "-P", "pool01.contoso.com")
	cmd.Stdin = bytes.NewReader(readFile(t, "../testdata/statuses/powershell-7.6/rgs-table.txt"))
	out, err := cmd.CombinedOutput()
	if exitCode(err) != 2 || !strings.HasPrefix(string(out), "CS BACKUP CRITICAL - pool01.contoso.com: ") {
		t.Errorf("%v: %s", err, out)
	}
}

// debIcingaConfig is as Debian's, with a host for each of the example services.
const debIcingaConfig = `include "/etc/icinga2/constants.conf"
include <itl>
include <plugins>
include <plugins-contrib>
include "SERVICES"
object Endpoint NodeName {}
object Zone ZoneName { endpoints = [ NodeName ] }
template Host "front-end" {
	check_command = "dummy"
	address = "192.0.2.1"
	zone = ZoneName
	vars.cs_backup_pools = [ "pool01.contoso.com" ]
}
object Host "fe01" {
	import "front-end"
	vars.cs_backup_agent = NodeName
	vars.cs_backup_status = "C:\\check_cs_backup\\status.json"
}
object Host "fe02" { import "front-end", vars.cs_backup_agent = NodeName }
object Host "fe03" { import "front-end", vars.cs_backup_satellite = NodeName }
object Host "fe04" {
	import "front-end"
	vars.cs_backup_status = "/var/spool/cs_backup"
	vars.cs_backup_nrpe = true
	vars.cs_backup_recipes = true
}
`

// debIcinga has Icinga read the installed commands and the example services.
func debIcinga(t *testing.T) {
	services, err := filepath.Abs("../contrib/icinga2/services.conf")
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "icinga2.conf")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(debIcingaConfig, "SERVICES", services)), 0o644); err != nil {
		t.Fatal(err)
	}
	chmodParents(t, config)
	out := run(t, "icinga2", "daemon", "-C", "-c", config, "-DNodeName=master", "-DZoneName=master")
	if strings.Contains(out, "warning/") || !strings.Contains(out, "Instantiated 7 Services.") {
		t.Error(out)
	}
	for name, program := range map[string]string{
		"cs_backup":              "check_cs_backup",
		"cs_backup_windows":      "check_cs_backup.exe",
		"cs_backup_file":         "check_cs_backup",
		"cs_backup_file_windows": "check_cs_backup.exe",
	} {
		object := run(t, "icinga2", "object", "list", "--type", "CheckCommand", "--name", name)
		for _, want := range []string{
			"declared in '/usr/share/icinga2/include/plugins-contrib.d/check_cs_backup.conf'",
			`command = [ "/usr/lib/nagios/plugins/` + program + `" ]`,
			"--max-age",
		} {
			if !strings.Contains(object, want) {
				t.Errorf("%s lacks %s:\n%s", name, want, object)
			}
		}
	}
}

// chmodParents lets everybody read a file below a folder of t.TempDir.
func chmodParents(t *testing.T, path string) {
	t.Helper()
	temp := os.TempDir()
	for dir := filepath.Dir(path); strings.HasPrefix(dir, temp) && dir != temp; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

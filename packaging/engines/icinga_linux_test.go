package engines

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestIcinga: what the API has of the commands, templates and example services in contrib/.
func TestIcinga(t *testing.T) {
	if !inside(t, "icinga2", "/usr/sbin/nrpe", plugins+"/check_nrpe") {
		return
	}
	furnish(t, append(icingaFolders, "/etc/nagios/nrpe.d")...)
	save(t)
	startNRPE(t)
	samples[2].save(t, spool+"/status.json")

	check(t, os.Symlink(plugin, plugin+".exe"))
	startIcinga(t, icingaObjects())
	stored := await(t, "Icinga to check every service", func() (map[string]result, bool) {
		list := icingaResults(t)
		return list, len(list) == len(samples)+6
	})
	expected := map[string]result{
		"fe01!cs-backup-nrpe": run(t, plugin, "-f", spool),
		"agent!cs-backup":     run(t, plugin, "-f", spool, "-P", "pool01.contoso.com"),
		"fe01!empty":          run(t, plugin, "--file="),
		"fe01!null":           run(t, plugin, "--file="), // it passes the flag with nothing behind it
	}
	for _, s := range samples {
		expected[s.name+"!cs-backup-file"] = s.run(t)
	}
	for service, want := range expected {
		want.performanceData = strings.ReplaceAll(want.performanceData, "'", "") // as Icinga keeps labels without blanks
		compare(t, service, stored[service], want)
	}
	for name, want := range map[string]string{
		"unset":  "Error: Non-optional macro 'cs_backup_file' used in argument '--file' is missing.",
		"killed": "<Timeout exceeded.>CS BACKUP UNKNOWN - the plugin did not finish: ended by signal terminated while ",
	} {
		if got := stored["fe01!"+name]; got.state != 3 || !strings.HasPrefix(got.first, want) {
			t.Errorf("%s: %+v, want %s", name, got, want)
		}
	}
}

// icingaObjects is a host for each sample, the example hosts, and services that are set up wrongly.
func icingaObjects() string {
	var objects strings.Builder
	objects.WriteString(`object Host "fe01" {
			import "front-end"
			vars.cs_backup_nrpe = true
		}
		object Host "agent" {
			import "front-end"
			zone = "master"
			vars.cs_backup_agent = "master" // its own: there is no Windows
			vars.cs_backup_status = "/var/spool/cs_backup"
			vars.cs_backup_pools = [ "pool01.contoso.com" ]
		}
	`)
	for _, s := range samples {
		fmt.Fprintf(&objects, "object Host %q {\n\timport \"front-end\"\n\tvars.cs_backup_status = %q\n", s.name,
			strings.ReplaceAll(s.path(), "$", "$$"))
		for _, arg := range s.args { // the variables of the host count too
			name, value, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
			fmt.Fprintf(&objects, "\tvars.cs_backup_%s = %q\n", name, value)
		}
		objects.WriteString("}\n")
	}
	// Icinga kills what has not ended a tenth of check_timeout after SIGTERM: on a busy machine that must not be little.
	for name, setting := range map[string]string{
		"unset": `import "cs-backup"` + "\n\t" + `check_command = "cs_backup_file"`,
		"null":  `import "cs-backup-file"` + "\n\tvars.cs_backup_file = null",
		"empty": `import "cs-backup-file"` + "\n\t" + `vars.cs_backup_file = ""`,
		"killed": `import "cs-backup-file"` + "\n\tvars.cs_backup_file = \"" + folder + "hangs.json\"\n\t" +
			"check_timeout = 20s\n\tvars.cs_backup_timeout = 50",
	} {
		fmt.Fprintf(&objects, "object Service %q {\n\t%s\n\thost_name = \"fe01\"\n}\n", name, setting)
	}
	return objects.String()
}

// icingaFolders are what Icinga writes to, and what its packages put there that is not for these tests.
var icingaFolders = []string{
	icingaLibrary, "/etc/icinga2/conf.d", "/etc/icinga2/features-enabled", "/var/lib/icinga2", "/var/log/icinga2",
	"/var/cache/icinga2",
}

const icingaLibrary = "/usr/share/icinga2/include/plugins-contrib.d"

// startIcinga runs the daemon with Debian's own configuration, contrib's files where they belong, and these objects; it
// checks all services at once.
func startIcinga(t *testing.T, objects string) {
	t.Helper()
	copyTo(t, "icinga2/check_cs_backup.conf", icingaLibrary+"/check_cs_backup.conf")
	copyTo(t, "icinga2/services.conf", "/etc/icinga2/conf.d/services.conf")
	write(t, "/etc/icinga2/features-enabled/checker.conf", "object CheckerComponent \"checker\" {}\n")
	if out, state := output(t, "icinga2", "api", "setup", "--cn", "master"); state != 0 {
		t.Fatal(out)
	}
	write(t, "/etc/icinga2/conf.d/objects.conf", `
		object ApiUser "test" {
			password = "test"
			permissions = [ "objects/query/Service", "actions/reschedule-check" ]
		}
		template Host "front-end" {
			check_command = "dummy"
			address = "127.0.0.1"
		}
		`+objects)
	check(t, os.MkdirAll("/run/icinga2", 0o777))
	check(t, os.Chmod("/run/icinga2", 0o777))
	out, state := output(t, "icinga2", "daemon", "-C", "-DNodeName=master")
	unused := strings.Count(out, "warning/ApplyRule: ") // examples of which no host here makes use
	if state != 0 || strings.Count(out, "warning/") != unused {
		t.Fatal(out)
	}
	start(t, "icinga2", "daemon", "-x", "warning", "-DNodeName=master")
	// By itself it takes a minute to run the first of all checks.
	await(t, "Icinga to take orders", func() (bool, bool) {
		ok := checkNow(t)
		return ok, ok
	})
}

// icingaResults returns what is stored of the services that were checked.
func icingaResults(t *testing.T) map[string]result {
	t.Helper()
	var answer struct {
		Results []struct {
			Name  string
			Attrs struct {
				LastCheckResult *struct {
					State           float64
					Output          string
					PerformanceData []string `json:"performance_data"`
				} `json:"last_check_result"`
			}
		}
	}
	icinga(t, "GET", "objects/services", "", &answer)
	list := map[string]result{}
	for _, service := range answer.Results {
		if of := service.Attrs.LastCheckResult; of != nil {
			first, long, _ := strings.Cut(of.Output, "\n")
			list[service.Name] = result{
				state: int(of.State), first: first, long: long, performanceData: strings.Join(of.PerformanceData, " "),
			}
		}
	}
	return list
}

// checkNow has Icinga check all services, and says whether it took the order.
func checkNow(t *testing.T) bool {
	t.Helper()
	return icinga(t, "POST", "actions/reschedule-check", `{"type":"Service","filter":"true","force":true}`, &struct{}{})
}

// icinga asks the API, and says whether it answered.
func icinga(t *testing.T, method, path, body string, answer any) bool {
	t.Helper()
	client := http.Client{
		Timeout:   10 * time.Second,
		Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
	}
	request, err := http.NewRequest(method, "https://127.0.0.1:5665/v1/"+path, strings.NewReader(body))
	check(t, err)
	request.SetBasicAuth("test", "test")
	request.Header.Set("Accept", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return false // not yet
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		t.Logf("the API: %s %s: %s", method, path, response.Status)
		return false
	}
	if err := json.NewDecoder(response.Body).Decode(answer); err != nil {
		t.Fatalf("the API: %s %s: %v", method, path, err)
	}
	return true
}

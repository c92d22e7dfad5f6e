package engines

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const nagiosStatus = "/var/lib/nagios4/status.dat"

// TestNagios: what status.dat has of the commands in contrib/.
func TestNagios(t *testing.T) {
	if !inside(t, "nagios4", "/usr/sbin/nrpe", plugins+"/check_nrpe") {
		return
	}
	furnish(t, "/etc/nagios4/conf.d", "/etc/nagios/nrpe.d", "/var/lib/nagios4", "/var/log/nagios4")
	save(t)
	startNRPE(t)
	samples[2].save(t, spool+"/status.json")

	copyTo(t, "nagios/check_cs_backup.cfg", "/etc/nagios4/conf.d/check_cs_backup.cfg")
	var objects strings.Builder
	objects.WriteString("define host {\n host_name fe01\n address 127.0.0.1\n max_check_attempts 1\n check_period 24x7\n" +
		" contact_groups admins\n notification_period 24x7\n}\n")
	service := func(name, command string) {
		fmt.Fprintf(&objects, "define service {\n use cs-backup\n host_name fe01\n service_description %s\n"+
			" check_command %s\n}\n", name, command)
	}
	for _, s := range samples {
		service(s.name, "cs_backup_file!"+strings.ReplaceAll(s.path(), "$", "$$")+"!"+strings.Join(s.args, " "))
	}
	service("empty", "cs_backup_file")
	service("CS backup", "cs_backup_nrpe!cs_backup!20") // the example
	service("piped", "cs_backup_piped!-P pool01.contoso.com")
	service("killed", "cs_backup_file!"+folder+"hangs.json!-t 50")
	write(t, "/etc/nagios4/conf.d/services.cfg", objects.String())

	configureNagios(t)
	out, state := output(t, "nagios4", "-v", "/run/nagios.cfg")
	if state != 0 || !strings.Contains(out, "Total Warnings: 0") {
		t.Fatal(out)
	}
	start(t, "nagios4", "/run/nagios.cfg")

	stored := await(t, "Nagios to check every service", func() (map[string]result, bool) {
		list := nagiosResults(t)
		return list, len(list) == len(samples)+4
	})
	for _, s := range samples {
		want := s.run(t)
		want.first = strings.ReplaceAll(want.first, ";", ":") // as Nagios does
		compare(t, s.name, stored[s.name], want)
	}
	compare(t, "empty", stored["empty"], run(t, plugin, "-f", ""))
	ofPool := run(t, plugin, "-f", spool+"/status.json", "-P", "pool01.contoso.com")
	compare(t, "piped", stored["piped"], ofPool)
	compare(t, "CS backup", stored["CS backup"], run(t, plugin, "-f", spool)) // through check_nrpe
	if got := stored["killed"]; got.state != 2 || !strings.HasPrefix(got.first, "(Service check timed out after 20.") {
		t.Errorf("killed: %+v", got)
	}
}

// configureNagios writes /run/nagios.cfg: Debian's, without its own services, for which there are no plugins here, and
// in a hurry.
func configureNagios(t *testing.T) {
	t.Helper()
	config, err := os.ReadFile("/etc/nagios4/nagios.cfg")
	check(t, err)
	others := regexp.MustCompile(`(?m)^cfg_(file|dir)=.*(localhost\.cfg|nagios-plugins/config)$`)
	text := others.ReplaceAllString(string(config), "")
	for _, setting := range []string{
		"status_update_interval=1", "check_result_reaper_frequency=1", "service_inter_check_delay_method=n",
		"service_check_timeout=20", "check_for_updates=0", "enable_notifications=0", "use_syslog=0",
	} {
		name, _, _ := strings.Cut(setting, "=")
		text = regexp.MustCompile(`(?m)^`+name+`=.*$`).ReplaceAllString(text, "") + "\n" + setting + "\n"
	}
	write(t, "/run/nagios.cfg", text)
	check(t, os.MkdirAll("/run/nagios4", 0o777))
	check(t, os.Chmod("/run/nagios4", 0o777))
	for _, folder := range []string{"rw", "spool", "spool/checkresults"} {
		check(t, os.MkdirAll("/var/lib/nagios4/"+folder, 0o777))
		check(t, os.Chmod("/var/lib/nagios4/"+folder, 0o777))
	}
}

// nagiosResults returns what is stored of the services that were checked.
func nagiosResults(t *testing.T) map[string]result {
	t.Helper()
	list := map[string]result{}
	text, err := os.ReadFile(nagiosStatus)
	if os.IsNotExist(err) {
		return nil
	}
	check(t, err)
	for _, block := range regexp.MustCompile(`(?s)servicestatus \{\n(.*?)\n\t\}`).FindAllStringSubmatch(string(text), -1) {
		values := map[string]string{}
		for line := range strings.Lines(block[1]) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values[name] = value
		}
		if values["has_been_checked"] != "1" {
			continue
		}
		state, err := strconv.Atoi(values["current_state"])
		check(t, err)
		list[values["service_description"]] = result{
			state: state, first: values["plugin_output"], performanceData: values["performance_data"],
			long: strings.ReplaceAll(values["long_plugin_output"], `\n`, "\n"),
		}
	}
	return list
}

package engines

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A sample is a saved status, and what the plugin makes of it.
type sample struct {
	name    string   // of the service or host that judges it
	file    string   // below /var/spool/samples; $ is $
	pools   string   // JSON; without it nobody ever writes the file
	args    []string // more flags
	state   int
	summary string // what the first line begins with
}

const folder = "/var/spool/samples/"

func (s sample) path() string { return folder + s.file }

var samples = []sample{
	{
		name: "ok", file: "ok.json", state: 0, summary: "CS BACKUP OK - pool01.contoso.com: 2 modules healthy",
		pools: pool("pool01.contoso.com", "FinalState"),
	},
	{
		name: "warning", file: "warning.json", state: 1,
		summary: "CS BACKUP WARNING - pool01.contoso.com: ConfServices.DataConf export NonSteadyState (1 more module healthy)",
		pools:   pool("pool01.contoso.com", "NonSteadyState"),
	},
	{
		name: "critical", file: "critical.json", state: 2,
		summary: "CS BACKUP CRITICAL - pool01.contoso.com: ConfServices.DataConf export ErrorState (1 more module healthy)",
		pools:   pool("pool01.contoso.com", "ErrorState"),
	},
	{
		name: "unknown", file: "unknown.json", state: 3,
		summary: "CS BACKUP UNKNOWN - pool01.contoso.com: ConfServices.DataConf export 7",
		pools:   pool("pool01.contoso.com", "7"),
	},
	{
		// What an engine, a shell or a web page may stumble over, in the text and in the file's name.
		name: "text", file: "Häfen & 100 $HOSTNAME$.json", state: 3,
		summary: `CS BACKUP UNKNOWN - pool02.contoso.com: the status could not be fetched: ` +
			`Zugriff auf "fs01/csbackup$" verweigert: ‹Übung› ¦ 'größer'; 100 % ` + "`id` $(id) $HOSTNAME$ (2 modules healthy)",
		pools: pool("pool01.contoso.com", "FinalState") +
			`,{"poolFqdn":"pool02.contoso.com","modules":[],` +
			`"error":"Zugriff auf \"fs01/csbackup$\" verweigert: <Übung> | 'größer'; 100 % \u0060id\u0060 $(id) $HOSTNAME$"}`,
	},
	{
		name: "long", file: "long.json", state: 2, args: []string{"--verbose=2"},
		summary: "CS BACKUP CRITICAL - pool01.contoso.com: ConfServices.DataConf export ErrorState " +
			"(39 more problems, 40 modules healthy)",
		pools: func() string {
			var list []string
			for i := 1; i <= 40; i++ {
				list = append(list, pool(fmt.Sprintf("pool%02d.contoso.com", i), "ErrorState"))
			}
			return strings.Join(list, ",")
		}(),
	},
	{
		name: "hangs", file: "hangs.json", state: 3, args: []string{"--timeout=1s"},
		summary: "CS BACKUP UNKNOWN - " + folder + "hangs.json",
	},
}

func pool(name, state string) string {
	return fmt.Sprintf(`{"poolFqdn":%q,"modules":[`+
		`{"identity":"UserServices.PresenceFocus","exportStatus":"SteadyState","importStatus":"NormalState"},`+
		`{"identity":"ConfServices.DataConf","exportStatus":%q,"importStatus":"NormalState"}]}`, name, state)
}

// save writes the samples.
func save(t *testing.T) {
	t.Helper()
	check(t, os.MkdirAll(folder, 0o755))
	for _, s := range samples {
		s.save(t, s.path())
	}
}

func (s sample) save(t *testing.T, path string) {
	t.Helper()
	if s.pools == "" {
		check(t, syscall.Mkfifo(path, 0o644))
		return
	}
	write(t, path, fmt.Sprintf(`{"schema":"check_cs_backup/1","collectedAt":%q,"pools":[%s]}`,
		time.Now().UTC().Add(-40*time.Second).Format(time.RFC3339), s.pools))
}

// A result is what is known of one run of the plugin.
type result struct {
	state           int
	first, long     string // without performance data
	performanceData string
}

// run returns what the plugin does with some arguments, and sees to it that this is what the sample says.
func (s sample) run(t *testing.T) result {
	t.Helper()
	got := run(t, plugin, append([]string{"--file", s.path()}, s.args...)...)
	if got.state != s.state || !strings.HasPrefix(got.first, s.summary) {
		t.Errorf("%s: state %d, %q, want %d, %q", s.name, got.state, got.first, s.state, s.summary)
	}
	return got
}

// run takes the output of a plugin apart.
func run(t *testing.T, name string, args ...string) result {
	t.Helper()
	out, state := output(t, name, args...)
	first, long, _ := strings.Cut(out, "\n")
	first, performanceData, _ := strings.Cut(first, " | ")
	return result{state: state, first: first, long: long, performanceData: performanceData}.normal()
}

// output returns what a plugin prints, and its exit code.
func output(t *testing.T, name string, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// changing is what differs from run to run.
var changing = regexp.MustCompile(`('?age'?=|'?time'?=|collected )[0-9.]+`)

func steady(text string) string { return changing.ReplaceAllString(text, "${1}0") }

// normal takes out what differs from run to run, and blanks that no engine keeps.
func (r result) normal() result {
	var lines []string
	for line := range strings.Lines(r.long) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return result{
		state: r.state, first: steady(strings.TrimSpace(r.first)), long: steady(strings.TrimSpace(strings.Join(lines, "\n"))),
		performanceData: steady(strings.TrimSpace(r.performanceData)),
	}
}

// compare reports what an engine holds that is not what the plugin printed.
func compare(t *testing.T, service string, got, want result) {
	t.Helper()
	got = got.normal()
	if got.state != want.state {
		t.Errorf("%s: state %d, want %d", service, got.state, want.state)
	}
	for _, part := range []struct{ name, got, want string }{
		{"first line", got.first, want.first},
		{"long output", got.long, want.long},
		{"performance data", got.performanceData, want.performanceData},
	} {
		if part.got != part.want {
			t.Errorf("%s: %s:\n%s\nwant:\n%s", service, part.name, part.got, part.want)
		}
	}
}

// await asks until there is an answer. What is asked for must come: the limit is for a test that fails.
func await[T any](t *testing.T, what string, ask func() (T, bool)) T {
	t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	limit := time.After(25 * time.Second)
	for {
		if answer, ok := ask(); ok {
			return answer
		}
		select {
		case <-limit:
			t.Fatal("waited in vain for " + what)
		case <-ticker.C:
		}
	}
}

// emptied removes all files of a folder.
func emptied(t *testing.T, folder string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	check(t, err)
	for _, file := range files {
		check(t, os.Remove(file))
	}
}

package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// asked returns the machines whose events were asked for.
func asked(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var machines []string
	for line := range strings.Lines(string(text)) {
		if machine, ok := strings.CutPrefix(line, "Get-WinEvent "); ok {
			machines = append(machines, strings.TrimSpace(machine))
		}
	}
	return strings.Join(machines, " ")
}

// withEvents lets PowerShell find the made-up Get-WinEvent, and returns where it says what it was asked. On Windows there
// is a real one.
func withEvents(t *testing.T, what string) (log string) {
	t.Helper()
	withModule(t)
	log = filepath.Join(tempDir(t), "asked")
	t.Setenv("FAKE_CS_ASKED", log)
	t.Setenv("FAKE_CS_EVENTS", what)
	return log
}

func TestEventsOfAPoolThatIsSick(t *testing.T) {
	log := withEvents(t, "known")
	d := askWell(t, PowerShell(pwsh(t), Query{Pools: []string{"healthy.x", "sick.x"}}))
	if len(d.Notes) != 0 || len(d.Pools[0].Events) != 0 || len(d.Pools[1].Events) != 3 || asked(t, log) != "fe01.contoso.com" {
		t.Fatalf("%+v; asked %q", d, asked(t, log))
	}
	for i, want := range []event{
		{ID: 4042, Level: "Error", Machine: "FE01.contoso.com", Module: "ConfServices.DataConf", Text: "An export failed. " +
			`Backup Module Identity:ConfServices.DataConf Path one:\\fs01\share\1 Path two:\\fs01\share\2 Path three:\\fs02\share\3 ` +
			"Exception: System.IO.IOException: The network path was not found. Cause: made up"},
		{ID: 4069, Level: "Warning", Machine: "FE01.contoso.com", Text: "An update of dbo.batch failed."},
		{ID: 4007, Level: "Error", Machine: "FE01.contoso.com", Text: "An unhandled exception."},
	} {
		got := d.Pools[1].Events[i]
		if age, made := time.Since(got.At), time.Duration(2+10*i)*time.Minute; age < made-time.Minute || age > made+patience {
			t.Errorf("event %d is %v old", got.ID, age)
		}
		if want.At = got.At; got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

// Each of these costs no verdict: the states are there, and at most a note says what could not be read.
func TestEventsOddities(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, events, pools, active string
		query                       Query
		asked, found                string
		note                        string // what the first one says; else there is none
	}{
		{name: "healthy", events: "known", pools: "healthy.x"},
		{name: "a healthy pair", events: "known", pools: "healthy.x", query: Query{Pair: true}},
		{name: "the CMS master whose store was never copied", events: "known", pools: "cms.contoso.com", asked: "fe01.contoso.com",
			found: "4042 4069 4007"},
		{name: "not wanted", events: "known", pools: "sick.x", query: Query{NoEvents: true}},
		{name: "no module", events: "known", pools: "none.x", asked: "fe01.contoso.com", found: "4042 4069 4007"},
		{name: "a status that could not be had", events: "known", pools: "denied.x", asked: "denied.x", found: "4042 4069 4007"},
		{name: "the machine is this one", events: "known", pools: "sick.x", active: strings.ToUpper(host), asked: "here",
			found: "4042 4069 4007"},
		{name: "the machine is not known", events: "known", pools: "sick.x", active: "none", asked: "sick.x", found: "4042 4069 4007"},
		{name: "two sick pools", events: "other", pools: "sick.x sick.y", asked: "fe01.contoso.com fe01.contoso.com", found: "4042 4042"},
		{name: "a long one", events: "long", pools: "sick.x", asked: "fe01.contoso.com", found: "4042"},
		{name: "none", events: "none", pools: "sick.x", asked: "fe01.contoso.com"},
		{name: "no text is installed", events: "bare", pools: "sick.x", asked: "fe01.contoso.com", found: "4042"},
		{name: "denied", events: "denied", pools: "sick.x", asked: "fe01.contoso.com",
			note: "the events of pool sick.x could not be read: fe01.contoso.com: Attempted to perform an unauthorized operation. (the " +
				"account must be one of the 'Event Log Readers' there)"},
		{name: "denied, as a cause", events: "inner", pools: "sick.x", asked: "fe01.contoso.com",
			note: "the events of pool sick.x could not be read: fe01.contoso.com: The log could not be opened: Attempted to perform an " +
				"unauthorized operation. (the account must be one of the 'Event Log Readers' there)"},
		{name: "the newest has no date", events: "undated", pools: "sick.x", asked: "fe01.contoso.com", found: "4069",
			note: "some events of pool sick.x could not be read: fe01.contoso.com: event 4042 has no date"},
		{name: "the newest has no text", events: "textless", pools: "sick.x", asked: "fe01.contoso.com", found: "4069",
			note: "some events of pool sick.x could not be read: fe01.contoso.com: The description of event 4042 could not be found."},
		{name: "no answer", events: "rpc", pools: "sick.x", asked: "fe01.contoso.com",
			note: "the events of pool sick.x could not be read: fe01.contoso.com: The RPC server is unavailable"},
		{name: "hangs", events: "hang", pools: "sick.x sick.y", asked: "fe01.contoso.com",
			note: "the events of pool sick.x could not be read: fe01.contoso.com did not answer within 10 seconds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := withEvents(t, c.events)
			t.Setenv("FAKE_CS_ACTIVE", c.active)
			c.query.Pools = strings.Fields(c.pools)
			d := askWell(t, PowerShell(pwsh(t), c.query))
			var found []string
			for _, pool := range d.Pools {
				for _, event := range pool.Events {
					found = append(found, fmt.Sprint(event.ID))
					if len(event.Text) > 500 || strings.ContainsAny(event.Text, "\r\n\t") || c.events == "long" && len(event.Text) < 500 {
						t.Errorf("text %q", event.Text)
					}
				}
			}
			if got := strings.Join(found, " "); got != c.found || asked(t, log) != c.asked {
				t.Errorf("events %q, want %q; asked %q, want %q", got, c.found, asked(t, log), c.asked)
			}
			if c.note == "" && len(d.Notes) > 0 || c.note != "" && (len(d.Notes) == 0 || d.Notes[0] != c.note) {
				t.Errorf("notes %q", d.Notes)
			}
			if c.events == "hang" && (len(d.Notes) != 2 || !strings.HasSuffix(d.Notes[1], "sick.y could not be read: there was no time "+
				"left")) {
				t.Errorf("notes %q", d.Notes)
			}
		})
	}
}

// A task whose search hangs ends by itself, within its limit, with a whole document and no error.
func TestEventsOfATask(t *testing.T) {
	withEvents(t, "hang")
	k := newTask(t, Query{Pools: []string{"sick.x"}})
	start := time.Now()
	out, code := k.run("-Path", k.file)
	if code != 0 || out != "" || time.Since(start) > patience {
		t.Fatalf("exit code %d after %v: %s", code, time.Since(start), out)
	}
	k.wantPools("sick.x")
	text, _ := os.ReadFile(k.file)
	if d := parse(t, text); len(d.Notes) != 1 || len(d.Pools[0].Modules) != 3 {
		t.Errorf("%s", text)
	}
	if out, code = k.run("-Path", k.file, "-NoEvents"); code != 0 || out != "" {
		t.Fatalf("exit code %d: %s", code, out)
	}
	text, _ = os.ReadFile(k.file)
	if d := parse(t, text); len(d.Notes) != 0 {
		t.Errorf("%s", text)
	}
}

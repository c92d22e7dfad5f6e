package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

func event(id int, age time.Duration, module, text string) status.Event {
	return status.Event{ID: id, Level: "error", At: now.Add(-age), Machine: "fe01", Module: module, Text: text}
}

// TestEvents: the newest three, below the module that they name, else below the pool.
func TestEvents(t *testing.T) {
	sick := pool("sick", users, broken)
	sick.Events = []status.Event{
		event(4007, 50*time.Minute, "", "too old to be shown"),
		event(4042, 12*time.Minute, "confservices.dataconf", "a | <b>\x1b[31m\nc"),
		event(4070, 90*time.Second, "Not.There", ""),
		{ID: 4069, At: now.Add(time.Minute), Text: "x"},
	}
	fine := pool("fine", users)
	fine.Events = []status.Event{event(4042, time.Minute, "", "not shown in a line alone")}
	_, got, _ := strings.Cut(unify(render(prefixed(), settings(), input(fine, sick))), "\n")
	want := `[CRITICAL] sick, collected 40 s ago
    event 4069, 0 s ago: x
    event 4070, error, 90 s ago on fe01
[CRITICAL] ConfServices.DataConf: export ErrorState, import NormalState
    see to the partner's file store (event 4042): network, permissions, SMB 445 from each front end; NAS devices are not supported
    event 4042, error, 12 min ago on fe01: a ¦ ‹b›�[31m c
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] fine, collected 40 s ago: 1 module healthy
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestEventsOfOddPools: one that could not be asked, one whose module stands twice or is ignored, one without a date.
func TestEventsOfOddPools(t *testing.T) {
	failed := status.Pool{Name: "p", Err: "no answer", Events: []status.Event{event(4007, time.Minute, "", "it crashed")}}
	twice := pool("p", broken, slow)
	twice.Events = []status.Event{event(4042, time.Minute, "ConfServices.DataConf", "once")}
	undated := pool("p", broken)
	undated.Events = []status.Event{{ID: 4042, Level: "error", Text: "x"}}
	for want, p := range map[string]status.Pool{
		"    event 4007, error, 60 s ago on fe01: it crashed\n": failed,
		"    event 4042, error, 60 s ago on fe01: once\n":       twice,
		"    event 4042, error, date not known: x\n":            undated,
	} {
		t.Run(want, func(t *testing.T) {
			if got := unify(render(prefixed(), settings(), input(p))); strings.Count(got, want) != 1 {
				t.Errorf("%q is not once in\n%s", want, got)
			}
		})
	}
	s := settings()
	s.Ignore = append(s.Ignore, "ConfServices.*")
	if got, want := unify(render(prefixed(), s, input(twice))), "(ignored)\n    event 4042, "; strings.Count(got, want) != 1 {
		t.Errorf("%q is not once in\n%s", want, got)
	}
}

// TestEventsKeepTheBudget: they give way to what is wrong.
func TestEventsKeepTheBudget(t *testing.T) {
	var pools []status.Pool
	for i := range 40 {
		p := pool(fmt.Sprintf("pool%02d", i), broken)
		for id := range 3 {
			p.Events = append(p.Events, event(id, time.Minute, "", strings.Repeat("€", 4000)))
		}
		pools = append(pools, p)
	}
	out := render(prefixed(), settings(), input(pools...))
	if len(out) > outputBudget || strings.Count(out, "[CRITICAL] ConfServices.DataConf") != len(pools) {
		t.Errorf("%d bytes: %s", len(out), out)
	}
}

// TestEventsInJSON has all of them, as clean as in the plugin output.
func TestEventsInJSON(t *testing.T) {
	p := pool("p", broken)
	p.Events = []status.Event{event(4042, 12*time.Minute, "ConfServices.DataConf", "a | b\n"+strings.Repeat("x", 600)), {ID: 1}}
	o := prefixed()
	o.Format = JSON
	out := render(o, settings(), input(p))
	checkJSON(t, out)
	want := `"events":[{"id":4042,"level":"error","at":"2026-11-24T18:48:40Z","ageSeconds":720,"machine":"fe01",` +
		`"module":"ConfServices.DataConf","text":"a ¦ b ` + strings.Repeat("x", 494) + `…"},{"id":1,"text":""}]`
	if !strings.Contains(out, want) {
		t.Errorf("got %s", out)
	}
}

package thresholds

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// TestEvents: those of all sources of a pool, each once, the newest first; and no verdict changes.
func TestEvents(t *testing.T) {
	event := func(id int, age time.Duration) status.Event {
		return status.Event{ID: id, At: now.Add(-age), Text: "ErrorState"}
	}
	with := func(name, module string, events ...status.Event) Input {
		p := pool(name, module)
		p.Events = events
		return input(p)
	}
	early, late, future, undated := event(1, 12*time.Minute), event(2, time.Minute), event(3, -time.Minute), status.Event{ID: 4}
	j := Judge([]Input{
		with("a", users, undated, early, late), with("A", users, late, future), with("b", users),
	}, defaults(), now)
	var got []string
	for _, p := range j.Pools {
		for _, e := range p.Events {
			got = append(got, fmt.Sprint(p.Name, e.ID, " ", e.Age))
		}
	}
	// The one without a date is the last: its age means nothing.
	if want := "a3 0s, a2 1m0s, a1 12m0s, a4 "; !strings.HasPrefix(strings.Join(got, ", "), want) || len(got) != 4 {
		t.Errorf("got %q", got)
	}
	if j.Severity != OK {
		t.Errorf("%v", j.Severity)
	}
}

// TestEventsAreBounded: of all sources together a pool keeps the newest ten, whichever source comes first.
func TestEventsAreBounded(t *testing.T) {
	var inputs []Input
	for i := range 30 {
		p := pool("a", users)
		for id := range 3 { // of each date there are three
			p.Events = append(p.Events, status.Event{ID: 4000 + id, At: now.Add(-time.Duration(i) * time.Minute),
				Machine: fmt.Sprint(i % 2)})
		}
		inputs = append(inputs, input(p), input(p))
	}
	events := func() []Event { return Judge(inputs, defaults(), now).Pools[0].Events }
	first := events()
	var got []string
	for _, e := range first {
		got = append(got, fmt.Sprint(e.ID, "/", e.Age.Minutes()))
	}
	want := "4000/0 4001/0 4002/0 4000/1 4001/1 4002/1 4000/2 4001/2 4002/2 4000/3"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
	slices.Reverse(inputs)
	if last := events(); !slices.Equal(last, first) {
		t.Errorf("in the other order: %v", last)
	}
}

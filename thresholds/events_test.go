package thresholds

import (
	"fmt"
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

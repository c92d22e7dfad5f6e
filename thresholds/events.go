package thresholds

import (
	"slices"
	"time"

	"check_cs_backup/check/status"
)

// An Event is one of the Backup Service's own, and how old it is.
type Event struct {
	status.Event
	// Age is counted from its date, and is not negative: a little into the future is the present. It means nothing where
	// the event has no date.
	Age time.Duration
}

// addEvents adds events of a pool: two sources may have the same one.
func (p *PoolVerdict) addEvents(events []status.Event) {
	for _, event := range events {
		same := func(known Event) bool { return known.Event == event }
		if !slices.ContainsFunc(p.Events, same) {
			p.Events = append(p.Events, Event{Event: event})
		}
	}
}

// dateEvents puts the newest event in front and reckons how old each is.
func (p *PoolVerdict) dateEvents(now time.Time) {
	slices.SortStableFunc(p.Events, func(a, b Event) int { return b.At.Compare(a.At) })
	for i := range p.Events {
		p.Events[i].Age = max(now.Sub(p.Events[i].At), 0)
	}
}

package thresholds

import (
	"cmp"
	"slices"
	"time"

	"check_cs_backup/check/status"
)

// An Event is one of the Backup Service's own, and how old it is.
type Event struct {
	status.Event
	// Age is counted from its date, and is not negative: a little into the future is the present. It means nothing
	// where the event has no date.
	Age time.Duration
}

// maxEvents is how many events of a pool are kept, of all its sources together.
const maxEvents = 10

// addEvents adds events of a pool, of which two sources may have the same one, and keeps the newest in front. Those of
// one date are in an order that does not depend on which source came first.
func (p *PoolVerdict) addEvents(events []status.Event) {
	for _, event := range events {
		if !slices.Contains(p.Events, Event{Event: event}) {
			p.Events = append(p.Events, Event{Event: event})
		}
	}
	slices.SortFunc(p.Events, func(a, b Event) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Module, b.Module),
			cmp.Compare(a.Machine, b.Machine), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Text, b.Text))
	})
	p.Events = p.Events[:min(len(p.Events), maxEvents)]
}

// dateEvents reckons how old each event is.
func (p *PoolVerdict) dateEvents(now time.Time) {
	for i := range p.Events {
		p.Events[i].Age = max(now.Sub(p.Events[i].At), 0)
	}
}

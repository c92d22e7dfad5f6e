package report

import (
	"strconv"
	"strings"
	"time"

	"check_cs_backup/thresholds"
)

// fewEvents is how many events of a pool are shown, eventLimit how many characters of one: what an exception was stands
// behind three paths.
const (
	fewEvents  = 3
	eventLimit = 500
)

// sayEvents says the newest events of a pool: those that name a module of it, or with nil the others.
func (s section) sayEvents(ls *lines, m *thresholds.ModuleVerdict) {
	if s.pool == nil {
		return
	}
	for _, event := range s.pool.Events[:min(len(s.pool.Events), fewEvents)] {
		if s.moduleOf(event) == m {
			ls.add(detail, "    "+eventText(event))
		}
	}
}

// moduleOf returns the module of the pool that an event names, the first of several; nil where there is none.
func (s section) moduleOf(event thresholds.Event) *thresholds.ModuleVerdict {
	for _, e := range s.entries {
		if e.module != nil && event.Module != "" && strings.EqualFold(e.module.Identity, event.Module) {
			return e.module
		}
	}
	return nil
}

func eventText(event thresholds.Event) string {
	text := "event " + strconv.Itoa(event.ID)
	if event.Level != "" {
		text += ", " + clean(event.Level, nameLimit)
	}
	if event.At.IsZero() {
		text += ", date not known"
	} else {
		text += ", " + duration(event.Age) + " ago"
	}
	if event.Machine != "" {
		text += " on " + clean(event.Machine, nameLimit)
	}
	if event.Text == "" {
		return text
	}
	return text + ": " + clean(event.Text, eventLimit)
}

type jsonEvent struct {
	ID         int    `json:"id"`
	Level      string `json:"level,omitempty"`
	At         string `json:"at,omitempty"`
	AgeSeconds *int64 `json:"ageSeconds,omitempty"`
	Machine    string `json:"machine,omitempty"`
	Module     string `json:"module,omitempty"`
	Text       string `json:"text"`
}

func newJSONEvents(p *thresholds.PoolVerdict) []jsonEvent {
	events := []jsonEvent{}
	for _, event := range p.Events {
		e := jsonEvent{
			ID: event.ID, Level: clean(event.Level, nameLimit), Machine: clean(event.Machine, nameLimit),
			Module: clean(event.Module, nameLimit), Text: clean(event.Text, eventLimit),
		}
		if !event.At.IsZero() {
			seconds := int64(event.Age.Seconds())
			e.At, e.AgeSeconds = event.At.UTC().Format(time.RFC3339), &seconds
		}
		events = append(events, e)
	}
	return events
}

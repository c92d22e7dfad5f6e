package report

import (
	"slices"
	"strconv"
	"strings"

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
	for i, of := range s.eventsOf {
		if of == m {
			ls.add(detail, "    "+eventText(s.pool.Events[i]))
		}
	}
}

// modulesOf returns for each of a pool's newest events the module that it names, the first of several; nil where there
// is none.
func modulesOf(p *thresholds.PoolVerdict) []*thresholds.ModuleVerdict {
	list := make([]*thresholds.ModuleVerdict, min(len(p.Events), fewEvents))
	for i := range list {
		name := p.Events[i].Module
		named := func(m thresholds.ModuleVerdict) bool { return strings.EqualFold(m.Identity, name) }
		if at := slices.IndexFunc(p.Modules, named); at >= 0 && name != "" {
			list[i] = &p.Modules[at]
		}
	}
	return list
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

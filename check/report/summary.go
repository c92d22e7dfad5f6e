package report

import (
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// summaryLimit is how many characters of a summary there are at most. Where names are of common length it stays under
// 80.
const summaryLimit = 240

// summary is the first line's text: the worst problem, and how much more there is.
func (r result) summary() string {
	text := status.Shorten(r.headline(), summaryLimit)
	if rest := r.rest(); len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text
}

// headline says the worst problem, or whom all is well with.
func (r result) headline() string {
	switch {
	case r.problems > 0 && r.asksReady():
		return r.notReady()
	case r.problems > 0:
		return r.explain(r.worst).String()
	case r.Ready && len(r.Pairs) == 1:
		return "ready to fail over: " + title(r.Pairs[0].Pools[0]) + " and " + title(r.Pairs[0].Pools[1])
	case r.Ready:
		return "ready to fail over: " + plural(len(r.Pairs), "pair")
	case r.asksReady():
		return "not ready to fail over"
	case len(r.Pools) == 1:
		return title(&r.Pools[0]) + ": " + r.healthy("")
	default:
		return plural(len(r.Pools), "pool") + ", " + r.healthy("")
	}
}

// rest is what the headline does not say.
func (r result) rest() []string {
	var rest []string
	if r.problems > 1 {
		rest = append(rest, plural(r.problems-1, "more problem"))
	}
	switch healthy := r.modules[thresholds.OK] > 0; {
	case healthy && r.problems == 1 && r.ofModule:
		rest = append(rest, r.healthy("more "))
	case healthy && (r.problems > 0 || r.Ready):
		rest = append(rest, r.healthy(""))
	}
	if r.excused > 0 {
		rest = append(rest, plural(r.excused, "fault")+" set to ok")
	}
	return rest
}

// healthy says how many modules are.
func (r result) healthy(more string) string {
	text := plural(r.modules[thresholds.OK], more+"module") + " healthy"
	if r.outdated && r.problems > 0 {
		text += " when last seen"
	}
	return text
}

// notReady says the way that is not ready to fail over, unless something else is worse.
func (r result) notReady() string {
	var bad *thresholds.Way
	for _, pair := range r.Pairs {
		for i := range pair.Ways {
			if w := &pair.Ways[i]; len(w.Problems) > 0 && (bad == nil || w.Severity.WorseThan(bad.Severity)) {
				bad = w
			}
		}
	}
	if bad == nil || r.worst.Severity.WorseThan(bad.Severity) {
		return "not ready to fail over: " + r.explain(r.worst).String()
	}
	return "not ready to fail over " + wayTitle(*bad) + ": " + r.wayReason(bad.Problems[0])
}

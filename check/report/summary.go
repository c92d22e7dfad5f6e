package report

import (
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// summaryLimit is how many characters of a summary there are at most. Where names are of common length it stays under
// 80.
const summaryLimit = 240

// A tally is what the first line counts.
type tally struct {
	worst                      entry
	problems, excused, healthy int
	ofModule, outdated         bool
}

func (r result) tally() tally {
	t := tally{healthy: count(r.sections...)[thresholds.OK]}
	for _, s := range r.sections {
		for _, e := range s.entries {
			t.outdated = t.outdated || e.is(thresholds.Stale, thresholds.Undated, thresholds.Future)
			if e.severity == thresholds.OK {
				if e.finding != nil {
					t.excused++
				}
				continue
			}
			t.problems++
			t.ofModule = t.ofModule || e.module != nil
			if t.problems == 1 || e.severity.WorseThan(t.worst.severity) {
				t.worst = e
			}
		}
	}
	return t
}

// summary is the first line's text: the worst problem, and how much more there is.
func (r result) summary() string {
	t := r.tally()
	healthy := plural(t.healthy, "module") + " healthy"
	var text string
	var rest []string
	switch {
	case r.Judgement.Ready:
		text, rest = r.ready(), []string{healthy}
	case t.problems == 0 && r.asksReady():
		text = "not ready to fail over"
	case t.problems == 0 && len(r.Pools) == 1:
		text = title(&r.Pools[0]) + ": " + healthy
	case t.problems == 0:
		text = plural(len(r.Pools), "pool") + ", " + healthy
	case r.asksReady():
		text = r.notReady(t.worst)
	default:
		text = t.worst.brief(r.Options)
	}
	if t.problems > 1 {
		rest = append(rest, plural(t.problems-1, "more problem"))
	}
	if t.problems > 0 && t.healthy > 0 {
		if t.problems == 1 && t.ofModule {
			healthy = plural(t.healthy, "more module") + " healthy"
		}
		if t.outdated {
			healthy += " when last seen"
		}
		rest = append(rest, healthy)
	}
	if t.excused > 0 {
		rest = append(rest, plural(t.excused, "fault")+" set to ok")
	}
	text = status.Shorten(text, summaryLimit)
	if len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text
}

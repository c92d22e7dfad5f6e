package report

import (
	"strings"

	"check_cs_backup/thresholds"
)

// summaryLimit is how many characters of a summary there are at most. Where names are of common length it stays under
// 80.
const summaryLimit = 240

// summary is the first line's text: the worst problem, and how much more there is.
func (r result) summary() string {
	var worst entry
	problems, excused := 0, 0
	ofModule, outdated := false, false
	for _, s := range r.sections {
		for _, e := range s.entries {
			outdated = outdated || e.is(thresholds.Stale, thresholds.Undated, thresholds.Future)
			if e.severity == thresholds.OK {
				if e.finding != nil {
					excused++
				}
				continue
			}
			problems++
			ofModule = ofModule || e.module != nil
			if problems == 1 || e.severity.WorseThan(worst.severity) {
				worst = e
			}
		}
	}
	healthy := count(r.sections...)[thresholds.OK]
	var text string
	var rest []string
	if problems > 0 {
		text = worst.brief(r.Options)
		if r.asksReady() {
			text = r.notReady(worst)
		}
	}
	if problems > 1 {
		rest = append(rest, plural(problems-1, "more problem"))
	}
	switch {
	case r.Judgement.Ready:
		text = r.ready()
		rest = append(rest, plural(healthy, "module")+" healthy")
	case problems == 0 && r.asksReady():
		text = "not ready to fail over"
	case problems == 0 && len(r.Pools) == 1:
		text = title(&r.Pools[0]) + ": " + plural(healthy, "module") + " healthy"
	case problems == 0:
		text = plural(len(r.Pools), "pool") + ", " + plural(healthy, "module") + " healthy"
	case healthy > 0:
		were := " healthy"
		if outdated {
			were = " healthy when last seen"
		}
		thing := "module"
		if problems == 1 && ofModule {
			thing = "more module"
		}
		rest = append(rest, plural(healthy, thing)+were)
	}
	if excused > 0 {
		rest = append(rest, plural(excused, "fault")+" set to ok")
	}
	text = cut(text, summaryLimit)
	if len(rest) > 0 {
		text += " (" + strings.Join(rest, ", ") + ")"
	}
	return text
}

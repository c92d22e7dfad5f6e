package report

import (
	"cmp"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// fewReasons is how many reasons a way's line has. More of them stand with the pools, and in the JSON.
const fewReasons = 20

// asksReady reports whether the question is if the pairs are ready to fail over.
func (r result) asksReady() bool { return r.Profile == thresholds.Failover }

// wayTitle names a way by its two ends.
func wayTitle(w thresholds.Way) string {
	from, to := clean(w.From, nameLimit), clean(w.To, nameLimit)
	return cmp.Or(from, "a pool without a name") + " to " + cmp.Or(to, "its backup pool")
}

// worstWay is the severity of the worse way of a pair; of no pair it is OK.
func worstWay(pair *thresholds.Pair) thresholds.Severity {
	worst := thresholds.OK
	if pair != nil {
		for _, w := range pair.Ways {
			worst = thresholds.Worst(worst, w.Severity)
		}
	}
	return worst
}

// sayWays says each way of a pair in a line, the worse first, and what to do about it.
func (r result) sayWays(ls *lines, pair *thresholds.Pair) {
	for _, w := range worstFirst(pair.Ways, func(w thresholds.Way) thresholds.Severity { return w.Severity }) {
		ls.add(rankOf(w.Severity), tag(w.Severity)+wayTitle(w)+": "+r.wayText(w))
		for _, p := range w.Problems[:min(len(w.Problems), fewReasons)] {
			for _, advice := range r.problemAdvice(p) {
				ls.advise(advice)
			}
		}
	}
}

// wayText says how it stands with a way, with all the reasons.
func (r result) wayText(w thresholds.Way) string {
	if len(w.Problems) == 0 {
		modules := plural(w.Modules, "module") + " healthy"
		if w.Ready {
			return "ready to fail over (" + modules + ")"
		}
		return modules
	}
	var reasons []string
	for _, p := range w.Problems[:min(len(w.Problems), fewReasons)] {
		reasons = append(reasons, r.problemText(p))
	}
	if more := len(w.Problems) - fewReasons; more > 0 {
		reasons = append(reasons, "and "+thousands(more)+" more")
	}
	text := strings.Join(reasons, "; ")
	if r.asksReady() {
		return "not ready to fail over: " + text
	}
	return text
}

func problemEntry(p thresholds.Problem) entry {
	return entry{severity: p.Severity, pool: p.Pool, finding: p.Finding, module: p.Module}
}

// problemText says a problem behind the title of its way, so the pools have no need to be named where it is about both,
// or about a module that the one exports or the other imports.
func (r result) problemText(p thresholds.Problem) string {
	e := problemEntry(p)
	if e.module != nil {
		return moduleName(e.module) + " " + stateText(e, p.Direction)
	}
	m := explain(e, r.Options)
	if e.finding.Partner != "" && !e.is(thresholds.ModuleUnpaired, thresholds.NoPartner) {
		return m.what
	}
	return m.String()
}

// problemAdvice says what to do about a problem, and before a failover what to wait for.
func (r result) problemAdvice(p thresholds.Problem) []string {
	e := problemEntry(p)
	if e.finding != nil {
		return e.advice(r.Options)
	}
	advice := []string{stateAdvice(e, p.Direction)}
	if r.asksReady() && e.module.State(p.Direction).Is(status.NonSteadyState) {
		advice = append([]string{"wait for SteadyState or FinalState"}, advice...)
	}
	return advice
}

// notReady is the first line's text where a failover is asked about and something is wrong: the way that it is about,
// unless something else is worse.
func (r result) notReady(worst entry) string {
	var bad *thresholds.Way
	for i := range r.Pairs {
		for k := range r.Pairs[i].Ways {
			if w := &r.Pairs[i].Ways[k]; len(w.Problems) > 0 && (bad == nil || w.Severity.WorseThan(bad.Severity)) {
				bad = w
			}
		}
	}
	if bad == nil || worst.severity.WorseThan(bad.Severity) {
		return "not ready to fail over: " + worst.brief(r.Options)
	}
	return "not ready to fail over " + wayTitle(*bad) + ": " + r.problemText(bad.Problems[0])
}

// ready is the first line's text where all pairs are ready to fail over.
func (r result) ready() string {
	if len(r.Pairs) == 1 {
		pools := r.Pairs[0].Pools
		return "ready to fail over: " + title(pools[0]) + " and " + title(pools[1])
	}
	return "ready to fail over: " + plural(len(r.Pairs), "pair")
}

// notes are those of the sources, and what a user should know of the verdict: a half of a pair that was not seen, and
// values that have no effect.
func (r result) notes() []string {
	var notes []string
	for _, note := range r.Notes {
		notes = append(notes, clean(note, messageLimit))
	}
	notes = append(notes, r.halves(false, " was not seen, so what it imports is not known (--pair, -Pair, or its file)")...)
	notes = append(notes, r.halves(true, " was read, but --pool leaves it out, so what it imports is not known")...)
	for _, idle := range r.Idle {
		notes = append(notes, idleText(idle))
	}
	return notes
}

// halves says in one note of how many pools the backup pool was not judged, because --pool leaves it out or else.
func (r result) halves(leftOut bool, why string) []string {
	first, count := "", 0
	for _, f := range r.Halves {
		if (len(f.Names) > 0) == leftOut {
			if count++; count == 1 {
				first = "the backup pool " + clean(f.Partner, nameLimit)
			}
		}
	}
	switch count {
	case 0:
		return nil
	case 1:
		return []string{first + why}
	default:
		return []string{first + " (and of " + plural(count-1, "more pool") + ")" + why}
	}
}

func idleText(idle thresholds.Idle) string {
	why := "no module that was read has this name"
	if idle.State {
		why = "this state is not documented, and was not read"
	}
	text := idle.Flag + " " + clean(idle.Given, nameLimit) + " has no effect: " + why
	if idle.Nearest != "" {
		text += "; the nearest is " + clean(idle.Nearest, nameLimit)
	}
	return text
}

package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// summaryLimit is how many characters of a summary there are at most. Where names are of common length it stays under
// 80.
const summaryLimit = 240

// summary is the first line's text: the worst problem, and how much more there is.
func summary(j thresholds.Judgement, o Options) string {
	worst, problems := "", 0
	severity := thresholds.OK
	ofModule, outdated, excused := false, false, 0
	note := func(s thresholds.Severity, text func() string) {
		if s == thresholds.OK {
			return
		}
		problems++
		if s.WorseThan(severity) {
			severity, worst = s, text()
		}
	}
	noteFinding := func(f thresholds.Finding, p thresholds.PoolVerdict) {
		outdated = outdated || f.Kind == thresholds.Stale || f.Kind == thresholds.Future || f.Kind == thresholds.Undated
		if f.Severity == thresholds.OK {
			excused++
		}
		note(f.Severity, func() string { return explain(f, p, o).String() })
	}
	for _, f := range j.Findings {
		noteFinding(f, thresholds.PoolVerdict{})
	}
	for _, p := range j.Pools {
		for _, f := range p.Findings {
			noteFinding(f, p)
		}
		for _, m := range p.Modules {
			if !m.Ignored {
				ofModule = ofModule || m.Severity != thresholds.OK
				note(m.Severity, func() string { return title(p) + ": " + name(m) + " " + faultyStates(m) })
			}
		}
	}
	healthy := count(j.Pools...)[thresholds.OK]
	var rest []string
	if problems > 1 {
		rest = append(rest, plural(problems-1, "more problem"))
	}
	switch {
	case problems == 0 && len(j.Pools) == 1:
		worst = title(j.Pools[0]) + ": " + plural(healthy, "module") + " healthy"
	case problems == 0:
		worst = plural(len(j.Pools), "pool") + ", " + plural(healthy, "module") + " healthy"
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
	worst = clean(worst, summaryLimit)
	if len(rest) > 0 {
		worst += " (" + strings.Join(rest, ", ") + ")"
	}
	return worst
}

// counts tells how many modules have which severity.
type counts [4]int

func count(pools ...thresholds.PoolVerdict) counts {
	var c counts
	for i := range pools {
		for _, m := range pools[i].Modules {
			if !m.Ignored {
				c[m.Severity]++
			}
		}
	}
	return c
}

// oldest is the greatest age of any pool's status.
func oldest(j thresholds.Judgement) (age time.Duration, known bool) {
	for _, p := range j.Pools {
		if !p.CollectedAt.IsZero() && (!known || p.Age > age) {
			age, known = p.Age, true
		}
	}
	return age, known
}

// title is what a pool is called: its FQDN, or where that is not known the sources that told of it.
func title(p thresholds.PoolVerdict) string {
	return cmp.Or(clean(p.Name, nameLimit), clean(strings.Join(p.Origins, ", "), nameLimit), "a pool without a name")
}

func name(m thresholds.ModuleVerdict) string {
	return cmp.Or(clean(m.Identity, nameLimit), "a module without a name")
}

// faultyStates names the directions that are not OK.
func faultyStates(m thresholds.ModuleVerdict) string {
	var states []string
	for d, v := range m.Directions {
		if v.Severity != thresholds.OK {
			states = append(states, stateText(m, status.Direction(d)))
		}
	}
	return strings.Join(states, ", ")
}

// stateText says one state as it was read, and what its word alone does not explain.
func stateText(m thresholds.ModuleVerdict, d status.Direction) string {
	word := clean(string(m.State(d)), nameLimit)
	if word == "" {
		word = "state missing"
	}
	text := d.String() + " " + word
	if reason := reasonText(m.Directions[d]); reason != "" {
		text += " (" + reason + ")"
	}
	return text
}

func reasonText(v thresholds.DirectionVerdict) string {
	if v.Master != "" {
		return clean(v.Master, nameLimit) + " is the CMS master by --cms-master"
	}
	switch v.Reason {
	case thresholds.NotMaster:
		return "this pool is not the CMS master"
	case thresholds.TakenForNotMaster:
		return "taken for not the CMS master, which is not known"
	case thresholds.IsMaster:
		return "this pool is the CMS master"
	case thresholds.MasterUnclear:
		return "whether this pool is the CMS master is not known: name it with --pool"
	case thresholds.ByRule:
		return "by --rule"
	default:
		return ""
	}
}

// plural counts things: "1 module", "2 modules", "29,994 modules".
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}

func thousands(n int) string {
	digits := strconv.Itoa(n)
	var groups []string
	for len(digits) > 3 {
		groups = append(groups, digits[len(digits)-3:])
		digits = digits[:len(digits)-3]
	}
	groups = append(groups, digits)
	slices.Reverse(groups)
	return strings.Join(groups, ",")
}

// duration says a time span in its one fitting unit, rounded down.
func duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + duration(-d)
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	default:
		return strconv.Itoa(int(d.Hours()/24)) + " days"
	}
}

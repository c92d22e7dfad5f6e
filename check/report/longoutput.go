package report

import (
	"errors"
	"slices"
	"strings"

	"check_cs_backup/thresholds"
)

// healthyPools is how many pools without a problem have a line of their own; more of them are counted.
const healthyPools = 10

// longOutput says everything, the worst first.
func (r result) longOutput() *lines {
	ls := &lines{}
	if r.unchecked() {
		r.sayAdvice(ls, r.sections[0].entries[0]) // the first line said the rest
		return ls
	}
	sorted := slices.Clone(r.sections)
	slices.SortStableFunc(sorted, func(a, b section) int { return a.severity.Compare(b.severity) })
	for i, s := range sorted {
		if s.pool == nil {
			r.sayEntries(ls, s)
		} else if s.severity == thresholds.OK && len(r.Pools) > 1 {
			r.sayHealthy(ls, sorted[i:]) // behind the first healthy pool all are
			break
		} else {
			r.sayPool(ls, s)
		}
	}
	for _, note := range r.Notes {
		ls.add(detail, "note: "+clean(note, messageLimit))
	}
	return ls
}

func ball(s thresholds.Severity) string { return "[" + s.String() + "] " }

func rankOf(s thresholds.Severity) rank {
	if s == thresholds.OK {
		return healthy
	}
	return problem
}

func (r result) sayPool(ls *lines, s section) {
	ls.add(rankOf(s.severity), ball(s.severity)+r.poolLine(s.pool))
	r.sayEntries(ls, s)
}

// sayEntries says what there is to say of one section.
func (r result) sayEntries(ls *lines, s section) {
	sorted := slices.Clone(s.entries)
	slices.SortStableFunc(sorted, func(a, b entry) int { return a.severity.Compare(b.severity) })
	for _, e := range sorted {
		if e.module != nil && e.module.Ignored {
			ls.add(healthy, e.line(r.Options)+" (ignored)")
			continue
		}
		ls.add(rankOf(e.severity), ball(e.severity)+e.line(r.Options))
		r.sayAdvice(ls, e)
	}
}

// A tracer is an error that knows where in the code it was made: a panic.
type tracer interface {
	error
	Trace() string
}

// sayAdvice says what to do about an entry; of a panic it says where, when asked to say a lot.
func (r result) sayAdvice(ls *lines, e entry) {
	for _, advice := range e.advice(r.Options) {
		ls.advise(advice)
	}
	if e.finding == nil || r.Verbose < 2 {
		return
	}
	if trace, ok := errors.AsType[tracer](e.finding.Err); ok {
		for l := range strings.Lines(trace.Trace()) {
			ls.add(detail, "    "+clean(l, messageLimit))
		}
	}
}

// poolLine is the pool and the age of its status; verbose, also where that came from.
func (r result) poolLine(p *thresholds.PoolVerdict) string {
	text := title(p)
	switch age, known := trueAge(p); {
	case p.CollectedAt.IsZero():
		text += ", age not known"
	case !known:
		text += ", dated " + duration(-p.Age) + " into the future"
	case p.Age < 0:
		text += ", collected just now"
	default:
		text += ", collected " + duration(age) + " ago"
	}
	add := func(what, value string) {
		if value != "" {
			text += ", " + what + " " + value
		}
	}
	if r.Verbose >= 1 {
		add("from", clean(strings.Join(p.Origins, ", "), messageLimit))
		add("backup pool", clean(p.Backup, nameLimit))
	}
	if r.Verbose >= 2 {
		add("service active on", clean(p.ActiveMachine, nameLimit))
		if !p.CollectedAt.IsZero() {
			add("dated", p.CollectedAt.UTC().Format("2006-01-02 15:04:05Z"))
		}
		add("collected on", clean(p.Host, nameLimit))
		add("PowerShell module", clean(p.PSModule, nameLimit))
	}
	return text
}

// sayHealthy says pools without a problem in a line each, or counts them; verbose, it says all of them.
func (r result) sayHealthy(ls *lines, pools []section) {
	if r.Verbose >= 1 {
		for _, s := range pools {
			r.sayPool(ls, s)
		}
		return
	}
	if len(pools) > healthyPools {
		modules := count(pools...)[thresholds.OK]
		ls.add(healthy, ball(thresholds.OK)+plural(len(pools), "healthy pool")+", "+plural(modules, "module"))
		return
	}
	for _, s := range pools {
		ls.add(healthy, ball(thresholds.OK)+r.poolLine(s.pool)+": "+plural(count(s)[thresholds.OK], "module")+" healthy")
	}
}

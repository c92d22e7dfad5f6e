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
	blocks := r.blocks()
	for i, b := range blocks {
		if b.isHealthy() && len(r.Pools) > 1 {
			r.sayHealthy(ls, blocks[i:]) // behind the first healthy block all are
			break
		}
		r.sayBlock(ls, b)
	}
	for _, note := range r.notes() {
		ls.add(detail, "note: "+note)
	}
	return ls
}

// A block is what stands together: the ways of a pair and its pools, or one section.
type block struct {
	severity thresholds.Severity
	pair     *thresholds.Pair
	sections []section
}

// blocks is all there is to say, the worst first.
func (r result) blocks() []block {
	var list []block
	places := make(map[*thresholds.Pair]int, len(r.Pairs))
	for _, s := range r.sections {
		i, known := places[s.pair]
		if s.pair == nil || !known {
			i = len(list)
			places[s.pair] = i
			list = append(list, block{severity: worstWay(s.pair), pair: s.pair})
		}
		list[i].severity = thresholds.Worst(list[i].severity, s.severity)
		list[i].sections = append(list[i].sections, s)
	}
	slices.SortStableFunc(list, func(a, b block) int { return a.severity.Compare(b.severity) })
	return list
}

func ball(s thresholds.Severity) string { return "[" + s.String() + "] " }

func rankOf(s thresholds.Severity) rank {
	if s == thresholds.OK {
		return healthy
	}
	return problem
}

// sayBlock says the ways of a pair, then its pools. What is wrong with the pair the ways have said.
func (r result) sayBlock(ls *lines, b block) {
	if b.pair != nil {
		r.sayWays(ls, b.pair)
	}
	sorted := slices.Clone(b.sections)
	slices.SortStableFunc(sorted, func(a, b section) int { return a.severity.Compare(b.severity) })
	for _, s := range sorted {
		switch {
		case s.pool == nil && s.pair != nil && s.severity != thresholds.OK:
		case s.pool == nil:
			r.sayEntries(ls, s)
		case s.isHealthy() && len(r.Pools) > 1 && r.Verbose == 0:
			ls.add(healthy, ball(s.severity)+r.poolLine(s.pool)+": "+plural(count(s)[thresholds.OK], "module")+" healthy")
		default:
			ls.add(rankOf(s.severity), ball(s.severity)+r.poolLine(s.pool))
			s.sayEvents(ls, nil)
			r.sayEntries(ls, s)
		}
	}
}

// sayEntries says what there is to say of one section.
func (r result) sayEntries(ls *lines, s section) {
	sorted := slices.Clone(s.entries)
	slices.SortStableFunc(sorted, func(a, b entry) int { return a.severity.Compare(b.severity) })
	for _, e := range sorted {
		if e.module != nil && e.module.Ignored {
			ls.add(healthy, e.line(r.Options)+" (ignored)")
			s.sayEvents(ls, e.module)
			continue
		}
		ls.add(rankOf(e.severity), ball(e.severity)+e.line(r.Options))
		r.sayAdvice(ls, e)
		if e.module != nil {
			s.sayEvents(ls, e.module)
		}
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
		add("collector", clean(p.Collector, nameLimit))
	}
	return text
}

// sayHealthy says what has no problem, or counts the pools; verbose, it says all of them.
func (r result) sayHealthy(ls *lines, blocks []block) {
	var pools []section
	pairs := 0
	for _, b := range blocks {
		for _, s := range b.sections {
			if s.pool != nil {
				pools = append(pools, s)
			}
		}
		if b.pair != nil {
			pairs++
		}
	}
	if r.Verbose >= 1 || len(pools) <= healthyPools {
		for _, b := range blocks {
			r.sayBlock(ls, b)
		}
		return
	}
	for _, b := range blocks {
		for _, s := range b.sections {
			if s.pool == nil {
				r.sayEntries(ls, s)
			}
		}
	}
	text := plural(len(pools), "healthy pool") + ", " + plural(count(pools...)[thresholds.OK], "module")
	if r.Profile == thresholds.Failover && pairs > 0 {
		text += ", " + plural(pairs, "pair") + " ready to fail over"
	}
	ls.add(healthy, ball(thresholds.OK)+text)
}

package report

import (
	"errors"
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
		r.saySection(ls, b)
	}
	for _, note := range r.notes() {
		ls.add(detail, "note: "+note)
	}
	return ls
}

// blocks are the sections, those of a pair in one, the worst first.
func (r result) blocks() []section {
	var list []section
	places := make(map[*thresholds.Pair]int, len(r.Pairs))
	for _, s := range r.sections {
		i, known := places[s.pair]
		switch {
		case s.pair == nil:
			list = append(list, s)
			continue
		case !known:
			i = len(list)
			places[s.pair] = i
			list = append(list, section{severity: worstWay(s.pair), pair: s.pair})
		}
		list[i].severity = thresholds.Worst(list[i].severity, s.severity)
		list[i].parts = append(list[i].parts, s)
	}
	return worstFirst(list, severityOfSection)
}

func tag(s thresholds.Severity) string { return "[" + s.String() + "] " }

func rankOf(s thresholds.Severity) rank {
	if s == thresholds.OK {
		return healthy
	}
	return problem
}

// saySection says a section: of a pair its ways, then its pools. What is wrong with the pair the ways have said.
func (r result) saySection(ls *lines, s section) {
	switch {
	case len(s.parts) > 0:
		r.sayWays(ls, s.pair)
		for _, part := range worstFirst(s.parts, severityOfSection) {
			if part.pool != nil || part.severity == thresholds.OK {
				r.saySection(ls, part)
			}
		}
	case s.pool == nil:
		r.sayEntries(ls, s)
	case s.isHealthy() && len(r.Pools) > 1 && r.Verbose == 0:
		ls.add(healthy, tag(s.severity)+r.poolLine(s.pool)+": "+plural(count(s)[thresholds.OK], "module")+" healthy")
	default:
		ls.add(rankOf(s.severity), tag(s.severity)+r.poolLine(s.pool))
		s.sayEvents(ls, nil)
		r.sayEntries(ls, s)
	}
}

// sayEntries says what there is to say of one section.
func (r result) sayEntries(ls *lines, s section) {
	for _, e := range worstFirst(s.entries, func(e entry) thresholds.Severity { return e.severity }) {
		if e.module != nil && e.module.Ignored {
			ls.add(healthy, e.line(r.Options)+" (ignored)")
			s.sayEvents(ls, e.module)
			continue
		}
		ls.add(rankOf(e.severity), tag(e.severity)+e.line(r.Options))
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
func (r result) sayHealthy(ls *lines, blocks []section) {
	var pools, others []section
	pairs := 0
	sort := func(s section) {
		if s.pool != nil {
			pools = append(pools, s)
		} else {
			others = append(others, s)
		}
	}
	for _, b := range blocks {
		if b.pair == nil || len(b.parts) == 0 {
			sort(b)
			continue
		}
		pairs++
		for _, part := range b.parts {
			sort(part)
		}
	}
	if r.Verbose >= 1 || len(pools) <= healthyPools {
		for _, b := range blocks {
			r.saySection(ls, b)
		}
		return
	}
	for _, s := range others {
		r.sayEntries(ls, s)
	}
	text := plural(len(pools), "healthy pool") + ", " + plural(count(pools...)[thresholds.OK], "module")
	if r.Profile == thresholds.Failover && pairs > 0 {
		text += ", " + plural(pairs, "pair") + " ready to fail over"
	}
	ls.add(healthy, tag(thresholds.OK)+text)
}

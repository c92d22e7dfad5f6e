package report

import (
	"errors"
	"slices"
	"strings"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// healthyPools is how many pools without a problem have a line of their own; more of them are counted.
const healthyPools = 10

// A rank says what is left out first when the output is too long.
type rank int

const (
	healthy rank = iota // what is in order
	detail              // what to do, where it came from
	problem             // what is wrong
)

// lines is the long output, line by line.
type lines struct {
	list []line
	// advised has the advice that was given: nobody reads it twice.
	advised map[string]bool
}

type line struct {
	rank rank
	text string
}

func (ls *lines) add(r rank, text string) { ls.list = append(ls.list, line{r, text}) }

// advise adds an indented line, unless the same advice was given before.
func (ls *lines) advise(advice string) {
	if advice == "" || ls.advised[advice] {
		return
	}
	ls.advised[advice] = true
	ls.add(detail, "    "+advice)
}

// longOutput says everything, the worst first.
func longOutput(j thresholds.Judgement, o Options) lines {
	ls := lines{advised: make(map[string]bool)}
	if unchecked(j) {
		ls.advice(j.Findings[0], explain(j.Findings[0], thresholds.PoolVerdict{}, o), o) // the first line said the rest
		return ls
	}
	findings := slices.Clone(j.Findings)
	slices.SortStableFunc(findings, func(a, b thresholds.Finding) int { return a.Severity.Compare(b.Severity) })
	pools := make([]*thresholds.PoolVerdict, len(j.Pools))
	for i := range j.Pools {
		pools[i] = &j.Pools[i]
	}
	slices.SortStableFunc(pools, func(a, b *thresholds.PoolVerdict) int { return a.Severity.Compare(b.Severity) })
	for len(findings) > 0 || len(pools) > 0 {
		if len(findings) > 0 && (len(pools) == 0 || !pools[0].Severity.WorseThan(findings[0].Severity)) {
			ls.finding(findings[0], thresholds.PoolVerdict{}, o)
			findings = findings[1:]
			continue
		}
		if pools[0].Severity == thresholds.OK && len(j.Pools) > 1 {
			ls.healthyPools(pools, o)
			pools = nil
			continue
		}
		ls.pool(*pools[0], o)
		pools = pools[1:]
	}
	for _, note := range j.Notes {
		ls.add(detail, "note: "+clean(note, messageLimit))
	}
	return ls
}

func ball(s thresholds.Severity) string { return "[" + s.String() + "] " }

func (ls *lines) finding(f thresholds.Finding, p thresholds.PoolVerdict, o Options) {
	m := explain(f, p, o)
	text := m.String()
	if len(p.Origins) > 0 {
		text = m.what // the pool's own line is above
	}
	ls.add(rankOf(f.Severity), ball(f.Severity)+text)
	ls.advice(f, m, o)
}

// advice says what to do about a finding; of a panic it says where, when asked to say a lot.
func (ls *lines) advice(f thresholds.Finding, m message, o Options) {
	ls.advise(m.advice)
	if trace, ok := errors.AsType[tracer](f.Err); ok && o.Verbose >= 2 {
		for l := range strings.Lines(trace.Trace()) {
			ls.add(detail, "    "+clean(l, messageLimit))
		}
	}
}

func rankOf(s thresholds.Severity) rank {
	if s == thresholds.OK {
		return healthy
	}
	return problem
}

// pool says one pool with all its modules.
func (ls *lines) pool(p thresholds.PoolVerdict, o Options) {
	ls.add(rankOf(p.Severity), ball(p.Severity)+poolLine(p, o))
	for _, f := range p.Findings {
		ls.finding(f, p, o)
	}
	modules := slices.Clone(p.Modules)
	slices.SortStableFunc(modules, func(a, b thresholds.ModuleVerdict) int { return counted(a).Compare(counted(b)) })
	for _, m := range modules {
		text := name(m) + ": " + stateText(m, status.Export) + ", " + stateText(m, status.Import)
		if m.Ignored {
			ls.add(healthy, text+" (ignored)")
			continue
		}
		ls.add(rankOf(m.Severity), ball(m.Severity)+text)
		for d, v := range m.Directions {
			if v.Severity != thresholds.OK {
				ls.advise(stateAdvice(p, m, status.Direction(d)))
			}
		}
	}
}

// counted is the severity that a module adds to the verdict.
func counted(m thresholds.ModuleVerdict) thresholds.Severity {
	if m.Ignored {
		return thresholds.OK
	}
	return m.Severity
}

// poolLine is the pool and the age of its status; verbose, also where that came from.
func poolLine(p thresholds.PoolVerdict, o Options) string {
	text := title(p)
	switch {
	case p.CollectedAt.IsZero():
		text += ", age not known"
	case p.Age < -thresholds.ClockSkew:
		text += ", dated " + duration(-p.Age) + " into the future"
	case p.Age < 0:
		text += ", collected just now"
	default:
		text += ", collected " + duration(p.Age) + " ago"
	}
	if o.Verbose >= 1 {
		text += ", from " + clean(strings.Join(p.Origins, ", "), messageLimit)
		if p.Backup != "" {
			text += ", backup pool " + clean(p.Backup, nameLimit)
		}
	}
	if o.Verbose >= 2 {
		if p.ActiveMachine != "" {
			text += ", service active on " + clean(p.ActiveMachine, nameLimit)
		}
		if !p.CollectedAt.IsZero() {
			text += ", dated " + p.CollectedAt.UTC().Format("2006-01-02 15:04:05Z")
		}
	}
	return text
}

// healthyPools says the pools without a problem in a line each, or counts them; verbose, it says all of them.
func (ls *lines) healthyPools(pools []*thresholds.PoolVerdict, o Options) {
	if o.Verbose >= 1 {
		for _, p := range pools {
			ls.pool(*p, o)
		}
		return
	}
	total := 0
	for _, p := range pools {
		modules := count(*p)[thresholds.OK]
		total += modules
		if len(pools) <= healthyPools {
			ls.add(healthy, ball(thresholds.OK)+poolLine(*p, o)+": "+plural(modules, "module")+" healthy")
		}
	}
	if len(pools) > healthyPools {
		ls.add(healthy, ball(thresholds.OK)+plural(len(pools), "healthy pool")+", "+plural(total, "module"))
	}
}

// cut returns the lines that fit into a number of bytes: what is healthy is left out first, then the details, then
// problems from the end. A last line says how many were left out.
func (ls lines) cut(budget int) []string {
	const reserve = 100 // for that last line
	size := 0
	for _, l := range ls.list {
		size += len(l.text) + len(nagios.CheckOutputEOL)
	}
	keep := make([]bool, len(ls.list))
	fits := size <= budget
	room := budget - reserve
	for r := problem; r >= healthy; r-- {
		for i, l := range ls.list {
			if need := len(l.text) + len(nagios.CheckOutputEOL); l.rank == r && (fits || need <= room) {
				keep[i] = true
				room -= need
			} else if l.rank == r {
				room = 0 // nothing smaller from further down jumps the queue
			}
		}
	}
	var kept []string
	left := 0
	for i, l := range ls.list {
		if keep[i] {
			kept = append(kept, l.text)
		} else {
			left++
		}
	}
	if left > 0 {
		kept = append(kept, plural(left, "more line")+" left out to keep the output short: see --output json")
	}
	return kept
}

// A tracer is an error that knows where in the code it was made: a panic.
type tracer interface {
	error
	Trace() string
}

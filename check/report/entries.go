package report

import (
	"slices"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// A section is a pool with all that is said of it, or one finding that belongs to no single pool; or what stands
// together of a pair, in sections of its own.
type section struct {
	severity thresholds.Severity
	pair     *thresholds.Pair        // nil where it belongs to none
	pool     *thresholds.PoolVerdict // nil where there is none
	entries  []entry
	parts    []section
	// eventsOf has for each of the pool's newest events the module that it names, or nil.
	eventsOf []*thresholds.ModuleVerdict
}

// An entry is one thing to say: a finding, or a module with its two states.
type entry struct {
	// severity is what the entry adds to the verdict: of an ignored module OK.
	severity thresholds.Severity
	pool     *thresholds.PoolVerdict   // whose it is; nil where it belongs to no single pool
	finding  *thresholds.Finding       // either this
	module   *thresholds.ModuleVerdict // or that
}

// sections is all there is to say, in the order of the judgement: what belongs to no single pool, then the pools, of
// each the findings in front of the modules.
func sections(j thresholds.Judgement) []section {
	list := make([]section, 0, len(j.Findings)+len(j.Pools))
	add := func(pair *thresholds.Pair, findings []thresholds.Finding) {
		for i := range findings {
			f := &findings[i]
			list = append(list, section{
				severity: f.Severity, pair: pair, entries: []entry{{severity: f.Severity, finding: f}},
			})
		}
	}
	add(nil, j.Findings)
	pairs := make(map[*thresholds.PoolVerdict]*thresholds.Pair, len(j.Pools))
	for i := range j.Pairs {
		pair := &j.Pairs[i]
		add(pair, pair.Findings)
		for _, p := range pair.Pools {
			pairs[p] = pair
		}
	}
	for i := range j.Pools {
		p := &j.Pools[i]
		entries := make([]entry, 0, len(p.Findings)+len(p.Modules))
		for i := range p.Findings {
			f := &p.Findings[i]
			entries = append(entries, entry{severity: f.Severity, pool: p, finding: f})
		}
		for i := range p.Modules {
			m := &p.Modules[i]
			severity := m.Severity
			if m.Ignored {
				severity = thresholds.OK
			}
			entries = append(entries, entry{severity: severity, pool: p, module: m})
		}
		list = append(list, section{
			severity: p.Severity, pair: pairs[p], pool: p, entries: entries, eventsOf: modulesOf(p),
		})
	}
	return list
}

// isHealthy reports whether the section is OK without a fault that is set to ok.
func (s section) isHealthy() bool {
	fault := func(e entry) bool { return e.finding != nil }
	sick := func(part section) bool { return !part.isHealthy() }
	return s.severity == thresholds.OK && !slices.ContainsFunc(s.entries, fault) && !slices.ContainsFunc(s.parts, sick)
}

// worstFirst sorts what has a severity.
func worstFirst[T any](list []T, severity func(T) thresholds.Severity) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return severity(a).Compare(severity(b)) })
}

func severityOfSection(s section) thresholds.Severity { return s.severity }

// is reports whether the entry is a finding of one of these kinds.
func (e entry) is(kinds ...thresholds.Kind) bool {
	return e.finding != nil && slices.Contains(kinds, e.finding.Kind)
}

// counts reports whether the entry is a module that counts.
func (e entry) counts() bool { return e.module != nil && !e.module.Ignored }

// brief says the entry on the first line: of whom it is, and what is wrong.
func (e entry) brief(o Options) string {
	if e.finding != nil {
		return explain(e, o).String()
	}
	return title(e.pool) + ": " + moduleName(e.module) + " " + faultyStates(e)
}

// line says the entry on a line of its own, which for a pool's stands below that of the pool.
func (e entry) line(o Options) string {
	switch {
	case e.finding != nil && e.pool != nil:
		return explain(e, o).what
	case e.finding != nil:
		return explain(e, o).String()
	default:
		return moduleName(e.module) + ": " + stateText(e, status.Export) + ", " + stateText(e, status.Import)
	}
}

// advice says what to do about the entry.
func (e entry) advice(o Options) []string {
	if e.finding != nil {
		advice := []string{explain(e, o).advice}
		if e.finding.TaskErr != "" {
			advice = append(advice, "the scheduled task says: "+clean(e.finding.TaskErr, messageLimit))
		}
		return advice
	}
	var advice []string
	for d, v := range e.module.Directions {
		if v.Severity != thresholds.OK && e.counts() {
			advice = append(advice, stateAdvice(e, status.Direction(d)))
		}
	}
	return advice
}

// severities are in the order in which numbers are given for them.
var severities = [...]thresholds.Severity{thresholds.OK, thresholds.Warning, thresholds.Critical, thresholds.Unknown}

// moduleCounts tells how many modules have which severity.
type moduleCounts [4]int

func count(sections ...section) moduleCounts {
	var c moduleCounts
	for _, s := range sections {
		for _, e := range s.entries {
			if e.counts() {
				c[e.severity]++
			}
		}
	}
	return c
}

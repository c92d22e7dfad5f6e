package thresholds

import (
	"slices"

	"check_cs_backup/check/status"
)

// A Way is one direction of a pair: from one pool to the other, which takes over from it in a failover. The one exports
// and the other imports.
type Way struct {
	// From and To are the FQDNs of the pools. To is empty where the backup pool is not known.
	From, To string
	Severity Severity
	// Ready is the answer of the failover profile; under another one it is false.
	Ready bool
	// Modules is how many modules the one end exports.
	Modules int
	// Problems are what is not in order, the worst first.
	Problems []Problem
}

// A Problem is what is wrong with a way: a finding, or the state of a module in one direction.
type Problem struct {
	Severity Severity
	// Pool is whose it is; nil where it belongs to no single pool.
	Pool      *PoolVerdict
	Finding   *Finding
	Module    *ModuleVerdict
	Direction status.Direction
}

// judgeWays judges the ways of all pairs. A way is as bad as the exports of its one end, the imports of the other, and
// what is wrong with either pool, its sources or the pair. Read are all pools of the inputs.
func (j *Judgement) judgeWays(read *pools) {
	general := j.generalFaults(read.list)
	for i := range j.Pairs {
		pair := &j.Pairs[i]
		shared := append(general.of(pair), pair.findings()...)
		for w := range pair.Ways {
			way := &pair.Ways[w]
			for _, p := range shared {
				p.Severity = p.Finding.Severity
				way.add(p)
			}
			way.addStates(pair.Pools[w], status.Export)
			way.addStates(pair.Pools[1-w], status.Import)
			way.judge(j.Profile, pair.mutual && len(shared) == 0)
		}
	}
}

// findings are those of the pair and of its pools.
func (pair *Pair) findings() []Problem {
	var list []Problem
	for i := range pair.Findings {
		list = append(list, Problem{Finding: &pair.Findings[i]})
	}
	for _, p := range pair.Pools {
		if p == nil {
			continue
		}
		for i := range p.Findings {
			list = append(list, Problem{Finding: &p.Findings[i], Pool: p})
		}
	}
	return list
}

func (w *Way) add(p Problem) {
	if p.Severity != OK {
		w.Problems = append(w.Problems, p)
	}
}

// addStates adds what one end of the way does. A pool that was not seen has a finding.
func (w *Way) addStates(p *PoolVerdict, d status.Direction) {
	if p == nil {
		return
	}
	for i := range p.Modules {
		m := &p.Modules[i]
		if m.Ignored {
			continue
		}
		if d == status.Export {
			w.Modules++
		}
		w.add(Problem{Severity: m.Directions[d].Severity, Pool: p, Module: m, Direction: d})
	}
}

// judge judges a way by its problems. Before a failover no finding is passed over, whatever its severity.
func (w *Way) judge(profile Profile, clear bool) {
	slices.SortStableFunc(w.Problems, func(a, b Problem) int { return a.Severity.Compare(b.Severity) })
	w.Severity = OK
	if len(w.Problems) > 0 {
		w.Severity = w.Problems[0].Severity
	}
	if profile == Failover {
		if w.Ready = clear && w.Severity == OK; !w.Ready && w.Severity == OK {
			w.Severity = Unknown
		}
	}
}

// generalFaults are the findings that belong to no single pool, by the pools that they count for.
type generalFaults struct {
	// byOrigin has the worst of each source: a way of many would say the same over and over.
	byOrigin map[string]*Finding
	// stray is the worst of the sources that brought no pool, for all pairs: it may have held any. Day by day it is
	// told once, for itself.
	stray *Finding
}

func (j *Judgement) generalFaults(read []PoolVerdict) generalFaults {
	if len(j.Findings) == 0 {
		return generalFaults{}
	}
	brought := make(map[string]bool)
	for _, p := range read {
		if p.Name != "" {
			for _, origin := range p.Origins {
				brought[origin] = true
			}
		}
	}
	faults := generalFaults{byOrigin: make(map[string]*Finding)}
	worse := func(f, than *Finding) bool { return than == nil || f.Severity.WorseThan(than.Severity) }
	for i := range j.Findings {
		f := &j.Findings[i]
		switch {
		case f.Kind == PoolMissing: // the pair that lacks it has a finding of its own
		case brought[f.Origin]:
			if worse(f, faults.byOrigin[f.Origin]) {
				faults.byOrigin[f.Origin] = f
			}
		case j.Profile == Failover && worse(f, faults.stray):
			faults.stray = f
		}
	}
	return faults
}

// of returns the faults that count for a pair.
func (faults generalFaults) of(pair *Pair) []Problem {
	var list []Problem
	add := func(f *Finding) {
		same := func(p Problem) bool { return p.Finding == f }
		if f != nil && !slices.ContainsFunc(list, same) {
			list = append(list, Problem{Finding: f})
		}
	}
	for _, p := range pair.Pools {
		if p != nil {
			for _, origin := range p.Origins {
				add(faults.byOrigin[origin])
			}
		}
	}
	add(faults.stray)
	return list
}

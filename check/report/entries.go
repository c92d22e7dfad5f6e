package report

import (
	"iter"
	"slices"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// An entry is one thing to say: a finding, or a module, either in one direction or in both.
type entry thresholds.Problem

// both is the direction of an entry that is about a module as a whole.
const both status.Direction = -1

// findings makes entries of findings; p is the pool that they belong to, or nil.
func findings(list []thresholds.Finding, p *thresholds.PoolVerdict) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for i := range list {
			if !yield(entry{Severity: list[i].Severity, Pool: p, Finding: &list[i]}) {
				return
			}
		}
	}
}

// entriesOf is all that is said of a pool: its findings, then its modules. An ignored module adds nothing to the
// verdict.
func entriesOf(p *thresholds.PoolVerdict) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for e := range findings(p.Findings, p) {
			if !yield(e) {
				return
			}
		}
		for i := range p.Modules {
			e := entry{Severity: p.Modules[i].Severity, Pool: p, Module: &p.Modules[i], Direction: both}
			if e.Module.Ignored {
				e.Severity = thresholds.OK
			}
			if !yield(e) {
				return
			}
		}
	}
}

// faulty are the directions that are not OK, of those that the entry is about.
func (e entry) faulty() []status.Direction {
	if e.Direction != both {
		return []status.Direction{e.Direction}
	}
	var list []status.Direction
	for d, v := range e.Module.Directions {
		if v.Severity != thresholds.OK {
			list = append(list, status.Direction(d))
		}
	}
	return list
}

// is reports whether the entry is a finding of one of these kinds.
func (e entry) is(kinds ...thresholds.Kind) bool {
	return e.Finding != nil && slices.Contains(kinds, e.Finding.Kind)
}

// worstFirst sorts what has a severity.
func worstFirst[T any](list iter.Seq[T], severity func(T) thresholds.Severity) []T {
	return slices.SortedStableFunc(list, func(a, b T) int { return severity(a).Compare(severity(b)) })
}

// severities are in the order in which numbers are given for them.
var severities = [...]thresholds.Severity{thresholds.OK, thresholds.Warning, thresholds.Critical, thresholds.Unknown}

// A tally is what the first line and the metrics count.
type tally struct {
	// modules are how many modules that count have which severity.
	modules [4]int
	// problems are how many entries are not OK, worst is the first of the worst of them. Excused are the findings that
	// are set to ok.
	problems, excused int
	worst             entry
	// ofModule: one of the problems is a module's. outdated: the date of a status is not one to rely on.
	ofModule, outdated bool
}

func newTally(j thresholds.Judgement) tally {
	var t tally
	t.add(findings(j.Findings, nil))
	for _, pair := range j.Pairs {
		t.add(findings(pair.Findings, nil))
	}
	for i := range j.Pools {
		t.add(entriesOf(&j.Pools[i]))
	}
	return t
}

func (t *tally) add(entries iter.Seq[entry]) {
	for e := range entries {
		t.outdated = t.outdated || e.is(thresholds.Stale, thresholds.Undated, thresholds.Future)
		if e.Module != nil && !e.Module.Ignored {
			t.modules[e.Severity]++
		}
		if e.Severity == thresholds.OK {
			if e.Finding != nil {
				t.excused++
			}
			continue
		}
		t.problems++
		t.ofModule = t.ofModule || e.Module != nil
		if t.problems == 1 || e.Severity.WorseThan(t.worst.Severity) {
			t.worst = e
		}
	}
}

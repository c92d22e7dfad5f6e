package thresholds

import (
	"context"
	"errors"
	"slices"
	"strings"

	"check_cs_backup/check/status"
)

// gather makes one list of pools out of all inputs, the parts of a pool that several tell of put together, and
// records what the inputs lack.
func (j *Judgement) gather(inputs []Input, s Settings) []PoolVerdict {
	total := 0
	for _, in := range inputs {
		total += len(in.Pools)
	}
	pools := make([]PoolVerdict, 0, total)
	index := newPoolIndex(total)
	var masters []string
	for _, in := range inputs {
		if in.Err != nil {
			j.Findings = append(j.Findings, s.failure(in))
		}
		for _, loss := range in.Losses {
			j.Findings = append(j.Findings, Finding{Kind: Lost, Severity: Unknown, Origin: in.Origin, Err: loss})
		}
		j.Notes = append(j.Notes, in.Notes...)
		masters = addName(masters, in.CMSMaster)
		origins := []string{in.Origin} // shared by its pools: there may be many
		for _, pool := range in.Pools {
			part := newPoolVerdict(pool, in, origins)
			part.addFailures(pool, s)
			i, known := index.find(pool.Name)
			if !known {
				index.add(pool.Name, len(pools))
				pools = append(pools, part)
				continue
			}
			if short := pools[i].Name; len(short) < len(pool.Name) {
				index.rename(short, pool.Name, i)
				pools[i].Name = pool.Name
			}
			pools[i].merge(part)
		}
	}
	for i := range pools {
		pools[i].elsewhere = masters
	}
	return pools
}

// NamePool returns the inputs, their only pool by the name of the only one that is asked for, where it has none.
func (s Settings) NamePool(inputs []Input) []Input {
	only := -1
	for i, in := range inputs {
		switch {
		case len(in.Pools) == 0:
		case len(in.Pools) > 1, only >= 0:
			return inputs
		default:
			only = i
		}
	}
	if len(s.Pools) != 1 || only < 0 || inputs[only].Pools[0].Name != "" {
		return inputs
	}
	named := slices.Clone(inputs)
	pool := named[only].Pools[0]
	pool.Name = s.Pools[0]
	named[only].Pools = []status.Pool{pool}
	return named
}

// addName adds the name of a pool to a list of different ones; an empty name is none.
func addName(names []string, name string) []string {
	if name == "" || slices.ContainsFunc(names, func(known string) bool { return status.SamePool(known, name) }) {
		return names
	}
	return append(names, name)
}

// failure judges an input that brought nothing.
func (s Settings) failure(in Input) Finding {
	f := Finding{Kind: SourceFailed, Severity: s.OnFailure, Origin: in.Origin, Err: in.Err, TaskErr: in.TaskErr}
	if errors.Is(in.Err, context.DeadlineExceeded) {
		f.Kind, f.Severity = TimedOut, s.OnTimeout
	}
	return f
}

// addFailures records what could not be asked about a pool, its status or its backup pool, and what of it was lost.
func (p *PoolVerdict) addFailures(pool status.Pool, s Settings) {
	for _, loss := range pool.Losses {
		p.Findings = append(p.Findings, Finding{Kind: Lost, Severity: Unknown, Pool: pool.Name, Err: loss})
	}
	if pool.Err != "" {
		f := Finding{Kind: FetchFailed, Severity: s.OnFailure, Pool: pool.Name, Err: errors.New(pool.Err), ErrID: pool.ErrID}
		if pool.TimedOut {
			f.Kind, f.Severity = TimedOut, s.OnTimeout
		}
		p.Findings = append(p.Findings, f)
	}
	if pool.BackupErr != "" {
		p.Findings = append(p.Findings, Finding{
			Kind: BackupPoolUnknown, Severity: s.OnFailure, Pool: pool.Name, Err: errors.New(pool.BackupErr),
		})
	}
}

// merge adds another part of the same pool. The older date counts: each part must be fresh.
func (p *PoolVerdict) merge(part PoolVerdict) {
	p.findEmpty()
	part.findEmpty()
	for _, origin := range part.Origins {
		if p.Origins[len(p.Origins)-1] != origin { // sources come one after the other
			p.Origins = append(p.Origins, origin)
		}
	}
	p.Modules = append(p.Modules, part.Modules...)
	p.Findings = append(p.Findings, part.Findings...)
	for _, event := range part.Events {
		p.addEvents([]status.Event{event.Event})
	}
	if p.CollectedAt.IsZero() || !part.CollectedAt.IsZero() && part.CollectedAt.Before(p.CollectedAt) {
		p.CollectedAt = part.CollectedAt
	}
	p.undated = p.undated || part.undated
	for _, master := range part.masters {
		p.masters = addName(p.masters, master)
	}
	for _, backup := range part.backups {
		p.backups = addName(p.backups, backup)
	}
	for _, field := range []struct{ to, from *string }{
		{&p.Backup, &part.Backup}, {&p.ActiveMachine, &part.ActiveMachine}, {&p.Err, &part.Err}, {&p.TaskErr, &part.TaskErr},
		{&p.Host, &part.Host}, {&p.PSModule, &part.PSModule},
	} {
		if *field.to == "" {
			*field.to = *field.from
		}
	}
}

// findEmpty finds a part that says nothing of the pool: another part's modules don't make up for it.
func (p *PoolVerdict) findEmpty() {
	if len(p.Modules) == 0 && len(p.Findings) == 0 {
		p.Findings = append(p.Findings, Finding{Kind: NoModule, Severity: Unknown, Pool: p.Name})
	}
}

// choose keeps the pools that were asked for, in that order, and records those that are absent.
func (j *Judgement) choose(pools []PoolVerdict, s Settings) []PoolVerdict {
	var chosen []PoolVerdict
	taken := make(map[int]bool)
	onMissing, told := s.absence(j.Findings)
	read := names(pools)
	for _, name := range s.Pools {
		matches := allOf(pools, name)
		if len(matches) == 0 && !told {
			j.Findings = append(j.Findings, Finding{Kind: PoolMissing, Severity: onMissing, Pool: name, Names: read})
		}
		for _, i := range matches {
			both := []int{i}
			if s.Pair {
				both = append(both, allOf(pools, pools[i].Backup)...)
			}
			for _, i := range both {
				if !taken[i] {
					taken[i] = true
					chosen = append(chosen, pools[i])
				}
			}
		}
	}
	for _, p := range pools {
		if p.Name == "" {
			j.Findings = append(j.Findings, Finding{Kind: PoolUnnamed, Severity: Unknown, Origin: strings.Join(p.Origins, ", ")})
		}
	}
	return chosen
}

// absence says what an absent pool means. Where a source failed or lost something, the pool may have been in there, and
// that was told. But where nobody hears of it (--on-failure ok), the absence is told; it is not known to be one then,
// so it is no more than UNKNOWN.
func (s Settings) absence(failures []Finding) (severity Severity, told bool) {
	if len(failures) == 0 {
		return s.OnMissing, false
	}
	for _, f := range failures {
		if f.Severity != OK {
			return s.OnMissing, true
		}
	}
	if s.OnMissing.WorseThan(Unknown) {
		return Unknown, false
	}
	return s.OnMissing, false
}

func names(pools []PoolVerdict) []string {
	var list []string
	for _, p := range pools {
		if p.Name != "" {
			list = append(list, p.Name)
		}
	}
	return list
}

// allOf returns the places of the pools that go by a name: of a short one there may be several.
func allOf(pools []PoolVerdict, name string) []int {
	var places []int
	for i, p := range pools {
		if status.SamePool(p.Name, name) {
			places = append(places, i)
		}
	}
	return places
}

func namesAt(pools []PoolVerdict, places []int) []string {
	var list []string
	for _, i := range places {
		list = append(list, pools[i].Name)
	}
	return list
}

package thresholds

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// gather makes one list of pools out of all inputs, the parts of a pool that several tell of put together, and
// records what the inputs lack.
func (j *Judgement) gather(inputs []Input, s Settings) []PoolVerdict {
	total := 0
	for _, in := range inputs {
		total += len(in.Pools)
	}
	pools := make([]PoolVerdict, 0, total)
	byName := make(map[string]int, total)
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
			part.addFetchFailure(s)
			name := strings.ToLower(pool.Name)
			i, known := byName[name]
			if known && name != "" {
				pools[i].merge(part)
				continue
			}
			byName[name] = len(pools)
			pools = append(pools, part)
		}
	}
	for i := range pools {
		pools[i].elsewhere = masters
		if len(s.Pools) == 1 && len(pools) == 1 && pools[i].Name == "" {
			pools[i].Name = s.Pools[0]
		}
	}
	return pools
}

// addName adds the name of a pool to a list of different ones; an empty name is none.
func addName(names []string, name string) []string {
	if name == "" || slices.ContainsFunc(names, func(known string) bool { return samePool(known, name) }) {
		return names
	}
	return append(names, name)
}

// failure judges an input that brought nothing.
func (s Settings) failure(in Input) Finding {
	f := Finding{Kind: SourceFailed, Severity: s.OnFailure, Origin: in.Origin, Err: in.Err}
	if errors.Is(in.Err, context.DeadlineExceeded) {
		f.Kind, f.Severity = TimedOut, s.OnTimeout
	}
	return f
}

func (p *PoolVerdict) addFetchFailure(s Settings) {
	if p.Err != "" {
		p.Findings = append(p.Findings, Finding{Kind: FetchFailed, Severity: s.OnFailure, Pool: p.Name, Err: errors.New(p.Err)})
	}
}

// merge adds another part of the same pool. The older date counts: each part must be fresh.
func (p *PoolVerdict) merge(part PoolVerdict) {
	for _, origin := range part.Origins {
		if !slices.Contains(p.Origins, origin) {
			p.Origins = append(slices.Clip(p.Origins), origin)
		}
	}
	p.Modules = append(slices.Clip(p.Modules), part.Modules...)
	p.Findings = append(p.Findings, part.Findings...)
	if p.CollectedAt.IsZero() || !part.CollectedAt.IsZero() && part.CollectedAt.Before(p.CollectedAt) {
		p.CollectedAt = part.CollectedAt
	}
	p.undated = p.undated || part.undated
	for _, master := range part.masters {
		p.masters = addName(p.masters, master)
	}
	for _, field := range []struct{ to, from *string }{
		{&p.Backup, &part.Backup}, {&p.ActiveMachine, &part.ActiveMachine}, {&p.Err, &part.Err},
		{&p.Host, &part.Host}, {&p.PSModule, &part.PSModule},
	} {
		if *field.to == "" {
			*field.to = *field.from
		}
	}
}

// choose keeps the pools that were asked for, in that order, and records those that are absent.
func (j *Judgement) choose(pools []PoolVerdict, s Settings) []PoolVerdict {
	var chosen []PoolVerdict
	onMissing, told := s.absence(j.Findings)
	read := names(pools)
	for _, name := range s.Pools {
		i := indexOf(pools, name)
		if i < 0 {
			if !told {
				j.Findings = append(j.Findings, Finding{Kind: PoolMissing, Severity: onMissing, Pool: name, Names: read})
			}
			continue
		}
		names := []string{name}
		if s.Pair {
			names = append(names, pools[i].Backup)
		}
		for _, name := range names {
			if i := indexOf(pools, name); i >= 0 && indexOf(chosen, name) < 0 {
				chosen = append(chosen, pools[i])
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
// that was told. But where nobody hears of it (--on-failure ok), the absence is told; it is not known to be one then, so
// it is no more than UNKNOWN.
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

// indexOf finds a pool by its name, which may not be empty.
func indexOf(pools []PoolVerdict, name string) int {
	return slices.IndexFunc(pools, func(p PoolVerdict) bool { return name != "" && strings.EqualFold(p.Name, name) })
}

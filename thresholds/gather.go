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
	byName := make(map[string]int, total)
	master := ""
	for _, in := range inputs {
		if in.Err != nil {
			j.Findings = append(j.Findings, s.failure(in))
		}
		for _, loss := range in.Losses {
			j.Findings = append(j.Findings, Finding{Kind: Lost, Severity: Unknown, Origin: in.Origin, Err: loss})
		}
		j.Notes = append(j.Notes, in.Notes...)
		if master == "" {
			master = in.CMSMaster
		}
		origins := []string{in.Origin} // shared by its pools: there may be many
		for _, pool := range in.Pools {
			part := PoolVerdict{Pool: pool, Origins: origins, CollectedAt: in.CollectedAt, master: in.CMSMaster}
			part.addFailures(pool, s)
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
		if pools[i].master == "" {
			pools[i].master = master
		}
		if len(s.Pools) == 1 && len(pools) == 1 && pools[i].Name == "" {
			pools[i].Name = s.Pools[0]
		}
	}
	return pools
}

// failure judges an input that brought nothing.
func (s Settings) failure(in Input) Finding {
	f := Finding{Kind: SourceFailed, Severity: s.OnFailure, Origin: in.Origin, Err: in.Err}
	if errors.Is(in.Err, context.DeadlineExceeded) {
		f.Kind, f.Severity = TimedOut, s.OnTimeout
	}
	return f
}

// addFailures records what could not be asked about a pool: its status, its backup pool.
func (p *PoolVerdict) addFailures(pool status.Pool, s Settings) {
	if pool.Err != "" {
		p.Findings = append(p.Findings, Finding{
			Kind: FetchFailed, Severity: s.OnFailure, Pool: pool.Name, Err: errors.New(pool.Err), ErrID: pool.ErrID,
		})
	}
	if pool.BackupErr != "" {
		p.Findings = append(p.Findings, Finding{
			Kind: BackupPoolUnknown, Severity: s.OnFailure, Pool: pool.Name, Err: errors.New(pool.BackupErr),
		})
	}
}

// merge adds another part of the same pool. The older date counts: each part must be fresh.
func (p *PoolVerdict) merge(part PoolVerdict) {
	for _, origin := range part.Origins {
		if !slices.Contains(p.Origins, origin) {
			p.Origins = append(slices.Clip(p.Origins), origin)
		}
	}
	p.Pool.Modules = append(slices.Clip(p.Pool.Modules), part.Pool.Modules...)
	p.Findings = append(p.Findings, part.Findings...)
	if p.CollectedAt.IsZero() || !part.CollectedAt.IsZero() && part.CollectedAt.Before(p.CollectedAt) {
		p.CollectedAt = part.CollectedAt
	}
	for _, field := range []struct{ to, from *string }{
		{&p.Backup, &part.Backup}, {&p.ActiveMachine, &part.ActiveMachine}, {&p.master, &part.master}, {&p.Err, &part.Err},
	} {
		if *field.to == "" {
			*field.to = *field.from
		}
	}
}

// choose keeps the pools that were asked for, in that order, and records those that are absent. Where a source failed
// or lost something, the pool may have been in there: then that is the finding, and absence is none.
func (j *Judgement) choose(pools []PoolVerdict, s Settings) []PoolVerdict {
	var chosen []PoolVerdict
	incomplete := len(j.Findings) > 0
	for _, name := range s.Pools {
		i := indexOf(pools, name)
		if i < 0 && incomplete {
			continue
		}
		if i < 0 {
			j.Findings = append(j.Findings, Finding{Kind: PoolMissing, Severity: s.OnMissing, Pool: name})
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

// indexOf finds a pool by its name, which may not be empty.
func indexOf(pools []PoolVerdict, name string) int {
	return slices.IndexFunc(pools, func(p PoolVerdict) bool { return name != "" && strings.EqualFold(p.Name, name) })
}

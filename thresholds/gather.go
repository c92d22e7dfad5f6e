package thresholds

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// gather makes one list of pools out of all inputs, the parts of a pool that several tell of put together, and
// records what the inputs lack.
func (j *Judgement) gather(inputs []Input, s Settings, now time.Time) pools {
	var names []string
	for _, in := range inputs {
		for _, pool := range in.Pools {
			names = append(names, pool.Name)
		}
	}
	ps, places := resolve(names)
	ps.list = make([]PoolVerdict, 0, len(names))
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
			part := newPoolVerdict(pool, in, origins, now)
			part.addFailures(pool, s)
			place := places[0]
			places = places[1:]
			if place == len(ps.list) {
				ps.list = append(ps.list, part)
				continue
			}
			ps.list[place].merge(part)
		}
	}
	for i := range ps.list {
		ps.list[i].settleNames(masters)
	}
	ps.findPartners()
	return ps
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

// addName adds the name of a pool to a list of different ones, of two names of one pool the FQDN. An empty name is
// none.
func addName(names []string, name string) []string {
	if name == "" {
		return names
	}
	for i, known := range names {
		if status.SamePool(known, name) {
			if len(name) > len(known) {
				names = slices.Clone(names)
				names[i] = name
			}
			return names
		}
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
		f := Finding{Kind: FetchFailed, Severity: s.OnFailure, Pool: pool.Name, ErrID: pool.ErrID}
		f.Err = errors.New(pool.Err)
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

// merge adds another part of the same pool. The older date counts: each part must be fresh. One that lies in the future
// counts more, since its true age is not known.
func (p *PoolVerdict) merge(part PoolVerdict) {
	p.findEmpty()
	part.findEmpty()
	if len(part.Name) > len(p.Name) {
		p.Name = part.Name // of its names the FQDN
	}
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
	older := part.future || !p.future && part.CollectedAt.Before(p.CollectedAt)
	if p.CollectedAt.IsZero() || !part.CollectedAt.IsZero() && older {
		p.CollectedAt, p.future = part.CollectedAt, part.future
	}
	p.undated = p.undated || part.undated
	p.unasked = append(p.unasked, part.unasked...)
	for _, master := range part.masters {
		p.masters = addName(p.masters, master)
	}
	for _, backup := range part.backups {
		p.backups = addName(p.backups, backup)
	}
	for _, field := range []struct{ to, from *string }{
		{&p.ActiveMachine, &part.ActiveMachine}, {&p.Err, &part.Err}, {&p.TaskErr, &part.TaskErr},
		{&p.Host, &part.Host}, {&p.PSModule, &part.PSModule}, {&p.Collector, &part.Collector},
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

// settleNames decides on what several sources say, so that their order does not matter. masters are the CMS masters
// that any source names.
func (p *PoolVerdict) settleNames(masters []string) {
	p.elsewhere = masters
	if len(p.backups) > 0 {
		byName := func(a, b string) int { return strings.Compare(status.Fold(a), status.Fold(b)) }
		p.Backup = slices.MinFunc(p.backups, byName)
	}
}

// choose takes the pools that were asked for, in that order, into the judgement, with --pair their partners, and
// records those that are absent.
func (j *Judgement) choose(ps *pools, s Settings) {
	ps.judged = make([]*PoolVerdict, len(ps.list))
	if len(s.Pools) == 0 {
		j.Pools = ps.list
		for i := range j.Pools {
			ps.judged[i] = &j.Pools[i]
		}
		return
	}
	j.Pools = make([]PoolVerdict, 0, len(ps.list)) // the pointers to its elements stay
	take := func(i int) {
		if i >= 0 && ps.judged[i] == nil {
			j.Pools = append(j.Pools, ps.list[i])
			ps.judged[i] = &j.Pools[len(j.Pools)-1]
		}
	}
	onMissing, told := s.absence(j.Findings)
	for _, name := range s.Pools {
		places := ps.find(name)
		if len(places) == 0 && !told {
			f := Finding{Kind: PoolMissing, Severity: onMissing, Pool: name, Names: ps.names()}
			j.Findings = append(j.Findings, f)
		}
		for _, i := range places {
			take(i)
			if s.Pair {
				take(ps.partner(i))
			}
		}
	}
	for _, p := range ps.list {
		if p.Name == "" {
			f := Finding{Kind: PoolUnnamed, Severity: Unknown, Origin: strings.Join(p.Origins, ", ")}
			j.Findings = append(j.Findings, f)
		}
	}
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

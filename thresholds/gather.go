package thresholds

import (
	"cmp"
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
			f := Finding{Kind: SourceFailed, Origin: in.Origin, Err: in.Err, TaskErr: in.TaskErr}
			j.Findings = append(j.Findings, s.failure(f, errors.Is(in.Err, context.DeadlineExceeded)))
		}
		for _, loss := range in.Losses {
			j.Findings = append(j.Findings, Finding{Kind: Lost, Severity: Unknown, Origin: in.Origin, Err: loss})
		}
		j.Notes = append(j.Notes, in.Notes...)
		masters = addName(masters, in.CMSMaster)
		source := newSource(in, now)
		for i, pool := range in.Pools {
			place := places[i]
			if place == len(ps.list) {
				ps.list = append(ps.list, source)
			} else {
				ps.list[place].addSource(source)
			}
			ps.list[place].addPart(pool, in.CollectedAt, s)
		}
		places = places[len(in.Pools):]
	}
	for i := range ps.list {
		p := &ps.list[i]
		p.elsewhere = masters
		if len(p.backups) > 0 { // the same one, whatever the order of the sources
			byName := func(a, b string) int { return strings.Compare(status.Fold(a), status.Fold(b)) }
			p.Backup = slices.MinFunc(p.backups, byName)
		}
	}
	ps.findPartners()
	return ps
}

// NamePool returns the inputs, their only pool by the name of the only one that is asked for, where it has none.
func (s Settings) NamePool(inputs []Input) []Input {
	pools, at := 0, 0
	for i, in := range inputs {
		if len(in.Pools) > 0 {
			pools, at = pools+len(in.Pools), i
		}
	}
	if len(s.Pools) != 1 || pools != 1 || inputs[at].Pools[0].Name != "" {
		return inputs
	}
	inputs = slices.Clone(inputs)
	inputs[at].Pools = slices.Clone(inputs[at].Pools)
	inputs[at].Pools[0].Name = s.Pools[0]
	return inputs
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

// failure judges what could not be read or asked.
func (s Settings) failure(f Finding, timedOut bool) Finding {
	f.Severity = s.OnFailure
	if timedOut {
		f.Kind, f.Severity = TimedOut, s.OnTimeout
	}
	return f
}

// newSource is a pool without anything but what its source says of all its pools.
func newSource(in Input, now time.Time) PoolVerdict {
	return PoolVerdict{
		Origins: []string{in.Origin}, TaskErr: in.TaskErr,
		Host: in.Host, PSModule: in.PSModule, Collector: in.Collector,
		CollectedAt: in.CollectedAt, undated: in.CollectedAt.IsZero(), future: in.CollectedAt.After(now.Add(ClockSkew)),
		masters: addName(nil, in.CMSMaster), unasked: unasked(in.Categories),
	}
}

// addSource adds what another source says. The older date counts: each part must be fresh. One that lies in the future
// counts more, since its true age is not known.
func (p *PoolVerdict) addSource(source PoolVerdict) {
	if origin := source.Origins[0]; p.Origins[len(p.Origins)-1] != origin { // sources come one after the other
		p.Origins = append(p.Origins, origin)
	}
	p.Host, p.PSModule = cmp.Or(p.Host, source.Host), cmp.Or(p.PSModule, source.PSModule)
	p.Collector, p.TaskErr = cmp.Or(p.Collector, source.Collector), cmp.Or(p.TaskErr, source.TaskErr)
	older := source.future || !p.future && source.CollectedAt.Before(p.CollectedAt)
	if p.CollectedAt.IsZero() || !source.undated && older {
		p.CollectedAt, p.future = source.CollectedAt, source.future
	}
	p.undated = p.undated || source.undated
	for _, master := range source.masters {
		p.masters = addName(p.masters, master)
	}
	p.unasked = append(p.unasked, source.unasked...)
}

// addPart adds what a source says of the pool itself, as of a date: its modules, not judged yet, and what could not be
// asked or was lost of it.
func (p *PoolVerdict) addPart(pool status.Pool, at time.Time, s Settings) {
	if len(pool.Name) > len(p.Name) {
		p.Name = pool.Name // of its names the FQDN
	}
	p.ActiveMachine, p.Err = cmp.Or(p.ActiveMachine, pool.ActiveMachine), cmp.Or(p.Err, pool.Err)
	p.backups = addName(p.backups, pool.Backup)
	p.addEvents(pool.Events)
	known := p.Modules
	p.Modules = slices.Grow(p.Modules, len(pool.Modules))
	for _, m := range pool.Modules {
		same := func(k ModuleVerdict) bool {
			return strings.EqualFold(k.Identity, m.Identity) && k.Export.Is(m.Export) && k.Import.Is(m.Import)
		}
		if i := slices.IndexFunc(known, same); i >= 0 { // another source says the same
			if known[i].collectedAt.Before(at) {
				known[i].collectedAt = at
			}
			continue
		}
		p.Modules = append(p.Modules, ModuleVerdict{Module: m, collectedAt: at})
	}
	for _, loss := range pool.Losses {
		p.Findings = append(p.Findings, Finding{Kind: Lost, Severity: Unknown, Pool: pool.Name, Err: loss})
	}
	if pool.Err != "" {
		f := Finding{Kind: FetchFailed, Pool: pool.Name, ErrID: pool.ErrID, Err: errors.New(pool.Err)}
		p.Findings = append(p.Findings, s.failure(f, pool.TimedOut))
	}
	if pool.BackupErr != "" {
		p.Findings = append(p.Findings, Finding{
			Kind: BackupPoolUnknown, Severity: s.OnFailure, Pool: pool.Name, Err: errors.New(pool.BackupErr),
		})
	}
	if len(pool.Modules)+len(pool.Losses) == 0 && pool.Err == "" {
		// It says nothing of the pool, and another part's modules don't make up for it.
		p.Findings = append(p.Findings, Finding{Kind: NoModule, Severity: Unknown, Pool: pool.Name})
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
	for i, p := range ps.list {
		mayBeAsked := func(name string) bool { // a short name that is that of several pools
			label, _, _ := strings.Cut(name, ".")
			return strings.EqualFold(label, p.Name)
		}
		if p.Name == "" || ps.judged[i] == nil && slices.ContainsFunc(s.Pools, mayBeAsked) {
			f := Finding{Kind: PoolUnnamed, Severity: Unknown, Pool: p.Name, Origin: strings.Join(p.Origins, ", ")}
			j.Findings = append(j.Findings, f)
		}
	}
}

// absence says what an absent pool means. Where a source failed or lost something, the pool may have been in there, and
// that was told. But where nobody hears of it (--on-failure ok), the absence is told; it is not known to be one then,
// so it is no more than UNKNOWN.
func (s Settings) absence(failures []Finding) (severity Severity, told bool) {
	heard := func(f Finding) bool { return f.Severity != OK }
	if len(failures) > 0 && s.OnMissing.WorseThan(Unknown) {
		return Unknown, slices.ContainsFunc(failures, heard)
	}
	return s.OnMissing, slices.ContainsFunc(failures, heard)
}

package thresholds

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// ClockSkew is how far into the future a status may be dated before its date is not believed.
const ClockSkew = 5 * time.Minute

// Settings are the user's choices. A severity that is left out is Unknown.
type Settings struct {
	Profile Profile
	// Rules stand on top of the profile, the last one that matches wins.
	Rules []Rule
	// Pools are the FQDNs to judge, each of which must be there. None means every pool that is seen.
	Pools []string
	// Pair judges the backup pool of each of these as well, where it was seen.
	Pair bool
	// Expect are identities that each pool must have.
	Expect []string
	// Ignore are the modules that are left out of the verdict.
	Ignore []Pattern
	// CMSMaster is the FQDN of the active CMS master, or "auto" or "none".
	CMSMaster string
	// MaxAge is how old a status may be; 0 is no limit.
	MaxAge time.Duration
	// What a stale status, an absent pool or module, a failed fetch and a timeout mean.
	OnStale, OnMissing, OnFailure, OnTimeout Severity
}

// An Input is what one source brought: a snapshot, or the reason why there is none.
type Input struct {
	status.Snapshot
	Err error
}

// A Judgement is the verdict on all inputs.
type Judgement struct {
	Severity Severity
	// Pools are in the order of Settings.Pools, else of the inputs.
	Pools []PoolVerdict
	// Findings are what belongs to no single pool.
	Findings []Finding
	// Notes are those of all inputs.
	Notes []string
}

// A PoolVerdict is the verdict on one pool.
type PoolVerdict struct {
	status.Pool
	// Origins are the sources that told of the pool.
	Origins  []string
	Severity Severity
	// CollectedAt is the date of the oldest of them; zero when unknown. Age is counted from there.
	CollectedAt time.Time
	Age         time.Duration
	Findings    []Finding
	Modules     []ModuleVerdict
	// master is the CMS master that these sources name.
	master string
}

// A ModuleVerdict is the verdict on one module: the worse of its two directions.
type ModuleVerdict struct {
	status.Module
	Severity Severity
	// Directions is indexed by status.Direction.
	Directions [2]DirectionVerdict
	// Ignored modules do not count.
	Ignored bool
}

// A DirectionVerdict is the verdict on one state.
type DirectionVerdict struct {
	Severity Severity
	Reason   Reason
}

// A Kind is what a finding is about.
type Kind string

// The kinds of findings.
const (
	SourceFailed  Kind = "source-failed"   // a source brought nothing: Err
	TimedOut      Kind = "timed-out"       // a source was not done in time: Err
	Lost          Kind = "lost"            // something is absent, cut or not understood: Err, a status.Loss
	NoPool        Kind = "no-pool"         // nothing tells of any pool
	PoolMissing   Kind = "pool-missing"    // a pool that was asked for is absent: Pool
	PoolUnnamed   Kind = "pool-unnamed"    // a status names no pool, though pools were asked for: Origin
	FetchFailed   Kind = "fetch-failed"    // the collector could not ask this pool: Err
	NoModule      Kind = "no-module"       // the pool has no module that counts
	ModuleMissing Kind = "module-missing"  // an expected module is absent: Module
	Stale         Kind = "stale"           // the status is too old
	Future        Kind = "future"          // the status is dated into the future
	NoCMSMaster   Kind = "no-cms-master"   // no CMSMaster export of a pair is initialised: Pool, Partner
	TwoCMSMasters Kind = "two-cms-masters" // both are: Pool, Partner
	WrongUse      Kind = "wrong-use"       // the command line is wrong: Err; not made by Judge
	PluginFailed  Kind = "plugin-failed"   // the plugin itself failed: Err; not made by Judge
)

// A Finding is what else is wrong, beside the states of modules.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Origin is the source it is about, Pool and Partner the pools, Module the identity; each may be empty.
	Origin, Pool, Partner, Module string
	// Err is the error behind it, if any.
	Err error
}

// Judge applies the rules to all inputs, as of now.
func Judge(inputs []Input, s Settings, now time.Time) Judgement {
	var j Judgement
	pools := j.gather(inputs, s)
	if len(s.Pools) > 0 {
		pools = j.choose(pools, s)
	}
	if len(pools) == 0 && len(j.Findings) == 0 {
		j.Findings = append(j.Findings, Finding{Kind: NoPool, Severity: Unknown})
	}
	var parts []Severity
	for i := range pools {
		pools[i].judge(s, now)
		parts = append(parts, pools[i].Severity)
	}
	j.Pools = pools
	j.Findings = append(j.Findings, pairFindings(pools, s.Profile)...)
	for _, f := range j.Findings {
		parts = append(parts, f.Severity)
	}
	j.Severity = Worst(parts...)
	return j
}

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
		for _, pool := range in.Pools {
			part := PoolVerdict{Pool: pool, Origins: []string{in.Origin}, CollectedAt: in.CollectedAt, master: in.CMSMaster}
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

func (p *PoolVerdict) addFetchFailure(s Settings) {
	if p.Err != "" {
		p.Findings = append(p.Findings, Finding{Kind: FetchFailed, Severity: s.OnFailure, Pool: p.Name, Err: errors.New(p.Err)})
	}
}

// merge adds another part of the same pool. The older date counts: each part must be fresh.
func (p *PoolVerdict) merge(part PoolVerdict) {
	for _, origin := range part.Origins {
		if !slices.Contains(p.Origins, origin) {
			p.Origins = append(p.Origins, origin)
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

func (p *PoolVerdict) judge(s Settings, now time.Time) {
	p.judgeAge(s, now)
	master := p.mastership(s.CMSMaster)
	counted := 0
	p.Modules = make([]ModuleVerdict, len(p.Pool.Modules))
	for i, m := range p.Pool.Modules {
		p.Modules[i] = s.judgeModule(m, master)
		if !p.Modules[i].Ignored {
			counted++
		}
	}
	for _, name := range s.Expect {
		if !slices.ContainsFunc(p.Pool.Modules, func(m status.Module) bool { return strings.EqualFold(m.Identity, name) }) {
			p.Findings = append(p.Findings, Finding{Kind: ModuleMissing, Severity: s.OnMissing, Pool: p.Name, Module: name})
		}
	}
	if counted == 0 && p.Err == "" {
		p.Findings = append(p.Findings, Finding{Kind: NoModule, Severity: Unknown, Pool: p.Name})
	}
	p.Severity = p.worst()
}

func (p *PoolVerdict) worst() Severity {
	parts := make([]Severity, 0, len(p.Findings)+len(p.Modules))
	for _, f := range p.Findings {
		parts = append(parts, f.Severity)
	}
	for _, m := range p.Modules {
		if !m.Ignored {
			parts = append(parts, m.Severity)
		}
	}
	return Worst(parts...)
}

// judgeAge finds a status that is too old to rely on, or dated so far into the future that its age is not known.
func (p *PoolVerdict) judgeAge(s Settings, now time.Time) {
	if p.CollectedAt.IsZero() {
		return
	}
	p.Age = now.Sub(p.CollectedAt)
	kind := Stale
	switch {
	case s.MaxAge == 0:
		return
	case p.Age < -ClockSkew:
		kind = Future
	case p.Age <= s.MaxAge:
		return
	}
	p.Findings = append(p.Findings, Finding{Kind: kind, Severity: s.OnStale, Pool: p.Name})
}

// mastership tells whether the pool is the active CMS master. Where nobody says who is, it is taken for one that is
// not (DESIGN.md, --cms-master auto).
func (p *PoolVerdict) mastership(choice string) mastership {
	master := choice
	switch strings.ToLower(choice) {
	case "", "auto":
		master = p.master
	case "none":
		master = ""
	}
	switch {
	case master == "":
		return isNotMaster
	case p.Name == "":
		return maybeMaster
	case strings.EqualFold(p.Name, master):
		return isMaster
	default:
		return isNotMaster
	}
}

func (s Settings) judgeModule(m status.Module, master mastership) ModuleVerdict {
	v := ModuleVerdict{Module: m}
	for d := range v.Directions {
		direction := status.Direction(d)
		verdict := &v.Directions[d]
		verdict.Severity, verdict.Reason = s.Profile.judge(m, direction, master)
		for _, rule := range s.Rules {
			if rule.match(m, direction) {
				*verdict = DirectionVerdict{Severity: rule.severity, Reason: ByRule}
			}
		}
	}
	v.Severity = Worst(v.Directions[status.Export].Severity, v.Directions[status.Import].Severity)
	v.Ignored = isWhole(m.Identity) && slices.ContainsFunc(s.Ignore, func(p Pattern) bool { return p.Match(m.Identity) })
	return v
}

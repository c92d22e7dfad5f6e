package thresholds

import (
	"errors"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// ClockSkew is how far into the future a status may be dated before its date is not believed.
const ClockSkew = 5 * time.Minute

// Judge applies the rules to all inputs, as of now.
func Judge(inputs []Input, s Settings, now time.Time) Judgement {
	j := Judgement{Profile: s.Profile}
	if !s.asksForMaster() && !s.hasNoMaster() {
		j.CMSMaster = s.CMSMaster
	}
	inputs = s.NamePool(inputs)
	read := j.gather(inputs, s, now)
	j.choose(&read, s)
	if len(j.Pools) == 0 && len(j.Findings) == 0 {
		j.Findings = append(j.Findings, Finding{Kind: NoPool, Severity: Unknown})
	}
	judged := 0
	for i := range j.Pools {
		judged += j.Pools[i].judge(s, now)
	}
	j.judgeMemory(s, now)
	for _, in := range inputs {
		if in.CMSMasterErr != "" { // its collector was told of several active ones
			j.Findings = append(j.Findings, Finding{
				Kind: TwoCMSMasters, Severity: s.Profile.behind(), Origin: in.Origin, Err: errors.New(in.CMSMasterErr),
			})
		}
	}
	j.findPairs(s, &read)
	if judged == 0 {
		j.excuseNothing()
	}
	j.judgeWays(&read)
	j.findIdle(s, read)
	j.conclude()
	return j
}

// conclude is the verdict on the whole. Here alone it is decided whether a failover is safe: where nothing at all is
// wrong, and each pool is in a pair in which each names the other. All that makes a pool not ready is a finding or a
// state of its own, so that it can be seen; but whatever else was overlooked, OK and ready are the same.
func (j *Judgement) conclude() {
	var parts []Severity
	findings, paired := len(j.Findings), 0
	for i := range j.Pools {
		p := &j.Pools[i]
		p.Severity = p.worst()
		parts = append(parts, p.Severity)
		findings += len(p.Findings)
	}
	for _, f := range j.Findings {
		parts = append(parts, f.Severity)
	}
	for _, pair := range j.Pairs {
		for _, f := range pair.Findings {
			parts = append(parts, f.Severity)
		}
		findings += len(pair.Findings)
		if pair.mutual {
			paired += len(pair.Pools)
		}
	}
	j.Severity = Worst(parts...)
	if j.Profile == Failover {
		j.Ready = j.Severity == OK && findings == 0 && paired == len(j.Pools)
		if !j.Ready && j.Severity == OK {
			j.Severity = Unknown
		}
	}
}

// excuseNothing makes each finding at least UNKNOWN: where no module was judged, no option makes less of that.
func (j *Judgement) excuseNothing() {
	raise := func(findings []Finding) {
		for i := range findings {
			findings[i].Severity = Worst(findings[i].Severity, Unknown)
		}
	}
	raise(j.Findings)
	for _, p := range j.Pools {
		raise(p.Findings)
	}
	for _, pair := range j.Pairs {
		raise(pair.Findings)
	}
}

// judge judges all but the pool's own severity, and returns how many modules count.
func (p *PoolVerdict) judge(s Settings, now time.Time) (counted int) {
	p.judgeAge(s, now)
	p.dateEvents(now)
	p.judgeMasters(s)
	p.judgeBackups(s)
	if s.Profile == Failover && len(p.unasked) > 0 {
		names := slices.Compact(slices.Sorted(slices.Values(p.unasked)))
		p.Findings = append(p.Findings, Finding{Kind: Unasked, Severity: Unknown, Pool: p.Name, Names: names})
	}
	mastership := p.mastership(s)
	for i := range p.Modules {
		p.Modules[i].judge(s, mastership)
		if !p.Modules[i].Ignored {
			counted++
		}
	}
	p.judgeTimes(s)
	for _, pattern := range s.Expect {
		fits := func(m ModuleVerdict) bool { return m.isWhole && pattern.Match(m.Identity) }
		if !slices.ContainsFunc(p.Modules, fits) {
			f := Finding{Kind: ModuleMissing, Severity: s.OnMissing, Pool: p.Name, Module: string(pattern)}
			p.Findings = append(p.Findings, f)
		}
	}
	// A loss says why there is none. So does a fetch that failed, unless nobody is to hear of it though the pool was
	// asked for.
	told := func(f Finding) bool {
		return f.Kind == NoModule || f.Kind == Lost ||
			(f.Kind == FetchFailed || f.Kind == TimedOut) && (f.Severity != OK || len(s.Pools) == 0)
	}
	if counted == 0 && !slices.ContainsFunc(p.Findings, told) {
		p.Findings = append(p.Findings, Finding{Kind: NoModule, Severity: Unknown, Pool: p.Name})
	}
	return counted
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
	if p.undated && (s.DateNeeded || s.Profile == Failover) && s.MaxAge > 0 {
		p.Findings = append(p.Findings, Finding{Kind: Undated, Severity: s.OnStale, Pool: p.Name})
	}
	if p.CollectedAt.IsZero() {
		return
	}
	p.Age = now.Sub(p.CollectedAt)
	kind := Stale
	switch {
	case s.MaxAge == 0:
		return
	case p.future:
		kind = Future
	case p.Age <= s.MaxAge:
		return
	}
	p.Findings = append(p.Findings, Finding{Kind: kind, Severity: s.OnStale, Pool: p.Name, TaskErr: p.TaskErr})
}

// judgeMasters finds sources of the pool that name different CMS masters. The user settles that by naming one of them.
// To name one that no source does contradicts them, and so does none where they name this pool: what was written down
// once gets old (docs/service.md, The CMS master).
func (p *PoolVerdict) judgeMasters(s Settings) {
	f := Finding{Kind: MastersDiffer, Severity: s.Profile.behind(), Pool: p.Name, Names: p.masters}
	isNamed := func(name string) bool { return isOneOf(name, p.masters) }
	switch {
	case s.asksForMaster():
		if len(p.masters) < 2 {
			return
		}
	case len(p.masters) == 0, s.hasNoMaster() && !isNamed(p.Name), isNamed(s.CMSMaster):
		return
	default:
		f.Err = errors.New("--cms-master says " + s.CMSMaster)
	}
	p.Findings = append(p.Findings, f)
}

// isOneOf reports whether a name is that of one of some pools.
func isOneOf(name string, pools []string) bool {
	return slices.ContainsFunc(pools, func(pool string) bool { return status.SamePool(name, pool) })
}

// asksForMaster reports whether the sources say which pool is the CMS master.
func (s Settings) asksForMaster() bool {
	return s.CMSMaster == "" || strings.EqualFold(s.CMSMaster, "auto")
}

// hasNoMaster reports whether the user says that no pool of the pair is the CMS master.
func (s Settings) hasNoMaster() bool { return strings.EqualFold(s.CMSMaster, "none") }

// mastership tells whether the pool is the active CMS master. Of several that the sources name the pool is one if it is
// named at all. Where nobody says who is, no pool is taken for it (docs/design.md, The rules).
func (p *PoolVerdict) mastership(s Settings) Reason {
	masters := p.masters
	switch {
	case s.hasNoMaster():
		return NotMaster
	case !s.asksForMaster():
		masters = []string{s.CMSMaster}
	case len(masters) == 0:
		masters = p.elsewhere
	}
	switch {
	case len(masters) == 0:
		return TakenForNotMaster
	case p.Name == "":
		return MasterUnclear
	case isOneOf(p.Name, masters):
		return IsMaster
	default:
		return NotMaster
	}
}

// judge judges a module by the rules.
func (m *ModuleVerdict) judge(s Settings, mastership Reason) {
	m.isWhole = isWhole(m.Identity)
	for d := range m.Directions {
		v, direction := &m.Directions[d], status.Direction(d)
		v.Severity, v.Reason = s.Profile.judge(m, direction, mastership)
		for _, rule := range s.Rules {
			if rule.match(m.Module, direction) {
				*v = DirectionVerdict{Severity: rule.severity, Reason: ByRule}
			}
		}
	}
	m.Severity = m.worst()
	m.Ignored = m.isWhole && slices.ContainsFunc(s.Ignore, func(p Pattern) bool { return p.Match(m.Identity) })
}

func (m *ModuleVerdict) worst() Severity {
	return Worst(m.Directions[status.Export].Severity, m.Directions[status.Import].Severity)
}

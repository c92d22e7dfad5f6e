package thresholds

import (
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// ClockSkew is how far into the future a status may be dated before its date is not believed.
const ClockSkew = 5 * time.Minute

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
	j.Findings = append(j.Findings, masterFindings(inputs, s.Profile)...)
	j.Findings = append(j.Findings, pairFindings(pools, s.Profile)...)
	for _, f := range j.Findings {
		parts = append(parts, f.Severity)
	}
	j.Severity = Worst(parts...)
	return j
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
	p.Pool.Modules = nil // the verdicts hold them
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

package thresholds

import (
	"strings"
	"time"

	"check_cs_backup/check/memory"
	"check_cs_backup/check/status"
)

// remember adds what the rules say of each module to the memory, and lets the ranges decide on what lasts. Without a
// memory the verdict of the rules stands; so it does where nothing tells since when.
func (j *Judgement) remember(s Settings, now time.Time) {
	if s.Memory == nil {
		return
	}
	latest := now.Add(ClockSkew)
	var sightings []memory.Sighting
	for _, p := range j.Pools {
		for _, m := range p.Modules {
			sightings = append(sightings, m.sighting(p.Name))
		}
	}
	next := s.Memory.With(sightings, latest)
	j.Memory = &next
	for i := range j.Pools {
		p := &j.Pools[i]
		for i := range p.Modules {
			m := &p.Modules[i]
			for d := range m.Directions {
				m.Lasting[d].Spell = next.Spell(m.sighting(p.Name), status.Direction(d))
				m.Directions[d].Severity = s.afterTime(m.Lasting[d])
			}
			m.Severity = m.worst()
		}
		if p.isForgotten(latest) {
			j.Remarks = append(j.Remarks, Remark{Kind: NotRemembered, Pool: p.Name, Origin: strings.Join(p.Origins, ", ")})
		}
	}
}

// A Remark is why since when is not known. It is no Finding: a memory that fails changes no verdict.
type Remark struct {
	Kind Kind
	// Pool is the FQDN, empty where there is none. Origin is the file of the memory, or the sources of the pool.
	Pool, Origin string
	// Err is the error behind it, if any.
	Err error
}

// The kinds of remarks.
const (
	MemoryFailed  Kind = "memory-failed"  // the memory can't be read or kept: Origin, Err; not made by Judge
	NotRemembered Kind = "not-remembered" // a status names no pool, or has no date that can be believed: Pool, Origin
)

func (m ModuleVerdict) sighting(pool string) memory.Sighting {
	s := memory.Sighting{Pool: pool, Module: m.Identity, At: m.collectedAt}
	for d, l := range m.Lasting {
		s.Unhealthy[d] = l.ByRules != OK
	}
	return s
}

// afterTime is the severity of a direction for as long as it lasts. The ranges decide for what is WARNING by the rules.
func (s Settings) afterTime(l Lasting) Severity {
	seconds := l.For.Seconds()
	switch {
	case l.ByRules != Warning, !l.Known:
		return l.ByRules
	case s.Critical != nil && s.Critical.Alerts(seconds):
		return Critical
	case s.Warning != nil && !s.Warning.Alerts(seconds):
		return OK
	default:
		return Warning
	}
}

// isForgotten reports whether a module that counts can't be remembered though its own name is whole: the pool has no
// name, or the status no date that can be believed.
func (p *PoolVerdict) isForgotten(latest time.Time) bool {
	for _, m := range p.Modules {
		if !m.Ignored && (p.Name == "" || m.collectedAt.IsZero() || m.collectedAt.After(latest)) {
			return true
		}
	}
	return false
}

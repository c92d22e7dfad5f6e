package thresholds

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// A Memory is what earlier checks left for this one; the zero value is none. It can make a verdict worse, never milder.
type Memory struct {
	// File is where it is kept. Err is why it can't be had or kept; then nothing is known.
	File string
	Err  error
	// IsNew says that this check had to make it.
	IsNew bool
	// Since tells since when a direction of a module is unhealthy, as of the date of its status: the zero time where
	// its word is a healthy one. Known is false where nothing tells.
	Since func(pool string, m status.Module, d status.Direction, at time.Time) (since time.Time, known bool)
}

// A Limit is for how long a module may be WARNING. Its text form is [MODULE=]TIME, where MODULE is a pattern; without
// it the limit is for every module.
type Limit struct {
	module Pattern
	after  Span
	text   string // as it was given
}

// UnmarshalText reads a limit.
func (l *Limit) UnmarshalText(text []byte) error {
	limit := Limit{module: "*", text: string(text)}
	span := limit.text
	if module, rest, found := strings.Cut(limit.text, "="); found {
		if err := limit.module.UnmarshalText([]byte(module)); err != nil {
			return fmt.Errorf("the module: %w", err)
		}
		span = rest
	}
	if err := limit.after.UnmarshalText([]byte(strings.TrimSpace(span))); err != nil {
		return err
	}
	if limit.after == 0 {
		return errors.New("the time must be more than 0; --rule makes a state CRITICAL at once")
	}
	*l = limit
	return nil
}

// One returns the limit where one is for all modules.
func One(limits []Limit) (after time.Duration, ok bool) {
	if len(limits) == 0 || strings.Trim(string(limits[len(limits)-1].module), "*") != "" {
		return 0, false
	}
	return time.Duration(limits[len(limits)-1].after), true
}

func (s Settings) limit(identity string) (after time.Duration, ok bool) {
	for _, l := range slices.Backward(s.Critical) {
		if l.module.Match(identity) {
			return time.Duration(l.after), true
		}
	}
	return 0, false
}

// judgeTimes makes CRITICAL what is WARNING by the rules for too long.
func (p *PoolVerdict) judgeTimes(s Settings) {
	if s.Memory.Since == nil {
		return
	}
	well := true
	for i := range p.Modules {
		m := &p.Modules[i]
		for d := range m.Directions {
			v := &m.Directions[d]
			if m.Ignored || v.Severity == OK {
				continue
			}
			well = false
			since, known := s.Memory.Since(p.Name, m.Module, status.Direction(d), m.collectedAt)
			if !known {
				continue
			}
			if !since.IsZero() {
				v.Since, v.For = since, m.collectedAt.Truncate(time.Second).Sub(since)
			}
			p.Unhealthy, p.UnhealthyKnown = max(p.Unhealthy, v.For), true
			if after, ok := s.limit(m.Identity); ok && v.Severity == Warning && v.For > after {
				v.Severity, v.Reason = Critical, TooLong
			}
		}
		m.Severity = m.worst()
	}
	p.UnhealthyKnown = p.UnhealthyKnown || well && len(p.Modules) > 0
}

// judgeMemory finds a memory that does not work, and notes what it can't tell though somebody asks for it.
func (j *Judgement) judgeMemory(s Settings, now time.Time) {
	if s.Memory.Err != nil {
		j.Findings = append(j.Findings, Finding{
			Kind: MemoryFailed, Severity: s.OnFailure, Origin: s.Memory.File, Err: s.Memory.Err,
		})
	}
	if s.Memory.Since == nil {
		return
	}
	unhealthy := false
	var blind []string // pools of which it can't tell anything
	for i := range j.Pools {
		p := &j.Pools[i]
		notKnown := func(m ModuleVerdict) bool {
			return !m.Ignored && (p.Name == "" || m.collectedAt.IsZero() || m.collectedAt.After(now.Add(ClockSkew)))
		}
		if slices.ContainsFunc(p.Modules, notKnown) {
			blind = append(blind, cmp.Or(p.Name, strings.Join(p.Origins, ", ")))
		}
		unhealthy = unhealthy || slices.ContainsFunc(p.Modules, func(m ModuleVerdict) bool {
			return !m.Ignored && m.Severity != OK
		})
	}
	if len(blind) > 0 && len(s.Critical) > 0 {
		note := "since when is not known, so --critical never comes: " + blind[0] +
			": the status names no pool (--pool names it where there is one), or has no date, or one in the future"
		if more := len(blind) - 1; more > 0 {
			note += fmt.Sprintf("; and %d more", more)
		}
		j.Notes = append(j.Notes, note)
	}
	if s.Memory.IsNew && unhealthy {
		j.Notes = append(j.Notes, s.Memory.File+" was made by this check, so it is not known what was before; where "+
			"each check has to make it (a container, PrivateTmp, a tmpfs), --critical never comes")
	}
}

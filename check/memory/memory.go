// Package memory remembers, from one check to the next, since when each direction of each module is unhealthy: which is
// to say that the rules have not judged it OK. It is pure: what a check saw and an old memory give a new one. Its clock
// is the dates of the statuses, in whole seconds.
package memory

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"check_cs_backup/check/status"
)

// Keep is for how long a module is remembered that no status tells of any more, counted back from the newest status of
// all.
const Keep = 30 * 24 * time.Hour

// A Memory is what is remembered. The zero value is nothing. It never changes: With makes a new one.
type Memory struct {
	pools map[string]modules // by status.Fold of the FQDN
}

type modules map[string]module // by status.Fold of the identity

// A module is what is remembered of one module of one pool.
type module struct {
	// Seen is the date of the newest status that told of it.
	Seen time.Time `json:"seen"`
	// Export and Import are the dates of the first statuses of the unbroken rows of unhealthy ones. They are zero where
	// that status was healthy.
	Export time.Time `json:"exportUnhealthySince,omitzero"`
	Import time.Time `json:"importUnhealthySince,omitzero"`
}

func (m *module) since(d status.Direction) *time.Time {
	if d == status.Import {
		return &m.Import
	}
	return &m.Export
}

// A Sighting is what the rules say of one module in one status.
type Sighting struct {
	// Pool is the FQDN, Module the identity.
	Pool, Module string
	// At is the date of the status.
	At time.Time
	// Unhealthy is indexed by status.Direction.
	Unhealthy [2]bool
}

// plain is the sighting with its names and its date in the form that memories are kept in. What has no name, a damaged
// one, or no date can't be remembered.
func (s Sighting) plain() (plain Sighting, ok bool) {
	if s.At.IsZero() {
		return s, false
	}
	s.Pool, s.Module, s.At = status.Fold(s.Pool), status.Fold(s.Module), s.At.Truncate(time.Second).UTC()
	return s, isName(s.Pool) && isName(s.Module)
}

func isName(folded string) bool { return folded != "" && !status.IsDamaged(folded) }

// With returns the memory with what was seen, none of which can be from after latest: the clock was wrong that dated it
// so. What an old memory has from after that counts as seen at latest.
func (m Memory) With(sightings []Sighting, latest time.Time) Memory {
	next := m.until(latest.Truncate(time.Second).UTC())
	for _, s := range inOrder(sightings) {
		if !s.At.After(latest) {
			next.see(s)
		}
	}
	next.forget()
	return next
}

// until copies the memory, nothing in it later than latest.
func (m Memory) until(latest time.Time) Memory {
	next := Memory{pools: make(map[string]modules, len(m.pools))}
	for name, pool := range m.pools {
		copied := maps.Clone(pool)
		for identity, mod := range copied {
			for _, date := range []*time.Time{&mod.Seen, &mod.Export, &mod.Import} {
				if date.After(latest) {
					*date = latest
				}
			}
			copied[identity] = mod
		}
		next.pools[name] = copied
	}
	return next
}

// inOrder sorts what can be remembered by its date. Where one status, or several of the same date, tell of a module more
// than once, it is one sighting, as bad as any of them.
func inOrder(sightings []Sighting) []Sighting {
	var sorted []Sighting
	for _, s := range sightings {
		if plain, ok := s.plain(); ok {
			sorted = append(sorted, plain)
		}
	}
	slices.SortStableFunc(sorted, func(a, b Sighting) int {
		return cmp.Or(cmp.Compare(a.Pool, b.Pool), cmp.Compare(a.Module, b.Module), a.At.Compare(b.At))
	})
	var merged []Sighting
	for _, s := range sorted {
		if last := len(merged) - 1; last >= 0 && merged[last].isOf(s) {
			for d, unhealthy := range s.Unhealthy {
				merged[last].Unhealthy[d] = merged[last].Unhealthy[d] || unhealthy
			}
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// isOf reports whether both are of the same module at the same time.
func (s Sighting) isOf(other Sighting) bool {
	return s.Pool == other.Pool && s.Module == other.Module && s.At.Equal(other.At)
}

// see takes up one sighting. One from before the last that was seen changes nothing.
func (m Memory) see(s Sighting) {
	pool := m.pools[s.Pool]
	mod, known := pool[s.Module]
	if known && s.At.Before(mod.Seen) {
		return
	}
	mod.Seen = s.At
	for d, unhealthy := range s.Unhealthy {
		switch since := mod.since(status.Direction(d)); {
		case !unhealthy:
			*since = time.Time{}
		case since.IsZero():
			*since = s.At
		}
	}
	if pool == nil {
		pool = make(modules)
		m.pools[s.Pool] = pool
	}
	pool[s.Module] = mod
}

// forget drops what was not seen for long.
func (m Memory) forget() {
	var newest time.Time
	for _, pool := range m.pools {
		for _, mod := range pool {
			if mod.Seen.After(newest) {
				newest = mod.Seen
			}
		}
	}
	for name, pool := range m.pools {
		maps.DeleteFunc(pool, func(_ string, mod module) bool { return mod.Seen.Before(newest.Add(-Keep)) })
		if len(pool) == 0 {
			delete(m.pools, name)
		}
	}
}

// A Spell is for how long a direction is unhealthy.
type Spell struct {
	// Known is false where nothing tells: the status has no date, say, or is older than what was seen since. Then the
	// rest means nothing.
	Known bool
	// Since is the date of the first status of the row, For the time from there to the one that was sighted. Both are
	// zero where the direction is healthy.
	Since time.Time
	For   time.Duration
}

// Spell tells for how long a direction of what was sighted is unhealthy. The sighting must be in the memory already.
func (m Memory) Spell(s Sighting, d status.Direction) Spell {
	s, ok := s.plain()
	mod, seen := m.pools[s.Pool][s.Module]
	if !ok || !seen || s.At.After(mod.Seen) {
		return Spell{}
	}
	if !s.Unhealthy[d] {
		return Spell{Known: true}
	}
	since := *mod.since(d)
	if since.IsZero() || since.After(s.At) { // there were healthy ones after it
		return Spell{}
	}
	return Spell{Known: true, Since: since, For: s.At.Sub(since)}
}

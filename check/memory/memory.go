// Package memory remembers, from one check to the next, since when the word of each direction of each module has not
// been a healthy one. It knows words alone: rules, what is ignored and who is the CMS master do not count, so any
// checks may share a memory. It is pure. Its clock is the dates of the statuses, in whole seconds.
package memory

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

const (
	// Gap is for how long a module may be unseen before what was remembered of it says nothing of now.
	Gap = 24 * time.Hour
	// MaxModules is how many modules are remembered. Of more, those that are unseen the longest are forgotten.
	MaxModules = 10_000
)

// A Memory is what is remembered. The zero value is nothing.
type Memory struct {
	pools map[string]modules // by status.Fold of the FQDN, or of the short name where no FQDN is known
	// fqdns are, by a short name, the FQDN that it begins; empty where there are several.
	fqdns map[string]string
	// latest is the last date that is believed.
	latest time.Time
}

type modules map[string]row // by status.Fold of the identity

// A row is what is remembered of one module.
type row struct {
	// Seen is the date of the newest status that counted.
	Seen time.Time `json:"seen"`
	// Export and Import are the dates of the first statuses of the unbroken rows of unhealthy ones, zero where the
	// newest was healthy.
	Export time.Time `json:"exportUnhealthySince,omitzero"`
	Import time.Time `json:"importUnhealthySince,omitzero"`
}

func (r *row) since(d status.Direction) *time.Time {
	if d == status.Import {
		return &r.Import
	}
	return &r.Export
}

// isHealthy reports whether the word of a direction is one that is in order (docs/service.md, The states).
// NotInitialized is normal for the export of CMSMaster for months, on the pool that is not the CMS master: were that
// remembered, a failover of the CMS would look like a fault of months.
func isHealthy(m status.Module, d status.Direction) bool {
	word := m.State(d)
	if d == status.Import {
		return word.Is(status.NormalState)
	}
	return word.Is(status.FinalState) || word.Is(status.SteadyState) || m.IsCMSMaster() && word.Is(status.NotInitialized)
}

// A sighting is what one status says of a module.
type sighting struct {
	pool, module string // as status.Fold makes them
	at           time.Time
	unhealthy    [2]bool // by status.Direction
}

// Add adds what the sources of one check say, none of which is believed that is dated after latest; neither is what is
// remembered from after that. A status without a date, or that does not name its pool, can't be remembered.
func (m *Memory) Add(snapshots []status.Snapshot, latest time.Time) {
	m.latest = latest
	if m.pools == nil {
		m.pools = map[string]modules{}
	}
	sightings := m.sightings(snapshots)
	m.joinNames(sightings)
	byModule := func(a, b sighting) int { return cmp.Or(cmp.Compare(a.pool, b.pool), cmp.Compare(a.module, b.module)) }
	slices.SortFunc(sightings, func(a, b sighting) int { return cmp.Or(byModule(a, b), a.at.Compare(b.at)) })
	for len(sightings) > 0 {
		first, n := sightings[0], 1
		for n < len(sightings) && byModule(first, sightings[n]) == 0 {
			n++
		}
		if m.pools[first.pool] == nil {
			m.pools[first.pool] = modules{}
		}
		r := m.pools[first.pool][first.module]
		r.see(sightings[:n], latest)
		m.pools[first.pool][first.module] = r
		sightings = sightings[n:]
	}
	m.forget()
}

func (m *Memory) sightings(snapshots []status.Snapshot) []sighting {
	var list []sighting
	for _, s := range snapshots {
		at := s.CollectedAt.Truncate(time.Second).UTC()
		if !isDate(at) || at.After(m.latest) {
			continue
		}
		for _, pool := range s.Pools {
			name := status.Fold(pool.Name)
			for _, mod := range pool.Modules {
				identity := status.Fold(mod.Identity)
				if isName(name) && isName(identity) {
					unhealthy := [2]bool{!isHealthy(mod, status.Export), !isHealthy(mod, status.Import)}
					list = append(list, sighting{name, identity, at, unhealthy})
				}
			}
		}
	}
	return list
}

func isName(folded string) bool { return folded != "" && !status.IsDamaged(folded) }

// isDate reports whether a date is one, and can be written as RFC 3339 has it.
func isDate(t time.Time) bool { return !t.IsZero() && t.Year() >= 1 && t.Year() <= 9999 }

// joinNames makes one pool of a short name and the one FQDN that it begins, in what is remembered and in what was seen.
func (m *Memory) joinNames(sightings []sighting) {
	m.fqdns = map[string]string{}
	add := func(name string) {
		if short, _, isFQDN := strings.Cut(name, "."); isFQDN {
			if known, ok := m.fqdns[short]; ok && known != name {
				name = ""
			}
			m.fqdns[short] = name
		}
	}
	for name := range m.pools {
		add(name)
	}
	for _, s := range sightings {
		add(s.pool)
	}
	for i, s := range sightings {
		sightings[i].pool = m.fqdn(s.pool)
	}
	for short, fqdn := range m.fqdns {
		rows, known := m.pools[short]
		if fqdn == "" || !known {
			continue
		}
		delete(m.pools, short)
		if m.pools[fqdn] == nil {
			m.pools[fqdn] = modules{}
		}
		for identity, r := range rows {
			if r.Seen.After(m.pools[fqdn][identity].Seen) {
				m.pools[fqdn][identity] = r
			}
		}
	}
}

func (m *Memory) fqdn(name string) string { return cmp.Or(m.fqdns[name], name) }

// see takes up what one check says of the module, in the order of the dates. Where its sources differ, what is
// unhealthy counts, with its date. A date from before what is remembered changes nothing.
func (r *row) see(sightings []sighting, latest time.Time) {
	var worst [2]bool
	for _, s := range sightings {
		for d, unhealthy := range s.unhealthy {
			worst[d] = worst[d] || unhealthy
		}
	}
	for _, s := range sightings {
		believed := !r.Seen.IsZero() && !r.Seen.After(latest)
		if believed && s.at.Before(r.Seen) || worst != [2]bool{} && s.unhealthy == [2]bool{} {
			continue
		}
		if !believed || s.at.Sub(r.Seen) > Gap {
			*r = row{} // what was in between was not seen
		}
		r.Seen = s.at
		for d, unhealthy := range s.unhealthy {
			switch since := r.since(status.Direction(d)); {
			case unhealthy && since.IsZero():
				*since = s.at
			case !worst[d]:
				*since = time.Time{}
			}
		}
	}
}

// forget keeps the modules to MaxModules.
func (m *Memory) forget() {
	type place struct {
		pool, module string
		seen         time.Time
	}
	var places []place
	for pool, rows := range m.pools {
		for identity, r := range rows {
			places = append(places, place{pool, identity, r.Seen})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(a.seen.Compare(b.seen), cmp.Compare(a.pool, b.pool), cmp.Compare(a.module, b.module))
	})
	for _, p := range places[:max(0, len(places)-MaxModules)] {
		delete(m.pools[p.pool], p.module)
		if len(m.pools[p.pool]) == 0 {
			delete(m.pools, p.pool)
		}
	}
}

// Since tells since when a direction of a module is unhealthy, of which a status of the given date tells that was
// added: the zero time where its word is a healthy one. Where nothing tells, known is false: the status has no date,
// say, or is from before a row that is over.
func (m *Memory) Since(pool string, mod status.Module, d status.Direction, at time.Time) (since time.Time, known bool) {
	r, remembered := m.pools[m.fqdn(status.Fold(pool))][status.Fold(mod.Identity)]
	at = at.Truncate(time.Second)
	switch since = *r.since(d); {
	case !remembered, at.IsZero(), at.After(m.latest), r.Seen.After(m.latest):
		return time.Time{}, false
	case isHealthy(mod, d):
		return time.Time{}, true
	case since.IsZero(), since.After(at), at.After(r.Seen):
		return time.Time{}, false
	}
	return since, true
}

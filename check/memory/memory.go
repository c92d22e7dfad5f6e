// Package memory remembers, from one check to the next, since when the word of each direction of each module has not
// been a healthy one. It knows words alone: rules, what is ignored and who is the CMS master do not count, so any
// checks may share a memory. It is pure. Its clock is the dates of the statuses, in whole seconds.
package memory

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

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
	fqdns status.FQDNs       // of what is remembered
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
	if d == status.Import {
		return m.Import.Is(status.NormalState)
	}
	return m.Export.Is(status.FinalState) || m.Export.Is(status.SteadyState) ||
		m.IsCMSMaster() && m.Export.Is(status.NotInitialized)
}

// An observation is what one status says of a module.
type observation struct {
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
	observations := m.observations(snapshots)
	m.joinNames(observations)
	byModule := func(a, b observation) int {
		return cmp.Or(cmp.Compare(a.pool, b.pool), cmp.Compare(a.module, b.module))
	}
	slices.SortFunc(observations, func(a, b observation) int { return cmp.Or(byModule(a, b), a.at.Compare(b.at)) })
	for len(observations) > 0 {
		first, n := observations[0], 1
		for n < len(observations) && byModule(first, observations[n]) == 0 {
			n++
		}
		r := m.pools[first.pool][first.module]
		r.see(observations[:n], latest)
		m.put(first.pool, first.module, r)
		observations = observations[n:]
	}
	m.forget()
}

func (m *Memory) observations(snapshots []status.Snapshot) []observation {
	var list []observation
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
					list = append(list, observation{name, identity, at, unhealthy})
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
func (m *Memory) joinNames(observations []observation) {
	m.fqdns = status.FQDNs{}
	for name := range m.pools {
		m.fqdns.Add(name)
	}
	for _, s := range observations {
		m.fqdns.Add(s.pool)
	}
	for i, s := range observations {
		observations[i].pool = m.fqdns.Of(s.pool)
	}
	for short, fqdn := range m.fqdns {
		rows, known := m.pools[short]
		if fqdn == "" || !known {
			continue
		}
		delete(m.pools, short)
		for identity, r := range rows {
			if r.Seen.After(m.pools[fqdn][identity].Seen) {
				m.put(fqdn, identity, r)
			}
		}
	}
}

// put remembers a row.
func (m *Memory) put(pool, module string, r row) {
	if m.pools[pool] == nil {
		m.pools[pool] = modules{}
	}
	m.pools[pool][module] = r
}

// see takes up what one check says of the module, in the order of the dates. Where its sources differ, what is
// unhealthy counts, with its date. A date from before what is remembered changes nothing.
func (r *row) see(observations []observation, latest time.Time) {
	var worst [2]bool
	for _, s := range observations {
		for d, unhealthy := range s.unhealthy {
			worst[d] = worst[d] || unhealthy
		}
	}
	for _, s := range observations {
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
	r, remembered := m.pools[m.fqdns.Of(status.Fold(pool))][status.Fold(mod.Identity)]
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

// A memory's schema is a name and a number (docs/design.md, The memory).
const (
	schemaName   = "check_cs_backup/memory/"
	schemaNumber = 1
)

// document is the file.
type document struct {
	Schema string             `json:"schema"`
	Pools  map[string]modules `json:"pools"`
}

// Encode writes the memory as JSON, the same bytes for the same memory.
func (m *Memory) Encode() ([]byte, error) {
	data, err := json.Marshal(document{schemaName + strconv.Itoa(schemaNumber), m.pools},
		json.Deterministic(true), jsontext.WithIndent(" "))
	return append(data, '\n'), err
}

// Decode reads what Encode wrote, and nothing else: of a damaged memory nothing is believed. encoding/json would pass
// over double keys. Its error is a status.Loss.
func Decode(data []byte) (*Memory, error) {
	var doc document
	err := json.Unmarshal(data, &doc, json.RejectUnknownMembers(true))
	if err == nil {
		err = doc.check()
	}
	if err == nil {
		return &Memory{pools: doc.Pools}, nil
	}
	var head struct {
		Schema string `json:"schema"`
	}
	_ = json.Unmarshal(data, &head) // as much as can be read: a newer version may have other keys
	number, isMemory := strings.CutPrefix(head.Schema, schemaName)
	if version, _ := strconv.Atoi(number); isMemory && version > schemaNumber {
		return nil, status.Loss{
			What:   "was written by a newer version of this plugin",
			Advice: "use the same version everywhere, or name another file with --state-file",
		}
	}
	loss := status.Loss{
		What:   "is damaged, or no memory of this plugin",
		Advice: "move it away, then the next check begins a new one, or name another file with --state-file",
	}
	// The texts of the JSON library's errors are for programmers.
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		loss.Line = 1 + bytes.Count(data[:syntactic.ByteOffset], []byte{'\n'})
	} else if _, ok := errors.AsType[*json.SemanticError](err); !ok {
		loss.Err = err
	}
	return nil, loss
}

// check finds what no check would have written.
func (d document) check() error {
	if d.Schema != schemaName+strconv.Itoa(schemaNumber) || d.Pools == nil {
		return errors.New("another schema, or no pools")
	}
	for pool, rows := range d.Pools {
		for identity, r := range rows {
			for _, date := range []*time.Time{&r.Seen, &r.Export, &r.Import} {
				*date = date.Truncate(time.Second).UTC()
			}
			switch {
			case !isFolded(pool), !isFolded(identity):
				return fmt.Errorf("%q, %q: no names of a pool and a module", pool, identity)
			case !isDate(r.Seen), r.Export.After(r.Seen), r.Import.After(r.Seen),
				r.Export.Year() < 1, r.Import.Year() < 1:
				return fmt.Errorf("%s, %s: dates that can't be", pool, identity)
			}
			rows[identity] = r
		}
	}
	return nil
}

func isFolded(name string) bool { return isName(name) && status.Fold(name) == name }

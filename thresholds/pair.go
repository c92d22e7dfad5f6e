package thresholds

import (
	"slices"

	"check_cs_backup/check/status"
)

// A Pair is two pools that are each other's backup, of which one at least is judged.
type Pair struct {
	// Pools are the two. The second is nil where it is not judged, or is the partner of another pool.
	Pools [2]*PoolVerdict
	// Ways are the one from the first pool to the second, and the one back; of a partner without a name the first
	// alone.
	Ways []Way
	// Findings are what is wrong with the two together.
	Findings []Finding
	// mutual: each of the two names the other.
	mutual bool
}

// A Way is one direction of a pair: from one pool to the other, which takes over from it in a failover. The one exports
// and the other imports.
type Way struct {
	// From and To are the FQDNs of the pools. To is empty where the backup pool is not known.
	From, To string
	Severity Severity
	// Ready is the answer of the failover profile; under another one it is false.
	Ready bool
	// Modules is how many modules the one end exports.
	Modules int
	// Problems are what is not in order, the worst first.
	Problems []Problem
}

// A Problem is what is wrong with a way: a finding, or the state of a module in one direction.
type Problem struct {
	Severity Severity
	// Pool is whose it is; nil where it belongs to no single pool.
	Pool      *PoolVerdict
	Finding   *Finding
	Module    *ModuleVerdict
	Direction status.Direction
}

// findPairs finds the pairs among the pools, and what is wrong with them as pairs. Day by day a pool's partner is the
// one that it names as its backup pool; where it names none, the only one that names it. Pairs are mutual
// (docs/service.md, The service), so before a failover each must name the other. There is half a pair, too, where
// something is wrong with the other half.
func (j *Judgement) findPairs(s Settings, ps *pools) {
	done := make([]bool, len(ps.list))
	for i, p := range ps.judged {
		if p == nil || done[i] {
			continue
		}
		other, name := ps.partner(i), p.Backup
		if other >= 0 {
			name = ps.list[other].Name
		}
		switch {
		case other == nobody:
			if s.Profile == Failover {
				j.addPair(p, "", ps.noPartner(i)...)
			}
		case other == notSeen, ps.judged[other] == nil:
			j.partnerMissing(p, name, other != notSeen, s)
		case ps.partner(other) != i:
			j.addPair(p, name, Finding{
				Kind: PartnerElsewhere, Severity: s.Profile.behind(), Pool: p.Name, Partner: name,
				Names: []string{ps.rival(i, other)},
			})
		default:
			done[other] = true
			pools := [2]*PoolVerdict{p, ps.judged[other]}
			pair := j.addPair(p, name, cmsFindings(pools, s)...)
			pair.Pools = pools
			pair.mutual = ps.named[i] == other && ps.named[other] == i
			if s.Profile == Failover {
				more := slices.Concat(unpairedModules(pools), ps.noPartner(i), ps.noPartner(other))
				pair.Findings = append(pair.Findings, more...)
			}
		}
	}
}

// addPair adds a pair of a pool and the name of its partner, which may be empty.
func (j *Judgement) addPair(p *PoolVerdict, partner string, findings ...Finding) *Pair {
	pair := Pair{Pools: [2]*PoolVerdict{p}, Ways: []Way{{From: p.Name, To: partner}}, Findings: findings}
	if partner != "" {
		pair.Ways = append(pair.Ways, Way{From: partner, To: p.Name})
	}
	j.Pairs = append(j.Pairs, pair)
	return &j.Pairs[len(j.Pairs)-1]
}

// noPartner is the finding on a pool that names no backup pool, or itself; of any other it is none. Where the collector
// says why it is not known, that is a finding already.
func (ps *pools) noPartner(i int) []Finding {
	p := &ps.list[i]
	f := Finding{Kind: NoPartner, Severity: Unknown, Pool: p.Name}
	switch {
	case ps.named[i] == i:
		f.Severity, f.Partner = Critical, p.Name
	case ps.named[i] != nobody, p.has(BackupPoolUnknown):
		return nil
	case len(ps.namedBy[i]) > 1:
		f.Severity = Critical
	}
	for _, other := range ps.namedBy[i] {
		f.Names = append(f.Names, ps.list[other].Name)
	}
	return []Finding{f}
}

// partnerMissing judges a partner whose name is known, and that is not judged: it was not read, or --pool leaves it
// out. Day by day that is wrong where somebody asked for it.
func (j *Judgement) partnerMissing(p *PoolVerdict, partner string, wasRead bool, s Settings) {
	f := Finding{Kind: PartnerMissing, Severity: s.OnFailure, Pool: p.Name, Partner: partner}
	if wasRead {
		f.Names = []string{partner}
	}
	switch {
	case s.Profile == Failover && !wasRead && j.mayHaveHeldMore():
		f.Severity = Unknown
	case s.Profile == Failover:
		f.Severity = Critical
	case !s.Pair:
		j.Halves = append(j.Halves, f)
		return
	}
	j.addPair(p, partner, f)
}

// mayHaveHeldMore reports whether a source failed or lost something, so that what is absent may have been in there.
func (j *Judgement) mayHaveHeldMore() bool {
	return slices.ContainsFunc(j.Findings, func(f Finding) bool {
		return f.Kind == SourceFailed || f.Kind == TimedOut || f.Kind == Lost || f.Kind == PoolUnnamed
	})
}

// judgeBackups finds sources of the pool that name different backup pools. For the pairs the first of them counts.
func (p *PoolVerdict) judgeBackups(s Settings) {
	if len(p.backups) > 1 {
		p.Findings = append(p.Findings, Finding{
			Kind: BackupsDiffer, Severity: s.Profile.behind(), Pool: p.Name, Names: p.backups,
		})
	}
}

// cmsFindings judges the CMS master of a pair. The sources of both should name the same one. Of the two CMSMaster
// exports exactly one should be other than NotInitialized: none means that nobody exports the Central Management Store,
// unless that is another pool's to do; both means perhaps two masters (docs/service.md, The CMS master). Before a
// failover a name that only the user gives is no other pool: it may be misspelt.
func cmsFindings(pools [2]*PoolVerdict, s Settings) (findings []Finding) {
	f := Finding{Severity: s.Profile.behind(), Pool: pools[0].Name, Partner: pools[1].Name}
	if kind, faulty := judgeExports(pools, s); faulty {
		f.Kind = kind
		if kind == NoCMSMaster && !s.asksForMaster() && !isOneOf(s.CMSMaster, []string{f.Pool, f.Partner}) {
			f.Names = []string{s.CMSMaster}
		}
		findings = append(findings, f)
		f.Names = nil
	}
	// Where the sources of one pool differ already, that is said of the pool.
	a, b := pools[0].masters, pools[1].masters
	if s.asksForMaster() && len(a) == 1 && len(b) == 1 && !status.SamePool(a[0], b[0]) {
		f.Kind, f.Names = MastersDiffer, []string{a[0], b[0]}
		findings = append(findings, f)
	}
	return findings
}

func judgeExports(pools [2]*PoolVerdict, s Settings) (kind Kind, faulty bool) {
	rows, exporting, notMaster := 0, 0, 0
	for _, p := range pools {
		if p.Err != "" {
			return "", false // only one half was seen
		}
		known := s.Profile != Failover || s.asksForMaster() || s.hasNoMaster() || len(p.masters) > 0
		if known && p.mastership(s) == NotMaster {
			notMaster++
		}
		exports := 0
		for _, m := range p.Modules {
			switch {
			case !m.IsCMSMaster() || m.Ignored:
				continue
			case !isWhole(string(m.Export)) || IsNumber(m.Export):
				return "", false // nobody knows; the module itself is UNKNOWN
			case !m.Export.Is(status.NotInitialized):
				exports = 1
			}
			rows++
		}
		exporting += exports
	}
	if exporting == 2 {
		return TwoCMSMasters, true
	}
	return NoCMSMaster, rows > 0 && exporting == 0 && notMaster < 2
}

// unpairedModules are the modules that one pool of a pair has and the other has not. Day by day that may be meant so;
// in a failover what is not copied is lost.
func unpairedModules(pools [2]*PoolVerdict) []Finding {
	names := [2]map[string]bool{pools[0].identities(), pools[1].identities()}
	if names[0] == nil || names[1] == nil {
		return nil
	}
	var findings []Finding
	for i, has := range pools {
		hasNot, there := pools[1-i], names[1-i]
		for _, m := range has.Modules {
			if key := status.Fold(m.Identity); !m.Ignored && !there[key] {
				there[key] = true // of two with the same name one is enough
				findings = append(findings, Finding{
					Kind: ModuleUnpaired, Severity: Critical, Pool: hasNot.Name, Partner: has.Name, Module: m.Identity,
				})
			}
		}
	}
	return findings
}

// identities are the names of the modules that count; nil where there are none, or not all are known.
func (p *PoolVerdict) identities() map[string]bool {
	if p.Err != "" || p.has(Lost) {
		return nil
	}
	var names map[string]bool
	for _, m := range p.Modules {
		switch {
		case m.Ignored:
			continue
		case !m.isWhole:
			return nil
		case names == nil:
			names = make(map[string]bool, len(p.Modules))
		}
		names[status.Fold(m.Identity)] = true
	}
	return names
}

func (p *PoolVerdict) has(kind Kind) bool {
	return slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Kind == kind })
}

// judgeWays judges the ways of all pairs. A way is as bad as the exports of its one end, the imports of the other, and
// what is wrong with either pool, its sources or the pair. Read are all pools of the inputs.
func (j *Judgement) judgeWays(read *pools) {
	faults := j.faultsOf(read.list)
	for i := range j.Pairs {
		pair := &j.Pairs[i]
		shared := pair.findings(faults)
		for w := range pair.Ways {
			way := &pair.Ways[w]
			for _, p := range shared {
				way.add(p)
			}
			way.addStates(pair.Pools[w], status.Export)
			way.addStates(pair.Pools[1-w], status.Import)
			way.judge(j.Profile, pair.mutual && len(shared) == 0)
		}
	}
}

// findings are those of the sources of its pools, of the pair and of the pools.
func (pair *Pair) findings(faults map[string]*Finding) []Problem {
	var list []Problem
	add := func(f *Finding, p *PoolVerdict) {
		list = append(list, Problem{Severity: f.Severity, Finding: f, Pool: p})
	}
	var origins []string
	for _, p := range pair.Pools {
		if p != nil {
			origins = append(origins, p.Origins...)
		}
	}
	origins = append(origins, "")
	for i, origin := range origins {
		if f := faults[origin]; f != nil && !slices.Contains(origins[:i], origin) {
			add(f, nil)
		}
	}
	for i := range pair.Findings {
		add(&pair.Findings[i], nil)
	}
	for _, p := range pair.Pools {
		if p == nil {
			continue
		}
		for i := range p.Findings {
			add(&p.Findings[i], p)
		}
	}
	return list
}

func (w *Way) add(p Problem) {
	if p.Severity != OK {
		w.Problems = append(w.Problems, p)
	}
}

// addStates adds what one end of the way does. A pool that was not seen has a finding.
func (w *Way) addStates(p *PoolVerdict, d status.Direction) {
	if p == nil {
		return
	}
	for i := range p.Modules {
		m := &p.Modules[i]
		if m.Ignored {
			continue
		}
		if d == status.Export {
			w.Modules++
		}
		w.add(Problem{Severity: m.Directions[d].Severity, Pool: p, Module: m, Direction: d})
	}
}

// judge judges a way by its problems. Before a failover no finding is passed over, whatever its severity.
func (w *Way) judge(profile Profile, clear bool) {
	slices.SortStableFunc(w.Problems, func(a, b Problem) int { return a.Severity.Compare(b.Severity) })
	w.Severity = OK
	if len(w.Problems) > 0 {
		w.Severity = w.Problems[0].Severity
	}
	if profile == Failover {
		if w.Ready = clear && w.Severity == OK; !w.Ready && w.Severity == OK {
			w.Severity = Unknown
		}
	}
}

// faultsOf are the findings that belong to no single pool, by the source that they are about, of each the worst: a way
// of many would say the same over and over. What is about a source that brought no pool may have held any, so before a
// failover it counts for all pairs, under no name; day by day it is told once, for itself.
func (j *Judgement) faultsOf(read []PoolVerdict) map[string]*Finding {
	if len(j.Findings) == 0 {
		return nil
	}
	brought := make(map[string]bool)
	for _, p := range read {
		for _, origin := range p.Origins {
			brought[origin] = brought[origin] || p.Name != ""
		}
	}
	faults := make(map[string]*Finding)
	for i := range j.Findings {
		f := &j.Findings[i]
		origin := f.Origin
		if !brought[origin] {
			origin = ""
		}
		if f.Kind == PoolMissing || origin == "" && j.Profile != Failover {
			continue // the pair that lacks a pool has a finding of its own
		}
		if worst := faults[origin]; worst == nil || f.Severity.WorseThan(worst.Severity) {
			faults[origin] = f
		}
	}
	return faults
}

package thresholds

import (
	"errors"
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

// The kinds of findings about pairs.
const (
	BackupPoolUnknown Kind = "backup-pool-unknown" // the backup pool was asked for and is not known: Err
	BackupsDiffer     Kind = "backups-differ"      // a pool's sources name several backup pools: Names
	PartnerMissing    Kind = "partner-missing"     // the backup pool is not judged: Pool, Partner; Names: it was read
	NoPartner         Kind = "no-partner"          // the pool names none, or itself: Pool, Partner; Names name it
	PartnerElsewhere  Kind = "partner-elsewhere"   // the backup pool is paired with another pool: Pool, Partner, Names
	ModuleUnpaired    Kind = "module-unpaired"     // the partner has a module more: Pool, Partner, Module
)

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
		other := ps.partner(i)
		switch {
		case other == nobody:
			if s.Profile == Failover {
				j.addHalf(p, "", ps.noPartner(i)...)
			}
		case other == notSeen:
			j.partnerMissing(p, Finding{Partner: p.Backup}, s)
		case ps.judged[other] == nil:
			name := ps.list[other].Name
			j.partnerMissing(p, Finding{Partner: name, Names: []string{name}}, s)
		case ps.partner(other) != i:
			j.addHalf(p, ps.list[other].Name, Finding{
				Kind: PartnerElsewhere, Severity: s.Profile.behind(), Pool: p.Name, Partner: ps.list[other].Name,
				Names: []string{ps.rival(i, other)},
			})
		default:
			done[other] = true
			partner := ps.judged[other]
			pair := newPair(p, partner.Name)
			pair.Pools[1] = partner
			pair.mutual = ps.named[i] == other && ps.named[other] == i
			pair.Findings = append(cmsFindings(*p, *partner, s), unpairedModules(*p, *partner, s)...)
			if s.Profile == Failover && !pair.mutual {
				pair.Findings = append(pair.Findings, append(ps.noPartner(i), ps.noPartner(other)...)...)
			}
			j.Pairs = append(j.Pairs, pair)
		}
	}
}

// newPair makes a pair of a pool and the name of its partner, which may be empty.
func newPair(p *PoolVerdict, partner string) Pair {
	pair := Pair{Pools: [2]*PoolVerdict{p}, Ways: []Way{{From: p.Name, To: partner}}}
	if partner != "" {
		pair.Ways = append(pair.Ways, Way{From: partner, To: p.Name})
	}
	return pair
}

// addHalf adds a pair of which only one pool was seen, or is this pair's.
func (j *Judgement) addHalf(p *PoolVerdict, partner string, findings ...Finding) {
	pair := newPair(p, partner)
	pair.Findings = findings
	j.Pairs = append(j.Pairs, pair)
}

// noPartner is the finding on a pool that names no backup pool, or itself; of any other it is none. Where the collector
// says why it is not known, that is a finding already.
func (ps *pools) noPartner(i int) []Finding {
	p := &ps.list[i]
	f := Finding{Kind: NoPartner, Severity: Unknown, Pool: p.Name}
	for _, other := range ps.namedBy[i] {
		f.Names = append(f.Names, ps.list[other].Name)
	}
	switch {
	case ps.named[i] == i:
		f.Severity, f.Partner = Critical, p.Name
	case ps.named[i] != nobody, p.has(BackupPoolUnknown):
		return nil
	case len(f.Names) > 1:
		f.Severity = Critical
	}
	return []Finding{f}
}

// partnerMissing judges a partner whose name is known, and that is not judged: it was not seen, or --pool leaves it
// out. Day by day that is wrong where somebody asked for it.
func (j *Judgement) partnerMissing(p *PoolVerdict, f Finding, s Settings) {
	f.Kind, f.Severity, f.Pool = PartnerMissing, s.OnFailure, p.Name
	switch {
	case s.Profile == Failover && len(f.Names) == 0 && j.mayHaveHeldMore():
		f.Severity = Unknown
	case s.Profile == Failover:
		f.Severity = Critical
	case !s.Pair:
		j.Halves = append(j.Halves, f)
		return
	}
	j.addHalf(p, f.Partner, f)
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
// unless that is another pool's to do; both means perhaps two masters (docs/service.md, The CMS master).
func cmsFindings(a, b PoolVerdict, s Settings) []Finding {
	var findings []Finding
	finding := Finding{Severity: s.Profile.behind(), Pool: a.Name, Partner: b.Name}
	if kind, faulty := judgeExports(a, b, s); faulty {
		finding.Kind = kind
		findings = append(findings, finding)
	}
	// Where the sources of one pool differ already, that is said of the pool.
	if s.asksForMaster() && len(a.masters) == 1 && len(b.masters) == 1 && !status.SamePool(a.masters[0], b.masters[0]) {
		finding.Kind, finding.Names = MastersDiffer, []string{a.masters[0], b.masters[0]}
		findings = append(findings, finding)
	}
	return findings
}

// masterFindings are the sources whose collector was told of several active CMS masters.
func masterFindings(inputs []Input, profile Profile) []Finding {
	var findings []Finding
	for _, in := range inputs {
		if in.CMSMasterErr != "" {
			findings = append(findings, Finding{
				Kind: TwoCMSMasters, Severity: profile.behind(), Origin: in.Origin, Err: errors.New(in.CMSMasterErr),
			})
		}
	}
	return findings
}

func judgeExports(a, b PoolVerdict, s Settings) (Kind, bool) {
	rows, initialised, notMaster := 0, 0, 0
	for _, p := range []PoolVerdict{a, b} {
		if p.Err != "" {
			return "", false // only one half was seen
		}
		if mastership, _ := p.mastership(s); mastership == NotMaster {
			notMaster++
		}
		exports := false
		for _, m := range p.Modules {
			if !m.IsCMSMaster() || m.Ignored {
				continue
			}
			if !isWhole(string(m.Export)) || IsNumber(m.Export) {
				return "", false // nobody knows; the module itself is UNKNOWN
			}
			rows++
			exports = exports || !m.Export.Is(status.NotInitialized)
		}
		if exports {
			initialised++
		}
	}
	switch {
	case rows == 0, initialised == 1:
		return "", false
	case initialised == 2:
		return TwoCMSMasters, true
	default:
		return NoCMSMaster, notMaster < 2
	}
}

// unpairedModules are the modules that one pool of a pair has and the other has not. Day by day that may be meant so;
// in a failover what is not copied is lost.
func unpairedModules(a, b PoolVerdict, s Settings) []Finding {
	inA, wholeA := a.identities()
	inB, wholeB := b.identities()
	if s.Profile != Failover || !wholeA || !wholeB {
		return nil
	}
	var findings []Finding
	add := func(has PoolVerdict, hasNot PoolVerdict, absent map[string]bool) {
		for _, m := range has.Modules {
			key := status.Fold(m.Identity)
			if !m.Ignored && !absent[key] {
				absent[key] = true // of two with the same name one is enough
				findings = append(findings, Finding{
					Kind: ModuleUnpaired, Severity: Critical, Pool: hasNot.Name, Partner: has.Name, Module: m.Identity,
				})
			}
		}
	}
	add(a, b, inB)
	add(b, a, inA)
	return findings
}

// identities are the names of the modules that count; whole is false where not all are known.
func (p *PoolVerdict) identities() (names map[string]bool, whole bool) {
	names, whole = make(map[string]bool, len(p.Modules)), p.Err == "" && !p.has(Lost)
	for _, m := range p.Modules {
		if !m.Ignored {
			names[status.Fold(m.Identity)] = true
			whole = whole && isWhole(m.Identity)
		}
	}
	return names, whole && len(names) > 0
}

func (p *PoolVerdict) has(kind Kind) bool {
	return slices.ContainsFunc(p.Findings, func(f Finding) bool { return f.Kind == kind })
}

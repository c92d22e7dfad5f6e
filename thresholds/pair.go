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
	// Ways are the one from the first pool to the second, and the one back; of a partner without a name the first alone.
	Ways []Way
	// Findings are what is wrong with the two together.
	Findings []Finding
}

// The kinds of findings about pairs.
const (
	BackupPoolUnknown Kind = "backup-pool-unknown" // the backup pool was asked for and is not known: Err
	BackupsDiffer     Kind = "backups-differ"      // a pool's sources name several backup pools: Names
	PartnerMissing    Kind = "partner-missing"     // the backup pool is not judged: Pool, Partner; Names if it was read
	PartnerElsewhere  Kind = "partner-elsewhere"   // the backup pool is paired with another pool: Pool, Partner, Names
	ModuleUnpaired    Kind = "module-unpaired"     // the pool lacks a module that the partner has: Pool, Partner, Module
)

// findPairs finds the pairs among the pools, and what is wrong with them as pairs. A pool's partner is the one that it
// names as its backup pool; where it names none, the one that names it. Pairs are mutual (docs/service.md, The service).
//
// Half a pair is one, too, where something is wrong with the other half. The failover profile asks for that half
// wherever its name is known, or was asked for.
func (j *Judgement) findPairs(s Settings, read []PoolVerdict) {
	pools := j.Pools
	partners := newPartners(pools)
	for i := range pools {
		p := &pools[i]
		other := partners.of(i)
		switch {
		case other == notSeen:
			if f, wrong := j.partnerMissing(p, s, read); wrong {
				j.addHalf(p, p.Backup, f...)
			}
		case other == nobody:
			if s.Profile == Failover && p.has(BackupPoolUnknown) {
				j.Pairs = append(j.Pairs, Pair{Pools: [2]*PoolVerdict{p}, Ways: []Way{{From: p.Name}}})
			}
		case partners.of(other) != i:
			j.addHalf(p, pools[other].Name, Finding{
				Kind: PartnerElsewhere, Severity: s.Profile.behind(), Pool: p.Name, Partner: pools[other].Name,
				Names: []string{partners.rival(i, other)},
			})
		case i < other:
			pair := newPair(p, pools[other].Name)
			pair.Pools[1] = &pools[other]
			pair.Findings = append(cmsFindings(*p, pools[other], s), unpairedModules(*p, pools[other], s)...)
			j.Pairs = append(j.Pairs, pair)
		}
	}
}

func newPair(p *PoolVerdict, partner string) Pair {
	return Pair{
		Pools: [2]*PoolVerdict{p},
		Ways:  []Way{{From: p.Name, To: partner}, {From: partner, To: p.Name}},
	}
}

// addHalf adds a pair of which only one pool was seen, or is this pair's.
func (j *Judgement) addHalf(p *PoolVerdict, partner string, findings ...Finding) {
	pair := newPair(p, partner)
	pair.Findings = findings
	j.Pairs = append(j.Pairs, pair)
}

// partnerMissing judges a partner that a pool names, and that was not seen. It is wrong where somebody asked for it; no
// finding is made of it where --pool asked, and has one.
func (j *Judgement) partnerMissing(p *PoolVerdict, s Settings, read []PoolVerdict) (findings []Finding, wrong bool) {
	f := Finding{Kind: PartnerMissing, Severity: s.OnFailure, Pool: p.Name, Partner: p.Backup}
	switch {
	case s.Profile == Failover && j.mayHaveHeldMore():
		f.Severity = Unknown
	case s.Profile == Failover:
		f.Severity = Critical
	case !s.Pair:
		return nil, false
	}
	if len(s.Pools) > 0 {
		told := func(f Finding) bool { return f.Kind == PoolMissing && status.SamePool(f.Pool, p.Backup) }
		if slices.ContainsFunc(j.Findings, told) {
			return nil, true
		}
		f.Names = namesAt(read, allOf(read, p.Backup))
	}
	return []Finding{f}, true
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

// Ready reports whether each pool belongs to a pair of which either may take over from the other now. Only the failover
// profile finds out.
func (j *Judgement) Ready() bool {
	paired := 0
	for _, pair := range j.Pairs {
		for _, way := range pair.Ways {
			if !way.Ready {
				return false
			}
		}
		paired += len(pair.Ways)
	}
	return paired > 0 && paired == len(j.Pools) && j.Severity == OK
}

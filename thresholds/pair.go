package thresholds

import (
	"errors"

	"check_cs_backup/check/status"
)

// pairFindings looks at each pair of which both pools were seen. Their sources should name the same CMS master. Of the
// two CMSMaster exports exactly one should be other than NotInitialized: none means that nobody exports the Central
// Management Store, both means perhaps two masters (docs/service.md, The CMS master). Pools are a pair where one of them
// names the other as its backup pool.
func pairFindings(pools []PoolVerdict, s Settings) []Finding {
	index := newPoolIndex(len(pools))
	for i, p := range pools {
		index.add(p.Name, i)
	}
	var findings []Finding
	done := make(map[[2]int]bool)
	for i, p := range pools {
		partner, seen := index.find(p.Backup)
		if !seen || partner == i {
			continue
		}
		pair := [2]int{min(i, partner), max(i, partner)}
		if done[pair] {
			continue
		}
		done[pair] = true
		a, b := pools[pair[0]], pools[pair[1]]
		finding := Finding{Severity: s.Profile.behind(), Pool: a.Name, Partner: b.Name}
		if kind, faulty := judgePair(a, b); faulty {
			finding.Kind = kind
			findings = append(findings, finding)
		}
		// Where the sources of one pool differ already, that is said of the pool.
		if s.asksForMaster() && len(a.masters) == 1 && len(b.masters) == 1 && !status.SamePool(a.masters[0], b.masters[0]) {
			finding.Kind, finding.Names = MastersDiffer, []string{a.masters[0], b.masters[0]}
			findings = append(findings, finding)
		}
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

func judgePair(a, b PoolVerdict) (Kind, bool) {
	rows, initialised := 0, 0
	for _, p := range []PoolVerdict{a, b} {
		if p.Err != "" {
			return "", false // only one half was seen
		}
		exports := false
		for _, m := range p.Modules {
			if !m.IsCMSMaster() || m.Ignored {
				continue
			}
			if !isWhole(string(m.Export)) {
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
	case initialised == 0:
		return NoCMSMaster, true
	default:
		return TwoCMSMasters, true
	}
}

package thresholds

import (
	"errors"
	"strings"

	"check_cs_backup/check/status"
)

// pairFindings looks at each pair of which both pools were seen. Of the two CMSMaster exports exactly one should be
// other than NotInitialized: none means that nobody exports the Central Management Store, both means perhaps two
// masters (DOMAIN.md, INFERRED). Pools are a pair where one of them names the other as its backup pool.
func pairFindings(pools []PoolVerdict, profile Profile) []Finding {
	severity := profile.mastersSeverity()
	index := make(map[string]int, len(pools))
	for i, p := range pools {
		if p.Name != "" {
			index[strings.ToLower(p.Name)] = i
		}
	}
	var findings []Finding
	done := make(map[[2]int]bool)
	for i, p := range pools {
		partner, seen := index[strings.ToLower(p.Backup)]
		if !seen || partner == i {
			continue
		}
		pair := [2]int{min(i, partner), max(i, partner)}
		if done[pair] {
			continue
		}
		done[pair] = true
		a, b := pools[pair[0]], pools[pair[1]]
		if kind, faulty := judgePair(a, b); faulty {
			findings = append(findings, Finding{Kind: kind, Severity: severity, Pool: a.Name, Partner: b.Name})
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
				Kind: TwoCMSMasters, Severity: profile.mastersSeverity(), Origin: in.Origin, Err: errors.New(in.CMSMasterErr),
			})
		}
	}
	return findings
}

// mastersSeverity is how bad it is that not exactly one pool is the CMS master.
func (p Profile) mastersSeverity() Severity {
	if p == Failover {
		return Critical
	}
	return Warning
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

package thresholds

import (
	"check_cs_backup/check/status"
)

// A Profile is the set of rules to start from.
type Profile string

// The profiles: Default judges the service day by day, Failover answers whether it is safe to fail over now.
const (
	Default  Profile = "default"
	Failover Profile = "failover"
)

// A Reason is why a state has a severity that its word alone does not explain.
type Reason uint8

// The reasons.
const (
	NoReason Reason = iota
	// NotMaster: a NotInitialized CMSMaster export is normal on a pool that is not the CMS master.
	NotMaster
	// IsMaster: the same is a fault on the pool that is.
	IsMaster
	// MasterUnclear: --cms-master names a pool, but the status names none.
	MasterUnclear
	// ByRule: a rule of the user's says so.
	ByRule
)

// A mastership says whether a pool is the active CMS master.
type mastership int

const (
	isNotMaster mastership = iota
	isMaster
	maybeMaster
)

// judge gives a state's severity under the profile: the table of README, The rules.
func (p Profile) judge(m status.Module, d status.Direction, master mastership) (Severity, Reason) {
	behind, other := Warning, Unknown
	if p == Failover {
		behind, other = Critical, Critical
	}
	state := m.State(d)
	switch {
	case state.Is(status.ErrorState):
		return Critical, NoReason // of whatever module
	case !isWhole(string(state)), !isWhole(m.Identity):
		return other, NoReason
	case state.Is(status.NotInitialized) && d == status.Export && m.IsCMSMaster():
		switch master {
		case isNotMaster:
			return OK, NotMaster
		case maybeMaster:
			return other, MasterUnclear
		default:
			return behind, IsMaster
		}
	case state.Is(status.NotInitialized):
		return behind, NoReason
	case d == status.Export && (state.Is(status.FinalState) || state.Is(status.SteadyState)),
		d == status.Import && state.Is(status.NormalState):
		return OK, NoReason
	case d == status.Export && state.Is(status.NonSteadyState):
		return behind, NoReason
	default:
		return other, NoReason
	}
}

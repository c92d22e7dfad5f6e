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

// The reasons. Those about the CMS master are also what is known of a pool: whether it is the active one.
const (
	NoReason Reason = iota
	// NotMaster: a NotInitialized CMSMaster export is normal on a pool that is not the CMS master.
	NotMaster
	// TakenForNotMaster: nobody says which pool it is, so none is taken for it.
	TakenForNotMaster
	// IsMaster: the same is a fault on the pool that is.
	IsMaster
	// MasterUnclear: a CMS master is named, but the status names no pool.
	MasterUnclear
	// ByRule: a rule of the user's says so.
	ByRule
	// TooLong: it is WARNING, but for longer than a Limit.
	TooLong
)

// behind is the severity of what is not in order, but no error: a backlog, no CMS master or two.
func (p Profile) behind() Severity {
	if p == Failover {
		return Critical
	}
	return Warning
}

// judge gives a state's severity under the profile: the table of docs/reference.md, Rules. A word that was not read
// whole is none of those that it knows.
func (p Profile) judge(m *ModuleVerdict, d status.Direction, mastership Reason) (Severity, Reason) {
	behind, other := p.behind(), Unknown
	if p == Failover {
		other = Critical
	}
	switch state := m.State(d); {
	case state.Is(status.ErrorState):
		return Critical, NoReason // of whatever module
	case !m.isWhole:
		return other, NoReason
	case state.Is(status.NotInitialized) && d == status.Export && m.IsCMSMaster():
		switch mastership {
		case NotMaster, TakenForNotMaster:
			return OK, mastership
		case IsMaster:
			return behind, mastership
		default:
			return other, mastership
		}
	case state.Is(status.NotInitialized), d == status.Export && state.Is(status.NonSteadyState):
		return behind, NoReason
	case d == status.Export && (state.Is(status.FinalState) || state.Is(status.SteadyState)),
		d == status.Import && state.Is(status.NormalState):
		return OK, NoReason
	default:
		return other, NoReason
	}
}

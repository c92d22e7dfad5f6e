package report

import (
	"cmp"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

func moduleName(m *thresholds.ModuleVerdict) string {
	return cmp.Or(clean(m.Identity, nameLimit), "a module without a name")
}

// faultyStates names the directions of a module that are not OK.
func faultyStates(e entry) string {
	var states []string
	for d, v := range e.module.Directions {
		if v.Severity != thresholds.OK {
			states = append(states, stateText(e, status.Direction(d)))
		}
	}
	return strings.Join(states, ", ")
}

// stateText says one state of a module as it was read, and what its word alone does not explain.
func stateText(e entry, d status.Direction) string {
	text := d.String() + " " + cmp.Or(stateWord(e, d), "state missing") + since(e, d)
	if reason := stateReason(e, d); reason != "" {
		text += " (" + reason + ")"
	}
	return text
}

func stateWord(e entry, d status.Direction) string {
	return clean(string(e.module.State(d)), nameLimit)
}

func stateReason(e entry, d status.Direction) string {
	switch v := e.module.Directions[d]; {
	case v.Reason == thresholds.TooLong:
		return "by --critical"
	case v.Reason == thresholds.MasterUnclear:
		return "whether this pool is the CMS master is not known: name it with --pool"
	case v.Master != "":
		return clean(v.Master, nameLimit) + " is the CMS master by --cms-master"
	case v.Reason == thresholds.NotMaster:
		return "this pool is not the CMS master"
	case v.Reason == thresholds.TakenForNotMaster:
		return "taken for not the CMS master, which is not known"
	case v.Reason == thresholds.IsMaster:
		return "this pool is the CMS master"
	case v.Reason == thresholds.ByRule:
		return "by --rule"
	default:
		return ""
	}
}

// since says for how long a direction of a module is unhealthy, behind its word; empty where that is not known, or it
// does not count.
func since(e entry, d status.Direction) string {
	if v := e.module.Directions[d]; !v.Since.IsZero() {
		return ", unhealthy for at least " + duration(v.For)
	}
	return ""
}

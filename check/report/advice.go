package report

import (
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// stateAdvice says what a state that is not OK means and what to do next. All of it is from docs/service.md, The states
// and Advice; what is not in there is not said.
func stateAdvice(e entry, d status.Direction) string {
	m, state, reason := e.module, e.module.State(d), e.module.Directions[d].Reason
	keep := func(what string) string {
		if writtenByCollector(e.pool) {
			return adviceReport
		}
		return status.HowToSave + " keeps " + what
	}
	sync := "Invoke-CsBackupServiceSync" + poolParameter(e.pool) + " starts a sync now"
	switch {
	case m.Identity == "":
		return "the module has no name in what was read, so nobody knows whose state this is: " + keep("it")
	case state == "":
		return "the " + d.String() + " state is not in what was read: " + keep("it whole")
	case status.IsDamaged(string(state)), status.IsDamaged(m.Identity):
		return "a word is cut or damaged, so what it was is not known: " + keep("it whole")
	case thresholds.IsNumber(state):
		return "a number is no state, and what it stands for is not known: " + keep("the words")
	case state.Is(status.ErrorState) && strings.EqualFold(m.Identity, status.DataConf):
		return "look for event 4042: see to the partner's file store: network, permissions, SMB 445 from each front end; " +
			"NAS devices are not supported"
	case state.Is(status.ErrorState) && m.IsCMSMaster():
		return "see to the services Backup, Master Replicator, Replica Replicator and File Transfer Agent in both pools; " +
			"on a Standard Edition pair: Install-CsDatabase -CentralManagementDatabase on the partner"
	case state.Is(status.ErrorState) && d == status.Export:
		return "the export failed, what is or is not copied is unknown: look for events 4007, 4069 and 4070 on the front " +
			"ends (docs/troubleshooting.md); " + sync
	case state.Is(status.ErrorState):
		return "the import of new changes failed: look for events 4007, 4069 and 4070 on the front ends (docs/troubleshooting.md)"
	case state.Is(status.NonSteadyState) && m.IsCMSMaster():
		return "changes come faster than they are copied, a backlog builds: beyond 5 minutes the published recovery point " +
			"is missed; " + sync
	case state.Is(status.NonSteadyState):
		return "changes come faster than they are copied, a backlog builds: beyond " + recoveryPoint(e.pool) + " the published " +
			"recovery point is missed; " + sync
	case state.Is(status.NotInitialized) && reason == thresholds.MasterUnclear:
		return "normal on a pool that is not the CMS master, a fault on the one that is: --pool names the pool"
	case state.Is(status.NotInitialized) && reason == thresholds.IsMaster:
		return "the Central Management Store was not exported yet, though this pool is its active master: see to the " +
			"services Backup, Master Replicator, Replica Replicator and File Transfer Agent in both pools"
	case state.Is(status.NotInitialized) && isRGS(m):
		return "normal for a few minutes after the backup of Response Groups was switched on"
	case state.Is(status.NotInitialized):
		return "nothing was copied yet; a pair that was just made: run Bootstrapper.exe on every front end of both pools, " +
			"apply the cumulative update again, Start-CsWindowsService -Name LYNCBACKUP, then Invoke-CsBackupServiceSync for both pools"
	case reason == thresholds.ByRule:
		return "" // whoever wrote the rule knows why
	default:
		return "this state is not documented for the " + d.String() + "; a rule gives it a meaning: --rule '" +
			clean(m.Identity, nameLimit) + "/" + d.String() + ":" + clean(string(state), nameLimit) + "=SEVERITY'"
	}
}

// adviceReport is for what the collector wrote and should not have: nobody can get it in another way.
const adviceReport = "report it with what contrib/report/collect-sample.ps1 saves (README, First front end)"

// writtenByCollector reports whether the collector wrote the status, as far as that is known.
func writtenByCollector(p *thresholds.PoolVerdict) bool {
	return p != nil && (p.Collector != "" || p.PSModule != "")
}

// recoveryPoint is how much of a pool's data a failover may lose, by the version that the PowerShell module belongs to
// (docs/service.md, Recovery points).
func recoveryPoint(p *thresholds.PoolVerdict) string {
	switch {
	case strings.EqualFold(p.PSModule, "SkypeForBusiness"):
		return "5 minutes"
	case strings.EqualFold(p.PSModule, "Lync"):
		return "30 minutes"
	default:
		return "30 minutes (Lync Server 2013) or 5 (Skype for Business Server)"
	}
}

func isRGS(m *thresholds.ModuleVerdict) bool {
	return strings.EqualFold(m.Identity, status.RGSDataStore) || strings.EqualFold(m.Identity, status.RGSFileStore)
}

// poolParameter names the pool in a command that somebody will paste into a PowerShell. A name that is more than
// letters, digits, dots and hyphens is left out: it could be a command of its own.
func poolParameter(p *thresholds.PoolVerdict) string {
	for _, r := range p.Name {
		if !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-') {
			return " -PoolFqdn FQDN"
		}
	}
	if p.Name == "" || strings.HasPrefix(p.Name, "-") {
		return " -PoolFqdn FQDN"
	}
	return " -PoolFqdn " + p.Name
}

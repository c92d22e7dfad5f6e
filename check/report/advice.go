package report

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// All that is said of findings, and all advice on states, stands in this file. What is not in docs/service.md is not
// said.

// A saying is what is said of a finding, and what to do about it. What stands in braces is put in (placeholder).
type saying struct {
	what, advice string
}

// sayings are what is said of each kind of finding. What is not here has an error that says it all. What is said in
// several ways is in varied too.
var sayings = map[thresholds.Kind]saying{
	thresholds.FetchFailed: {"the status could not be fetched: {error}", "{remedy}"},
	thresholds.NoPool: {
		"no pool in what was read", "see which pools the collector asks for; a status by hand: " + status.HowToSave,
	},
	thresholds.PoolMissing: {
		"this pool is not in what was read, which has {names}",
		"see whether the collector asks for this pool, and whether --pool has its FQDN",
	},
	thresholds.PoolUnnamed: {
		"names no pool, so it can't be matched with --pool",
		"--pool names it where there is one --pool and one such status",
	},
	thresholds.NoModule: {
		"no backup module to judge",
		"see whether the pool is paired (Get-CsPoolBackupRelationship), and what --ignore leaves",
	},
	thresholds.ModuleMissing: {
		"module {module} is missing",
		"--expect asks for it; see whether the status was taken with a --category that leaves it out",
	},
	thresholds.Unasked: {
		"the status was taken without the category {names}, and a failover needs all",
		"have the collector written anew, without --category",
	},
	thresholds.Stale: {
		"the status is {age} old, the limit is {limit}",
		"see whether the collector's scheduled task runs; what the status says may no longer be so",
	},
	thresholds.Future: {
		"the status is dated {age} into the future",
		"compare the clocks of the machine that collects and of this one: the true age is not known",
	},
	thresholds.Undated: {
		"the age of the status is not known, and --max-age limits it",
		"read a file, or what the collector prints: both have a date; a status by hand on standard input has none",
	},
	thresholds.NoCMSMaster: {
		"neither CMSMaster export is initialised",
		"perhaps nobody exports the Central Management Store; see which pool is active: " +
			"Get-CsService -CentralManagement",
	},
	thresholds.TwoCMSMasters: {
		"both CMSMaster exports are initialised",
		"perhaps both pools are an active CMS master; see which should be: Get-CsService -CentralManagement",
	},
	thresholds.MastersDiffer: {
		"the sources name different CMS masters: {names}",
		"see which pool is active: Get-CsService -CentralManagement; --cms-master FQDN settles it",
	},
	thresholds.BackupPoolUnknown: {
		"the backup pool is not known: {error}",
		"see what Get-CsPoolBackupRelationship{-PoolFqdn} says there, under the same account; " +
			"without --pair nobody asks for it",
	},
	thresholds.BackupsDiffer: {
		"the sources name different backup pools: {names}",
		"see which is its partner: Get-CsPoolBackupRelationship{-PoolFqdn}; leave out what is outdated",
	},
	thresholds.PartnerMissing: {
		"the backup pool {partner} was not seen",
		"see whether the collector asks for it (--pair, -Pair), or read its file too",
	},
	thresholds.PartnerElsewhere: {
		"the backup pool {partner} is paired with another pool: {names}",
		"pairs are mutual: compare what Get-CsPoolBackupRelationship says of each; " +
			"where a partner was replaced: docs/troubleshooting.md",
	},
	thresholds.NoPartner: {
		"nobody names its backup pool, so the other half was not seen, and a failover needs both",
		"ask for both: --pair, the collector with -Pair, or both files; or see what " +
			"Get-CsPoolBackupRelationship{-PoolFqdn} says",
	},
	thresholds.ModuleUnpaired: {
		"module {module} is missing, which {partner} has",
		"see whether both were asked for the same --category, and whether the backup of Response Groups is " +
			"switched on in both",
	},
}

// varied is a saying as it is said of one finding of its kind, where that depends on what the finding has.
func (s saying) varied(f *thresholds.Finding, p *thresholds.PoolVerdict, o Options) saying {
	switch {
	case f.Kind == thresholds.TimedOut && f.Pool != "":
		s.what = "the status could not be fetched: {error}"
		s.advice = "the pool did not answer within the limit: --timeout of a live run, -Limit of the collector's task"
	case f.Kind == thresholds.TimedOut && lossOf(f).Advice == "":
		s.advice = "--timeout sets the limit; the engine's and the agent's own must be longer " +
			"(docs/reference.md, Time limits)"
	case f.Kind == thresholds.PoolUnnamed && f.Pool != "":
		s.what = "this name may be of several pools, so it can't be matched with --pool"
		s.advice = "have the collector ask for FQDNs"
	case f.Kind == thresholds.PoolMissing && len(f.Names) == 0:
		s.what = "this pool is not in what was read"
	case f.Kind == thresholds.Stale && duration(p.Age) == duration(o.MaxAge): // rounded down
		s.what = "the status is a little older than the limit of {limit}"
	case f.Kind == thresholds.TwoCMSMasters && f.Err != nil:
		s.what = "the CMS master is not known: {error}"
		s.advice = "see which should be: Get-CsService -CentralManagement"
	case f.Kind == thresholds.NoCMSMaster && len(f.Names) > 0:
		s.advice += "; where {names} is the CMS master of another pair, --cms-master none says so"
	case f.Kind == thresholds.MastersDiffer && f.Err != nil:
		s.what = "{error}, the sources name another CMS master: {names}"
		s.advice = "see which pool is active: Get-CsService -CentralManagement; mend --cms-master, or leave it out"
	case f.Kind == thresholds.PartnerMissing && len(f.Names) > 0:
		s.what = "the backup pool {partner} was read, but --pool leaves it out"
		s.advice = "give --pool for both, or for none"
	case f.Kind == thresholds.NoPartner && f.Partner != "":
		s.what = "it names itself as its backup pool"
	case f.Kind == thresholds.NoPartner && len(f.Names) == 1:
		s.what = "it names no backup pool, though {names} names it: before a failover each must name the other"
	case f.Kind == thresholds.NoPartner && len(f.Names) > 1:
		s.what = "it names no backup pool, and several pools name it: {names}"
	}
	return s
}

// A message is what an entry says: about whom, what is wrong, and what to do. All of it is fit for the output.
type message struct {
	subject, what string
	advice        []string
	taskError     string // what the scheduled task could not do
}

// String returns the message without its advice.
func (m message) String() string {
	if m.subject == "" {
		return m.what
	}
	return m.subject + ": " + m.what
}

// explain says an entry.
func (r result) explain(e entry) message {
	var m message
	if e.Pool != nil {
		m.subject = title(e.Pool)
	}
	if e.Finding != nil {
		return r.explainFinding(m, e)
	}
	var states []string
	for _, d := range e.faulty() {
		states = append(states, r.stateText(e, d))
		if r.asksReady() && e.Module.State(d).Is(status.NonSteadyState) {
			m.advice = append(m.advice, "wait for SteadyState or FinalState")
		}
		m.advice = append(m.advice, stateAdvice(e, d))
	}
	m.what = moduleName(e.Module) + " " + strings.Join(states, ", ")
	return m
}

func (r result) explainFinding(m message, e entry) message {
	f := e.Finding
	switch {
	case e.Pool != nil:
	case f.Kind == thresholds.MemoryFailed:
		m.subject = "--state-file " + clean(f.Origin, nameLimit)
	default:
		m.subject = clean(cmp.Or(f.Pool, f.Origin), nameLimit)
	}
	if f.Partner != "" && e.is(thresholds.NoCMSMaster, thresholds.TwoCMSMasters, thresholds.MastersDiffer) {
		m.subject += " and " + clean(f.Partner, nameLimit)
	}
	said, known := sayings[f.Kind]
	if !known {
		said = saying{"{error}", "{advice}"}
	}
	said = said.varied(f, e.Pool, r.Options)
	fill := func(name string) string { return r.placeholder(name, e) }
	m.what, m.taskError = expand(said.what, fill), clean(f.TaskErr, messageLimit)
	if advice := expand(said.advice, fill); advice != "" {
		m.advice = []string{advice}
	}
	return m
}

// expand puts what a function returns in the place of each {name} of a text.
func expand(text string, fill func(string) string) string {
	before, rest, found := strings.Cut(text, "{")
	if !found {
		return text
	}
	name, behind, _ := strings.Cut(rest, "}")
	return before + fill(name) + expand(behind, fill)
}

// placeholder is what stands in a saying in the place of a name, fit for the output.
func (r result) placeholder(name string, e entry) string {
	f := e.Finding
	switch name {
	case "module":
		return clean(f.Module, nameLimit)
	case "partner":
		return clean(f.Partner, nameLimit)
	case "names":
		return few(f.Names)
	case "age":
		return duration(e.Pool.Age.Abs())
	case "limit":
		return duration(r.MaxAge)
	case "-PoolFqdn":
		if e.Pool != nil {
			return poolParameter(e.Pool.Name)
		}
		return poolParameter(f.Pool)
	case "remedy":
		return fetchAdvice(f.ErrID, f.Err.Error())
	case "error":
		switch loss := lossOf(f); {
		case f.Err == nil:
			return "an error without a text"
		case f.Kind == thresholds.TimedOut && loss.What != "":
			// The error behind it says no more than "deadline exceeded".
			return clean("not done in time while "+loss.What, messageLimit)
		default:
			return clean(f.Err.Error(), messageLimit)
		}
	default: // "advice", the error's own
		return clean(lossOf(f).Advice, messageLimit)
	}
}

// lossOf is the loss that a finding tells of; empty where its error is none.
func lossOf(f *thresholds.Finding) status.Loss {
	loss, _ := errors.AsType[status.Loss](f.Err)
	return loss
}

const (
	backlog = "changes come faster than they are copied, a backlog builds: beyond {recoveryPoint} the published " +
		"recovery point is missed; {sync}"
	cmsServices = "the services Backup, Master Replicator, Replica Replicator and File Transfer Agent in both pools"
	cmsFailed   = "see to " + cmsServices + "; on a Standard Edition pair: Install-CsDatabase " +
		"-CentralManagementDatabase on the partner"
	exportFailed = "the export failed, what is or is not copied is unknown: " + failedEvents + "; {sync}"
	failedEvents = "look for events 4007, 4069 and 4070 on the front ends (docs/troubleshooting.md)"
	fileStore    = "see to the partner's file store (event 4042): network, permissions, SMB 445 from each " +
		"front end; NAS devices are not supported"
	importFailed  = "the import of new changes failed: " + failedEvents
	nothingCopied = "nothing was copied yet; a pair that was just made: run Bootstrapper.exe on every front end of " +
		"both pools, apply the cumulative update again, Start-CsWindowsService -Name LYNCBACKUP, then " +
		"Invoke-CsBackupServiceSync for both pools"
	switchedOn = "normal for a few minutes after the backup of Response Groups was switched on"
)

// stateAdvices are what a state that is not OK means and what to do next (docs/service.md, The states and Advice): the
// first that fits, so what is for one module stands in front of what is for all.
var stateAdvices = []struct {
	state  status.State
	module string    // empty for all
	advice [2]string // by status.Direction
}{
	{status.ErrorState, status.DataConf, [2]string{fileStore, fileStore}},
	{status.ErrorState, status.CMSMaster, [2]string{cmsFailed, cmsFailed}},
	{status.ErrorState, "", [2]string{exportFailed, importFailed}},
	{status.NonSteadyState, "", [2]string{backlog, backlog}},
	{status.NotInitialized, status.RGSDataStore, [2]string{switchedOn, switchedOn}},
	{status.NotInitialized, status.RGSFileStore, [2]string{switchedOn, switchedOn}},
	{status.NotInitialized, "", [2]string{nothingCopied, nothingCopied}},
}

// stateAdvice says what to do about one direction of a module.
func stateAdvice(e entry, d status.Direction) string {
	m, state, reason := e.Module, e.Module.State(d), e.Module.Directions[d].Reason
	if advice := unreadAdvice(e, d); advice != "" {
		return advice
	}
	switch reason {
	case thresholds.MasterUnclear:
		return "normal on a pool that is not the CMS master, a fault on the one that is: --pool names the pool"
	case thresholds.IsMaster:
		return "the Central Management Store was not exported yet, though this pool is its active master: see to " +
			cmsServices
	}
	fill := func(name string) string {
		if name == "sync" {
			return "Invoke-CsBackupServiceSync" + poolParameter(e.Pool.Name) + " starts a sync now"
		}
		return recoveryPoint(e)
	}
	for _, a := range stateAdvices {
		if state.Is(a.state) && (a.module == "" || strings.EqualFold(m.Identity, a.module)) {
			return expand(a.advice[d], fill)
		}
	}
	if reason == thresholds.ByRule {
		return "" // whoever wrote the rule knows why
	}
	return "this state is not documented for the " + d.String() + "; a rule gives it a meaning: --rule '" +
		clean(m.Identity, nameLimit) + "/" + d.String() + ":" + clean(string(state), nameLimit) + "=SEVERITY'"
}

// unreadAdvice is about a state that was not read whole; of any other it is empty.
func unreadAdvice(e entry, d status.Direction) string {
	keep := func(what string) string {
		if e.Pool.Collector != "" || e.Pool.PSModule != "" { // the collector wrote it: nobody gets it in another way
			return "report it with what contrib/report/collect-sample.ps1 saves (README, First front end)"
		}
		return status.HowToSave + " keeps " + what
	}
	switch state := e.Module.State(d); {
	case e.Module.Identity == "":
		return "the module has no name in what was read, so nobody knows whose state this is: " + keep("it")
	case state == "":
		return "the " + d.String() + " state is not in what was read: " + keep("it whole")
	case status.IsDamaged(string(state)), status.IsDamaged(e.Module.Identity):
		return "a word is cut or damaged, so what it was is not known: " + keep("it whole")
	case thresholds.IsNumber(state):
		return "a number is no state, and what it stands for is not known: " + keep("the words")
	default:
		return ""
	}
}

// recoveryPoint is how much of a module's data a failover may lose, of all but the Central Management Store by the
// version that the PowerShell module belongs to (docs/service.md, Recovery points).
func recoveryPoint(e entry) string {
	switch {
	case e.Module.IsCMSMaster(), strings.EqualFold(e.Pool.PSModule, "SkypeForBusiness"):
		return "5 minutes"
	case strings.EqualFold(e.Pool.PSModule, "Lync"):
		return "30 minutes"
	default:
		return "30 minutes (Lync Server 2013) or 5 (Skype for Business Server)"
	}
}

// poolParameter names the pool in a command that somebody will paste into a PowerShell. A name that is more than
// letters, digits, dots and hyphens is left out: it could be a command of its own.
func poolParameter(name string) string {
	foreign := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '.' || r == '-')
	}
	if name == "" || name[0] == '-' || strings.ContainsFunc(name, foreign) {
		return " -PoolFqdn FQDN"
	}
	return " -PoolFqdn " + name
}

// fetchAdvice knows the errors of the cmdlet that have a known remedy: by their kind, which is the same in all
// languages, else by their text.
func fetchAdvice(id, text string) string {
	id, text = strings.ToLower(id), strings.ToLower(text)
	byID := func(r remedy) bool { return containsAny(id, r.ids) }
	byText := func(r remedy) bool { return containsAny(text, r.texts) }
	for _, fits := range []func(remedy) bool{byID, byText} {
		if i := slices.IndexFunc(remedies, fits); i >= 0 {
			return remedies[i].advice
		}
	}
	return "run Get-CsBackupServiceStatus -PoolFqdn FQDN there by hand, under the same account"
}

type remedy struct {
	ids, texts []string
	advice     string
}

// remedies are what helps against a failed fetch: parts of the kind of the error and of its text, in lower case, the
// more exact first.
var remedies = []remedy{
	{
		[]string{"pssecurityexception"},
		[]string{"running scripts is disabled"},
		"a policy on script execution keeps PowerShell from loading the module: Get-ExecutionPolicy -List shows it",
	},
	{
		[]string{"0x80070005", "system.unauthorizedaccessexception", "system.security.securityexception"},
		[]string{"denied", "unauthorized", "not authorized", "permission"},
		"run it as a member of RTCUniversalServerAdmins (CsAdministrator is not enough), or add a group with " +
			"Set-CsBackupServiceConfiguration -AuthorizedUniversalGroups; a new membership needs a new logon",
	},
	{
		[]string{"commandnotfoundexception", "modules_modulenotfound"},
		[]string{"not recognized", "neither of the powershell modules"},
		"the cmdlet comes with the module SkypeForBusiness or Lync: run the collector on a front end, or where " +
			"the administrative tools are installed",
	},
	{
		nil,
		[]string{"(dcom)"},
		"see that the Front End service runs, and that TCP 9001 is open between the front ends",
	},
}

func containsAny(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

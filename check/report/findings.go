package report

import (
	"cmp"
	"errors"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// A message is what a finding says: about whom, what is wrong, and what to do. All of it is fit for the output.
type message struct {
	subject, what, advice string
}

// String returns the message without its advice.
func (m message) String() string {
	if m.subject == "" {
		return m.what
	}
	return m.subject + ": " + m.what
}

// explain says the finding of an entry.
func explain(e entry, o Options) message {
	f, p := *e.finding, e.pool
	m := message{subject: clean(cmp.Or(f.Pool, f.Origin), nameLimit)}
	if p != nil {
		m.subject = title(p)
	}
	switch f.Kind {
	case thresholds.SourceFailed, thresholds.TimedOut, thresholds.Lost, thresholds.WrongUse, thresholds.PluginFailed:
		m.what, m.advice = explainError(f)
		if f.Kind == thresholds.TimedOut && f.Pool != "" {
			m.what = "the status could not be fetched: " + m.what
			m.advice = "the pool did not answer within the limit: --timeout of a live run, -Limit of the collector's task"
		}
		if f.Kind == thresholds.TimedOut && m.advice == "" {
			m.advice = "--timeout sets the limit; the engine's and the agent's own must be longer (docs/reference.md, Time limits)"
		}
	case thresholds.MemoryFailed:
		m.subject = "--state-file " + m.subject
		m.what, m.advice = explainError(f)
	case thresholds.FetchFailed:
		m.what, _ = explainError(f)
		m.advice = fetchAdvice(f.ErrID, f.Err.Error())
		m.what = "the status could not be fetched: " + m.what
	case thresholds.NoPool:
		m.what = "no pool in what was read"
		m.advice = "see which pools the collector asks for; a status by hand: " + status.HowToSave
	case thresholds.PoolMissing:
		m.what = "this pool is not in what was read" + whichHas(f.Names)
		m.advice = "see whether the collector asks for this pool, and whether --pool has its FQDN"
	case thresholds.PoolUnnamed:
		m.what = "names no pool, so it can't be matched with --pool"
		m.advice = "--pool names it where there is one --pool and one such status"
	case thresholds.NoModule:
		m.what = "no backup module to judge"
		m.advice = "see whether the pool is paired (Get-CsPoolBackupRelationship), and what --ignore leaves"
	case thresholds.ModuleMissing:
		m.what = "module " + clean(f.Module, nameLimit) + " is missing"
		m.advice = "--expect asks for it; see whether the status was taken with a --category that leaves it out"
	case thresholds.Unasked:
		m.what = "the status was taken without the category " + few(f.Names) + ", and a failover needs all"
		m.advice = "have the collector written anew, without --category"
	case thresholds.Stale:
		age, limit := duration(p.Age), duration(o.MaxAge)
		m.what = "the status is " + age + " old, the limit is " + limit
		if age == limit { // rounded down
			m.what = "the status is a little older than the limit of " + limit
		}
		m.advice = "see whether the collector's scheduled task runs; what the status says may no longer be so"
	case thresholds.Future:
		m.what = "the status is dated " + duration(-p.Age) + " into the future"
		m.advice = "compare the clocks of the machine that collects and of this one: the true age is not known"
	case thresholds.Undated:
		m.what = "the age of the status is not known, and --max-age limits it"
		m.advice = "read a file, or what the collector prints: both have a date; a status by hand on standard input has none"
	case thresholds.NoCMSMaster:
		m.subject += " and " + clean(f.Partner, nameLimit)
		m.what = "neither CMSMaster export is initialised"
		m.advice = "perhaps nobody exports the Central Management Store; see which pool is active: Get-CsService -CentralManagement"
	case thresholds.TwoCMSMasters:
		if f.Err != nil {
			m.what, _ = explainError(f)
			m.what = "the CMS master is not known: " + m.what
			m.advice = "see which should be: Get-CsService -CentralManagement"
			break
		}
		m.subject += " and " + clean(f.Partner, nameLimit)
		m.what = "both CMSMaster exports are initialised"
		m.advice = "perhaps both pools are an active CMS master; see which should be: Get-CsService -CentralManagement"
	case thresholds.BackupPoolUnknown:
		m.what, _ = explainError(f)
		m.what = "the backup pool is not known: " + m.what
		m.advice = "see what Get-CsPoolBackupRelationship" + poolParameter(p) + " says there, under the same account; " +
			"without --pair nobody asks for it"
	case thresholds.BackupsDiffer:
		m.what = "the sources name different backup pools: " + few(f.Names)
		m.advice = "see which is its partner: Get-CsPoolBackupRelationship" + poolParameter(p) +
			"; leave out what is outdated"
	case thresholds.PartnerMissing:
		m.what = "the backup pool " + clean(f.Partner, nameLimit) + " was not seen"
		m.advice = "see whether the collector asks for it (--pair, -Pair), or read its file too"
		if len(f.Names) > 0 {
			m.what = "the backup pool " + clean(f.Partner, nameLimit) + " was read, but --pool leaves it out"
			m.advice = "give --pool for both, or for none"
		}
	case thresholds.NoPartner:
		m.what, m.advice = noPartner(f), "ask for both: --pair, the collector with -Pair, or both files; "+
			"or see what Get-CsPoolBackupRelationship"+poolParameter(&thresholds.PoolVerdict{Name: f.Pool})+" says"
	case thresholds.PartnerElsewhere:
		m.what = "the backup pool " + clean(f.Partner, nameLimit) + " is paired with another pool: " + few(f.Names)
		m.advice = "pairs are mutual: compare what Get-CsPoolBackupRelationship says of each; where a partner was " +
			"replaced: docs/troubleshooting.md"
	case thresholds.ModuleUnpaired:
		m.what = "module " + clean(f.Module, nameLimit) + " is missing, which " + clean(f.Partner, nameLimit) + " has"
		m.advice = "see whether both were asked for the same --category, and whether the backup of Response Groups is " +
			"switched on in both"
	case thresholds.MastersDiffer:
		if f.Partner != "" {
			m.subject += " and " + clean(f.Partner, nameLimit)
		}
		m.what = "the sources name different CMS masters: " + few(f.Names)
		m.advice = "see which pool is active: Get-CsService -CentralManagement; --cms-master FQDN settles it"
	default:
		m.what = clean(string(f.Kind), nameLimit)
	}
	return m
}

// noPartner says why a pool is no half of a pair.
func noPartner(f thresholds.Finding) string {
	switch {
	case f.Partner != "":
		return "it names itself as its backup pool"
	case len(f.Names) == 0:
		return "nobody names its backup pool, so the other half was not seen, and a failover needs both"
	case len(f.Names) == 1:
		return "it names no backup pool, though " + few(f.Names) + " names it: before a failover each must name the other"
	default:
		return "it names no backup pool, and several pools name it: " + few(f.Names)
	}
}

// whichHas says which pools were read instead of the one that was asked for.
func whichHas(pools []string) string {
	if len(pools) == 0 {
		return ""
	}
	return ", which has " + few(pools)
}

// fewNames is how many names of a list are shown.
const fewNames = 3

// few says the first names of a list, and how many more there are.
func few(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), fewNames)] {
		shown = append(shown, clean(name, nameLimit))
	}
	if more := len(names) - fewNames; more > 0 {
		return strings.Join(shown, ", ") + " and " + thousands(more) + " more"
	}
	return strings.Join(shown, ", ")
}

// explainError says an error; where a status.Loss is in it, that has the advice.
func explainError(f thresholds.Finding) (what, advice string) {
	if f.Err == nil {
		return "an error without a text", ""
	}
	what = f.Err.Error()
	var loss status.Loss
	if errors.As(f.Err, &loss) {
		advice = loss.Advice
		if f.Kind == thresholds.TimedOut {
			what = "not done in time while " + loss.What // the error behind it says no more than "deadline exceeded"
		}
	}
	return clean(what, messageLimit), clean(advice, messageLimit)
}

// fetchAdvice knows the errors of the cmdlet that have a known remedy: by their kind, which is the same in all
// languages, else by their text.
func fetchAdvice(id, text string) string {
	id, text = strings.ToLower(id), strings.ToLower(text)
	for _, r := range remedies {
		if containsAny(id, r.ids) {
			return r.advice
		}
	}
	for _, r := range remedies {
		if containsAny(text, r.texts) {
			return r.advice
		}
	}
	return "run Get-CsBackupServiceStatus -PoolFqdn FQDN there by hand, under the same account"
}

// remedies are what helps against a failed fetch: parts of the kind of the error and of its text, in lower case, the
// more exact first.
var remedies = []struct {
	ids, texts []string
	advice     string
}{
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
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

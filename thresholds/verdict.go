package thresholds

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"check_cs_backup/check/status"
)

// A Judgement is the verdict on all inputs.
type Judgement struct {
	Severity Severity
	// Profile is the one that it was judged by.
	Profile Profile
	// CMSMaster is the pool that --cms-master names; empty where that names none.
	CMSMaster string
	// Pools are in the order of Settings.Pools, else of the inputs.
	Pools []PoolVerdict
	// Ready is the answer of the failover profile: each pool is in a pair of which either may take over from the other
	// now. It is true where Severity is OK under that profile, and nowhere else.
	Ready bool
	// Pairs are the pools that belong together, in the order of their first pool.
	Pairs []Pair
	// Findings are what belongs to no single pool and no pair.
	Findings []Finding
	// Halves are the backup pools that are named and not judged, where nobody asked for them. They judge nothing.
	Halves []Finding
	// Idle are the user's patterns that fit nothing of what was read. They judge nothing.
	Idle []Idle
	// Notes are those of all inputs, and what can't be remembered. They judge nothing.
	Notes []string
}

// A PoolVerdict is the verdict on one pool, of which several sources may have told. What is a single text here is that
// of the first source which has one.
type PoolVerdict struct {
	Severity Severity
	// Name is the pool's FQDN; empty where no source names one and --pool does not either.
	Name string
	// Backup and ActiveMachine are as in status.Pool, Host, PSModule and Collector as in status.Snapshot. Of several
	// backup pools it is the first by the alphabet.
	Backup, ActiveMachine, Host, PSModule, Collector string
	// Origins are the sources.
	Origins []string
	// CollectedAt is the date of the oldest of them; zero when unknown. Age is counted from there, and is negative
	// where that lies in the future.
	CollectedAt time.Time
	Age         time.Duration
	// Unhealthy is for how long the longest of its directions that count is not OK, 0 where all are; it means nothing
	// where it is not known.
	Unhealthy      time.Duration
	UnhealthyKnown bool
	// Err is the message of the fetch that failed, which is a finding as well. Empty when none did.
	Err string
	// TaskErr is what the scheduled task of one of the sources could not do.
	TaskErr  string
	Findings []Finding
	// Modules are in the order of the sources.
	Modules []ModuleVerdict
	// Events are the service's own, the newest first. They judge nothing.
	Events []Event
	// masters are the CMS masters that these sources name, elsewhere those that any source names; backups are the
	// backup pools that they name. There should be one.
	masters, elsewhere, backups []string
	// undated: a source of the pool has no date, whatever the others have. future: CollectedAt lies too far in the
	// future.
	undated, future bool
	// unasked are the categories of a failover that a source did not ask for.
	unasked []string
}

// A ModuleVerdict is the verdict on one module: the worse of its two directions.
type ModuleVerdict struct {
	status.Module
	Severity Severity
	// Directions is indexed by status.Direction.
	Directions [2]DirectionVerdict
	// Ignored modules do not count.
	Ignored bool
	isWhole bool // the identity
	// collectedAt is the date of the status that tells of it, which may be newer than the pool's; zero when unknown.
	collectedAt time.Time
}

// A DirectionVerdict is the verdict on one state.
type DirectionVerdict struct {
	Severity Severity
	Reason   Reason
	// Since is the date of the first status of the unbroken row of unhealthy ones, For the time from there to this one.
	// They are zero where that is not known, or the direction is OK or does not count.
	Since time.Time
	For   time.Duration
}

// A Kind is what a finding is about.
type Kind string

// The kinds of findings.
const (
	SourceFailed      Kind = "source-failed"       // a source brought nothing: Err
	TimedOut          Kind = "timed-out"           // a source was not done in time: Err
	Lost              Kind = "lost"                // something is absent, cut or not understood: Err, a status.Loss
	NoPool            Kind = "no-pool"             // nothing tells of any pool
	PoolMissing       Kind = "pool-missing"        // a pool that was asked for is absent: Pool; Names were read
	PoolUnnamed       Kind = "pool-unnamed"        // a status names no pool, though pools were asked for: Origin
	FetchFailed       Kind = "fetch-failed"        // the collector could not ask this pool: Err, ErrID
	NoModule          Kind = "no-module"           // the pool has no module that counts
	ModuleMissing     Kind = "module-missing"      // an expected module is absent: Module, a Pattern
	Unasked           Kind = "category-missing"    // a failover needs categories that were not asked for: Names
	Stale             Kind = "stale"               // the status is too old
	Undated           Kind = "undated"             // its age is not known, though a limit was asked for
	Future            Kind = "future"              // the status is dated into the future
	NoCMSMaster       Kind = "no-cms-master"       // no CMSMaster export of a pair is initialised: Pool, Partner
	TwoCMSMasters     Kind = "two-cms-masters"     // both are: Pool, Partner; or the topology has several: Err
	MastersDiffer     Kind = "masters-differ"      // a pool's or a pair's sources name several: Pool, Partner, Names
	BackupPoolUnknown Kind = "backup-pool-unknown" // the backup pool was asked for and is not known: Err
	BackupsDiffer     Kind = "backups-differ"      // a pool's sources name several backup pools: Names
	PartnerMissing    Kind = "partner-missing"     // the backup pool is not judged: Pool, Partner; Names: it was read
	NoPartner         Kind = "no-partner"          // the pool names none, or itself: Pool, Partner; Names name it
	PartnerElsewhere  Kind = "partner-elsewhere"   // the backup pool is paired with another pool: Pool, Partner, Names
	ModuleUnpaired    Kind = "module-unpaired"     // the partner has a module more: Pool, Partner, Module
	MemoryFailed      Kind = "memory-failed"       // the memory can't be had or kept: Origin, Err
	PluginFailed      Kind = "plugin-failed"       // no check was made: Err; not made by Judge
)

// A Finding is what else is wrong, beside the states of modules.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Origin is the source it is about, Pool and Partner the pools, Module the identity; each may be empty.
	Origin, Pool, Partner, Module string
	// Names are other pools that it is about.
	Names []string
	// Err is the error behind it, if any.
	Err error
	// ErrID is the kind of that error, in no language, as in status.Pool.
	ErrID string
	// TaskErr is what the scheduled task could not do, where the status is absent or too old.
	TaskErr string
}

// needed are the categories that a failover needs. RGS is there where the backup of Response Groups is switched on.
var needed = [...]string{"CMS", "UserData"}

// unasked are those of them that a source did not ask for; none where it does not say that it asked for some alone.
func unasked(categories []string) []string {
	var list []string
	for _, name := range needed {
		asked := func(category string) bool { return strings.EqualFold(category, name) }
		if categories != nil && !slices.ContainsFunc(categories, asked) {
			list = append(list, name)
		}
	}
	return list
}

// An Event is one of the Backup Service's own, and how old it is.
type Event struct {
	status.Event
	// Age is counted from its date, and is not negative: a little into the future is the present. It means nothing
	// where the event has no date.
	Age time.Duration
}

// addEvents adds events of a pool, of which two sources may have the same one, and keeps the newest in front. Those of
// one date are in an order that does not depend on which source came first.
func (p *PoolVerdict) addEvents(events []status.Event) {
	for _, event := range events {
		if !slices.Contains(p.Events, Event{Event: event}) {
			p.Events = append(p.Events, Event{Event: event})
		}
	}
	slices.SortFunc(p.Events, func(a, b Event) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Module, b.Module),
			cmp.Compare(a.Machine, b.Machine), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Text, b.Text))
	})
	p.Events = p.Events[:min(len(p.Events), status.MaxEvents)]
}

// dateEvents reckons how old each event is.
func (p *PoolVerdict) dateEvents(now time.Time) {
	for i := range p.Events {
		p.Events[i].Age = max(now.Sub(p.Events[i].At), 0)
	}
}

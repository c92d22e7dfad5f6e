package thresholds

import (
	"time"

	"check_cs_backup/check/status"
)

// A Judgement is the verdict on all inputs.
type Judgement struct {
	Severity Severity
	// Pools are in the order of Settings.Pools, else of the inputs.
	Pools []PoolVerdict
	// Findings are what belongs to no single pool.
	Findings []Finding
	// Notes are those of all inputs.
	Notes []string
}

// A PoolVerdict is the verdict on one pool.
type PoolVerdict struct {
	status.Pool
	// Origins are the sources that told of the pool.
	Origins  []string
	Severity Severity
	// CollectedAt is the date of the oldest of them; zero when unknown. Age is counted from there.
	CollectedAt time.Time
	Age         time.Duration
	Findings    []Finding
	Modules     []ModuleVerdict
	// master is the CMS master that these sources name.
	master string
}

// A ModuleVerdict is the verdict on one module: the worse of its two directions.
type ModuleVerdict struct {
	status.Module
	Severity Severity
	// Directions is indexed by status.Direction.
	Directions [2]DirectionVerdict
	// Ignored modules do not count.
	Ignored bool
}

// A DirectionVerdict is the verdict on one state.
type DirectionVerdict struct {
	Severity Severity
	Reason   Reason
}

// A Kind is what a finding is about.
type Kind string

// The kinds of findings.
const (
	SourceFailed Kind = "source-failed" // a source brought nothing: Err
	TimedOut     Kind = "timed-out"     // a source was not done in time: Err
	Lost         Kind = "lost"          // something is absent, cut or not understood: Err, a status.Loss
	NoPool       Kind = "no-pool"       // nothing tells of any pool
	PoolMissing  Kind = "pool-missing"  // a pool that was asked for is absent: Pool
	PoolUnnamed  Kind = "pool-unnamed"  // a status names no pool, though pools were asked for: Origin
	FetchFailed  Kind = "fetch-failed"  // the collector could not ask this pool: Err, ErrID
	NoModule          Kind = "no-module"       // the pool has no module that counts
	ModuleMissing     Kind = "module-missing"  // an expected module is absent: Module
	Stale             Kind = "stale"           // the status is too old
	Future            Kind = "future"          // the status is dated into the future
	NoCMSMaster       Kind = "no-cms-master"   // no CMSMaster export of a pair is initialised: Pool, Partner
	TwoCMSMasters     Kind = "two-cms-masters" // both are: Pool, Partner; or the topology has several: Err
	WrongUse          Kind = "wrong-use"       // the command line is wrong: Err; not made by Judge
	PluginFailed      Kind = "plugin-failed"   // the plugin itself failed: Err; not made by Judge

	BackupPoolUnknown Kind = "backup-pool-unknown" // the backup pool was asked for and is not known: Err
)

// A Finding is what else is wrong, beside the states of modules.
type Finding struct {
	Kind     Kind
	Severity Severity
	// Origin is the source it is about, Pool and Partner the pools, Module the identity; each may be empty.
	Origin, Pool, Partner, Module string
	// Err is the error behind it, if any.
	Err error
	// ErrID is the kind of that error, in no language, as in status.Pool.
	ErrID string
}

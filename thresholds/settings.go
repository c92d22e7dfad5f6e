package thresholds

import (
	"time"

	"check_cs_backup/check/status"
)

// Settings are the user's choices. A severity that is left out is Unknown.
type Settings struct {
	Profile Profile
	// Rules stand on top of the profile, the last one that matches wins.
	Rules []Rule
	// Pools are the FQDNs to judge, each of which must be there. None means every pool that is seen.
	Pools []string
	// Pair judges the backup pool of each of these as well, where it was seen.
	Pair bool
	// Expect are modules that each pool must have: one at least that fits the pattern.
	Expect []Pattern
	// Ignore are the modules that are left out of the verdict.
	Ignore []Pattern
	// CMSMaster is the FQDN of the active CMS master, or "auto" or "none".
	CMSMaster string
	// MaxAge is how old a status may be; 0 is no limit.
	MaxAge time.Duration
	// DateNeeded makes a status whose age is not known as bad as one that is older than MaxAge.
	DateNeeded bool
	// What a stale status, an absent pool or module, a failed fetch and a timeout mean.
	OnStale, OnMissing, OnFailure, OnTimeout Severity
	// Critical are for how long what is WARNING by the rules may last before it is CRITICAL; the last that is for a
	// module counts. They need a Memory.
	Critical []Limit
	Memory   Memory
}

// An Input is what one source brought: a snapshot, or the reason why there is none.
type Input struct {
	status.Snapshot
	Err error
	// TaskErr is what the scheduled task that writes the status could not do, as it said it. It judges nothing.
	TaskErr string
}

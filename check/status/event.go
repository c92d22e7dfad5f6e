package status

import "time"

// An Event is an entry that the Backup Service made in the log "Lync Server" (docs/service.md, Events).
type Event struct {
	// ID is its number, such as 4042.
	ID int
	// Level is "error" or "warning", as the collector says it, in lower case.
	Level string
	// At is when it was written. Zero when unknown.
	At time.Time
	// Machine is the front end, Module the identity of the module that the text names. Empty when unknown.
	Machine, Module string
	// Text is the begin of what it says, on one line.
	Text string
}

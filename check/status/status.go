// Package status holds what the Backup Service says: snapshots of pools, their modules and the two states of
// each module. It judges nothing and does no I/O.
package status

import (
	"strconv"
	"strings"
	"time"
)

// CMSMaster is the module that copies the Central Management Store. It is the only module whose export is
// documented as NotInitialized in normal operation: on a pool that is not the active CMS master (docs/service.md).
const CMSMaster = "CentralMgmt.CMSMaster"

// A Snapshot is what one source said at one moment.
type Snapshot struct {
	// Origin is where the snapshot came from, for people: a file's path, "standard input", a host.
	Origin string
	// CollectedAt is when the status was taken. Zero when nothing tells.
	CollectedAt time.Time
	// Host is the machine the collector ran on, PSModule the PowerShell module that it imported. Empty when unknown.
	Host, PSModule string
	// Collector is the version of the collector that wrote it. Empty when unknown.
	Collector string
	// Categories are the ones that were asked for; nil where all were, or nobody tells.
	Categories []string
	// CMSMaster is the FQDN of the pool that is the active CMS master, as the collector found it. Empty when unknown.
	CMSMaster string
	// CMSMasterErr says why there is no one active CMS master, where the collector found several. Empty otherwise.
	CMSMasterErr string
	// Pools are in the order of the source.
	Pools []Pool
	// Notes are what the collector could not find out beside the states, such as the CMS master. They judge nothing.
	Notes []string
	// Losses are parts of the source that are absent, cut or not understood. A snapshot with a loss is never OK.
	Losses []Loss
}

// A Pool is one front-end pool's own half of the status: how it exports to its backup pool, and how it imports.
type Pool struct {
	// Name is the pool's FQDN. Empty where the source names none.
	Name string
	// Backup is the FQDN of the pool it is paired with, ActiveMachine the front end that the Backup Service is
	// active on. Empty when unknown.
	Backup, ActiveMachine string
	// BackupErr is why the backup pool is not known though it was asked for. Empty where it is, or nobody asked.
	BackupErr string
	// Modules are in the order of the source. The same identity may stand there more than once.
	Modules []Module
	// Err is the message of the fetch that failed for this pool, as it came. Empty when the fetch worked.
	Err string
	// TimedOut says that the fetch failed because it was not done in time.
	TimedOut bool
	// ErrID is the kind of that error, in no language: type and HRESULT of the exceptions, FullyQualifiedErrorId. Empty
	// when unknown.
	ErrID string
	// Events are what the service wrote into the event log. They judge nothing.
	Events []Event
	// Losses are parts of this pool alone that were not understood or not there. A pool with a loss is never OK.
	Losses []Loss
}

// A Module is one backup module of a pool.
type Module struct {
	// Identity is the module's name, such as UserServices.PresenceFocus, as it was read. May be empty or cut.
	Identity string
	Export   State
	Import   State
}

// A State is one direction's state as it was read. The zero value is a state that the source does not give.
type State string

// A Loss is a part of a source, or a whole source, that is absent, cut or not understood. It is an error too: what a
// source or a decoder returns when nothing is left.
type Loss struct {
	// Line is the line of the source, counted from 1; 0 where lines mean nothing.
	Line int
	// What says what is lost, lower-case, without a full stop; it may quote the source and is not sanitised.
	What string
	// Advice says how to get it whole. May be empty.
	Advice string
	// Err is the error behind it, if any.
	Err error
}

// HowToSave saves a status by hand so that nothing is lost: JSON has numbers for the states if they are enums, tables
// and lists are cut. It does without a | because the output of a plugin must.
const HowToSave = "Export-Clixml FILE -InputObject (Get-CsBackupServiceStatus -PoolFqdn FQDN)"

// What to do about most losses. The rest of the advice stands with its loss.
const (
	AdviceSave  = "let the collector write it (--print-collector), or save it with: " + HowToSave
	AdviceEmpty = "see whether the command that writes it printed an error; " + AdviceSave
	AdviceAgain = "save or transfer it again, as a whole"
)

// Error returns what is lost and where, without the advice.
func (l Loss) Error() string {
	text := l.What
	if l.Line > 0 {
		text = "line " + strconv.Itoa(l.Line) + ": " + text
	}
	if l.Err != nil {
		text += ": " + l.Err.Error()
	}
	return text
}

// Unwrap returns the error behind the loss.
func (l Loss) Unwrap() error { return l.Err }

// The state words that are documented (docs/service.md, The states).
const (
	FinalState     State = "FinalState"
	SteadyState    State = "SteadyState"
	NonSteadyState State = "NonSteadyState"
	NotInitialized State = "NotInitialized"
	ErrorState     State = "ErrorState"
	NormalState    State = "NormalState"
)

// Is reports whether s is the word w; PowerShell's names know no case.
func (s State) Is(w State) bool { return len(s) == len(w) && strings.EqualFold(string(s), string(w)) }

// A Direction is one of the two ways that a module copies.
type Direction int

// The two directions: to the backup pool, and from it.
const (
	Export Direction = iota
	Import
)

// String returns "export" or "import".
func (d Direction) String() string {
	if d == Import {
		return "import"
	}
	return "export"
}

// State returns the state of one direction.
func (m Module) State(d Direction) State {
	if d == Import {
		return m.Import
	}
	return m.Export
}

// IsCMSMaster reports whether the module is the one that copies the Central Management Store.
func (m Module) IsCMSMaster() bool { return strings.EqualFold(m.Identity, CMSMaster) }

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

// MaxEvents is how many events of a pool are kept, of all its sources together; the collector has three.
const MaxEvents = 10

// The markers of the one-line form of the collector's document: what a process prints between them is the base64 of
// the document. They find it between whatever else is printed.
const (
	BeginMarker = "-----BEGIN CHECK_CS_BACKUP-----"
	EndMarker   = "-----END CHECK_CS_BACKUP-----"
	// Base64Letters are what stands between them, but for what wraps it.
	Base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)

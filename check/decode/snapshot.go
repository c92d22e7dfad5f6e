// The snapshot while it is built: pools by name, shared strings, bounded numbers, one loss for each cause.

package decode

import (
	"errors"
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

// Bounds that no deployment comes near; they keep the memory of a hostile file small.
const (
	maxModules = 500_000
	maxPools   = 200_000
	maxLosses  = 20
	maxNotes   = 20
	maxDepth   = 64
	// maxName bounds a name, a state, an address; maxMessage an error text.
	maxName    = 256
	maxMessage = 4096
	// maxShared bounds the table of strings that are kept once.
	maxShared = 1 << 14
	// maxStrange bounds the lines that are not understood: beyond it the file is no status.
	maxStrange = 100_000
)

// Advice that goes with errors and losses.
const (
	adviceSave   = `let the collector write it (--print-collector), or save it with: ` + status.HowToSave
	adviceEmpty  = `see whether the command that writes it printed an error; ` + adviceSave
	adviceFailed = `see why the cmdlet failed: by default only members of RTCUniversalServerAdmins may run it, and it is in the module SkypeForBusiness, else Lync`
	adviceAgain  = `save or transfer it again, as a whole`
	adviceWidth  = `a table in a narrow window loses columns and the ends of cells; ` + adviceSave
	adviceLimit  = `Format-List stops after $FormatEnumerationLimit modules (4; -1 for all); better ` + adviceSave
)

var (
	errTooLong        = errors.New("a line or a text in it is longer than 1 MiB")
	errTooManyModules = errors.New("the modules of one pool take more than 16 MiB")
	errDepth          = status.Loss{What: "it is nested more than " + strconv.Itoa(maxDepth) + " levels deep", Advice: adviceSave}
)

// A builder collects what the decoders read. Its methods never repair and never guess.
type builder struct {
	snap status.Snapshot
	// pools finds a pool by its name in lower case.
	pools map[string]int
	// lastName and lastPool are the pool that was asked for last: rows of a pool stand together.
	lastName string
	lastPool int
	shared   map[string]string
	modules  int
	losses   []loss
	hidden   int
	strange  int
	// fatal ends the decoding: a bound is exceeded.
	fatal error
}

// A loss is a status.Loss and how often its cause was met.
type loss struct {
	status.Loss
	cause string
	times int
}

func newBuilder() *builder {
	return &builder{pools: map[string]int{}, lastPool: -1, shared: map[string]string{}}
}

// lose records a loss. A cause that is not empty is recorded once and counted.
func (b *builder) lose(cause string, l status.Loss) {
	if cause != "" {
		for i := range b.losses {
			if b.losses[i].cause == cause {
				b.losses[i].times++
				return
			}
		}
	}
	if len(b.losses) == maxLosses {
		b.hidden++
		return
	}
	l.What = strings.Clone(l.What)
	b.losses = append(b.losses, loss{Loss: l, cause: cause, times: 1})
}

// strangeLine records a line that is not understood.
func (b *builder) strangeLine(line string, number int) {
	b.strange++
	if b.strange > maxStrange && b.fatal == nil {
		b.fatal = status.Loss{Line: number, What: "more than " + strconv.Itoa(maxStrange) + " lines are not understood", Advice: adviceSave}
	}
	if len(b.losses) == maxLosses {
		b.hidden++
		return
	}
	b.lose("", status.Loss{Line: number, What: "not understood: " + quote(line), Advice: adviceSave})
}

// share returns a copy of s that pins nothing, the same one for the same words where there are few of them.
func (b *builder) share(s string) string {
	if s == "" {
		return ""
	}
	for _, state := range states {
		if s == string(state) {
			return string(state)
		}
	}
	if known, ok := b.shared[s]; ok {
		return known
	}
	s = strings.Clone(s)
	if len(b.shared) < maxShared {
		b.shared[s] = s
	}
	return s
}

// name keeps a name, a state or an address. What is too long for one is cut, visibly, and is a loss.
func (b *builder) name(s string, line int) string {
	s = strings.TrimSpace(s)
	if len(s) > maxName {
		b.lose("long name", status.Loss{Line: line, What: "a name or a state is longer than " + strconv.Itoa(maxName) + " bytes: " + quote(s), Advice: adviceSave})
		s = strings.ToValidUTF8(s[:maxName], "") + "…"
	}
	return b.share(s)
}

// A reading is one module as it was read.
type reading struct {
	line                     int
	identity, export, imprt  string
	lacksExport, lacksImport bool // the loss of a whole column is said already
}

// module checks and keeps one module.
func (b *builder) module(r reading) status.Module {
	m := status.Module{
		Identity: b.name(r.identity, r.line),
		Export:   status.State(b.name(r.export, r.line)),
		Import:   status.State(b.name(r.imprt, r.line)),
	}
	b.modules++
	if b.modules > maxModules && b.fatal == nil {
		b.fatal = status.Loss{What: "it holds more than " + strconv.Itoa(maxModules) + " modules", Advice: "split the file"}
	}
	switch {
	case m.Identity == "":
		b.lose("no identity", status.Loss{Line: r.line, What: "a module has no identity", Advice: adviceSave})
	case status.IsCut(m.Identity):
		b.lose("cut identity", status.Loss{Line: r.line, What: "the name of a module is cut: " + quote(m.Identity), Advice: adviceWidth})
	}
	b.state(m.Identity, "export", m.Export, r.lacksExport, r.line)
	b.state(m.Identity, "import", m.Import, r.lacksImport, r.line)
	return m
}

func (b *builder) state(identity, direction string, s status.State, said bool, line int) {
	switch {
	case s == "" && !said:
		b.lose("no "+direction, status.Loss{Line: line, What: "module " + quote(identity) + " has no " + direction + " state", Advice: adviceSave})
	case s != "" && status.IsCut(string(s)):
		b.lose("cut "+direction, status.Loss{Line: line, What: "the " + direction + " state of " + quote(identity) + " is cut: " + quote(string(s)), Advice: adviceWidth})
	}
}

// pool returns the pool of a name. Names know no case; the first spelling stays. A name that is cut is a loss.
func (b *builder) pool(name string, line int) *status.Pool {
	if b.lastPool >= 0 && b.lastName == name {
		return &b.snap.Pools[b.lastPool]
	}
	name = b.name(name, line)
	key := strings.ToLower(name)
	i, ok := b.pools[key]
	if !ok {
		if status.IsCut(name) {
			b.lose("cut pool", status.Loss{Line: line, What: "the name of a pool is cut: " + quote(name), Advice: adviceWidth})
		}
		i = len(b.snap.Pools)
		if i >= maxPools && b.fatal == nil {
			b.fatal = status.Loss{What: "it holds more than " + strconv.Itoa(maxPools) + " pools", Advice: "split the file"}
		}
		b.pools[key] = i
		b.snap.Pools = append(b.snap.Pools, status.Pool{Name: name})
	}
	b.lastName, b.lastPool = name, i
	return &b.snap.Pools[i]
}

// add puts a module into the pool of a name.
func (b *builder) add(pool string, r reading) {
	m := b.module(r)
	p := b.pool(pool, r.line)
	p.Modules = append(p.Modules, m)
}

// activeMachine sets the front end of a pool. Two that differ are a loss.
func (b *builder) activeMachine(p *status.Pool, machine string, line int) {
	machine = b.name(machine, line)
	if machine == "" {
		return
	}
	if p.ActiveMachine != "" && !strings.EqualFold(p.ActiveMachine, machine) {
		b.lose("active machine", status.Loss{Line: line, What: "two active machines for one pool: " + quote(p.ActiveMachine) + " and " + quote(machine)})
		return
	}
	p.ActiveMachine = machine
}

// finish returns the snapshot.
func (b *builder) finish() (status.Snapshot, error) {
	if b.fatal != nil {
		return status.Snapshot{}, b.fatal
	}
	if i, ok := b.pools[""]; ok && len(b.snap.Pools) > 1 {
		what := "some modules are given no pool, others are"
		if len(b.snap.Pools[i].Modules) == 0 {
			what = "a pool has no name, others have one"
		}
		b.lose("no pool", status.Loss{What: what, Advice: adviceSave})
	}
	for _, l := range b.losses {
		if l.times > 1 {
			l.What += " (and " + strconv.Itoa(l.times-1) + " more of this kind)"
		}
		b.snap.Losses = append(b.snap.Losses, l.Loss)
	}
	if b.hidden > 0 {
		b.snap.Losses = append(b.snap.Losses, status.Loss{What: "and " + strconv.Itoa(b.hidden) + " more that is lost or not understood", Advice: adviceSave})
	}
	return b.snap, nil
}

// empty reports whether nothing of a status was read.
func (b *builder) empty() bool { return len(b.snap.Pools) == 0 }

// One record of a status, from whatever format it came.

package decode

import (
	"slices"
	"strings"

	"check_cs_backup/check/status"
)

// A row is one record of a status, from whatever format it came: a module, or a pool with a list of modules.
type row struct {
	line                    int
	pool, computer, machine string
	overall                 [2]string // states of all modules, by direction
	identity, export, imprt string
	list                    string // modules in bracket form
	failure                 string // an error beside the states
	// glued says that a word of it was put together from several lines.
	glued bool
	// has are the properties that the record has, empty ones too; said those whose absence was said for all records.
	has, said fields
}

func (x *row) set(f field, value string) {
	x.has.add(f)
	switch f {
	case fieldIdentity:
		x.identity = value
	case fieldExport:
		x.export = value
	case fieldImport:
		x.imprt = value
	case fieldPool:
		x.pool = value
	case fieldComputer:
		x.computer = value
	case fieldActiveMachine:
		x.machine = value
	case fieldOverallExport:
		x.overall[status.Export] = value
	case fieldOverallImport:
		x.overall[status.Import] = value
	case fieldBackupModules:
		x.list = value
	case fieldError:
		x.failure = value
	}
}

// take takes one record.
func (b *builder) take(x row) {
	if isFailure(x.failure) {
		b.failBeside(x.failure, x.line)
	}
	b.takeOverall(x)
	switch {
	case b.full:
	case x.has.has(fieldBackupModules):
		b.takePool(x)
	case x.has.has(fieldExport) || x.has.has(fieldImport) || x.said != 0:
		b.takeModule(x)
	default:
		// Rows of other cmdlets stand in the same window.
		what := "a record"
		if x.identity != "" {
			what = quote(x.identity)
		}
		b.lose(x.line, what+" is no backup module: it has neither ExportStatus nor ImportStatus", adviceSave)
	}
}

// takePoolOfService gives a whole status that names no pool its own identity: that of a service of the pool.
func (x *row) takePoolOfService() {
	if x.pool == "" && strings.ContainsAny(x.identity, ".:") {
		x.pool = x.identity
	}
}

// takePool takes a record that is a whole status.
func (b *builder) takePool(x row) {
	x.takePoolOfService()
	if x.machine != "" {
		p, _ := b.pool(x)
		b.machine(p, x)
	}
	if x.has.has(fieldExport) || x.has.has(fieldImport) {
		b.lose(x.line, "a record has both modules and a state of its own", adviceSave)
	}
	if strings.TrimSpace(x.list) == "" {
		b.lose(x.line, "the property BackupModules is empty", adviceSave)
	}
	read := b.read
	b.brackets(x.list, x)
	b.endStatus(x, read)
}

// endStatus remembers a status in which no module was read since: another one's modules don't make up for it.
func (b *builder) endStatus(x row, read int) {
	at, known := b.pools[b.poolKey(x)]
	if known && b.read == read && b.snap.Pools[at].Err == "" && len(b.empty) < maxLosses {
		b.empty = append(b.empty, empty{at, x.line})
	}
}

type empty struct{ pool, line int }

// takeOverall remembers what a record says of all modules together, until these are known.
func (b *builder) takeOverall(x row) {
	for d, f := range [...]field{fieldOverallExport, fieldOverallImport} {
		if !x.has.has(f) {
			continue
		}
		state := status.State(strings.TrimSpace(x.overall[d]))
		b.found.read(status.Module{Export: state}, x.glued)
		_, at := b.pool(x)
		o := overall{at, status.Direction(d), state}
		if !b.hasOverall[o] { // the rows of a table may all say the same
			b.hasOverall[o] = true
			b.overall = append(b.overall, overallAt{o, x.line})
		}
	}
}

// An overall is what a status says of all its modules together, in one direction.
type overall struct {
	pool  int
	d     status.Direction
	state status.State
}

type overallAt struct {
	overall
	line int
}

// checkOverall finds what no module explains: something is not known then.
func (b *builder) checkOverall() {
	for _, o := range b.overall {
		modules := b.snap.Pools[o.pool].Modules
		explains := func(m status.Module) bool { return m.State(o.d).Is(o.state) }
		switch {
		case o.state.IsHealthy(), o.state == "" && len(modules) == 0:
		case o.state.IsDocumented() && slices.ContainsFunc(modules, explains):
		default:
			name := [...]field{fieldOverallExport, fieldOverallImport}[o.d].String()
			b.lose(o.line, name+" is "+quote(status.Shorten(string(o.state), maxName))+", which no module explains", adviceSave)
		}
	}
}

func (b *builder) takeModule(x row) {
	m := status.Module{
		Identity: b.name("the name of a module", "", x.identity, x.line),
		Export:   status.State(b.name("the export state", x.identity, x.export, x.line)),
		Import:   status.State(b.name("the import state", x.identity, x.imprt, x.line)),
	}
	if m.Identity == "" && !x.said.has(fieldIdentity) {
		b.lose(x.line, "a module has no identity", adviceSave)
	}
	if m.Export == "" && !x.said.has(fieldExport) {
		b.lose(x.line, moduleName(x.identity)+" has no export state", adviceSave)
	}
	if m.Import == "" && !x.said.has(fieldImport) {
		b.lose(x.line, moduleName(x.identity)+" has no import state", adviceSave)
	}
	known := func(word string) bool { return word == "" || status.IsDocumented(word) }
	if x.glued && !(known(x.identity) && known(x.export) && known(x.imprt)) {
		b.lose(x.line, moduleName(x.identity)+" goes on over several lines, and what comes out is not documented", adviceWidth)
	}
	if b.read++; b.read > maxModules {
		b.tooMuch(maxModules, "modules")
	}
	if b.counts {
		b.found.read(m, x.glued)
	}
	p, at := b.pool(x)
	b.machine(p, x)
	if b.isKnown(p, at, m, x.line) {
		return
	}
	if p.Modules == nil {
		p.Modules = make([]status.Module, 0, len(status.Modules))
	}
	p.Modules = append(p.Modules, m)
}

// ofModule says of which module something is, nothing where it is of none.
func ofModule(identity string) string {
	if identity == "" {
		return ""
	}
	return " of " + moduleName(identity)
}

func moduleName(identity string) string {
	if identity = strings.TrimSpace(identity); identity == "" {
		return "a module"
	}
	return "module " + quote(identity)
}

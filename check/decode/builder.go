// The snapshot while it is built: pools by name, checked modules, bounded numbers; and the record that every format
// hands over.

package decode

import (
	"slices"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// Bounds that no deployment comes near; they keep the time and the memory of a hostile file small.
const (
	maxModules = 60_000
	maxPools   = 30_000
	// maxName bounds a name or a state in characters, maxMessage an error text.
	maxName    = 256
	maxMessage = 4096
)

// A builder collects what the readers find. Its methods never repair and never guess.
type builder struct {
	losses
	snap       status.Snapshot
	guessed    bool // the text was in an old code page
	pools      map[string]int
	seen       map[moduleKey]int // modules
	read       int               // modules that were met, those that are known too
	empty      []empty           // statuses without any
	computer   string            // the first that is named
	documents  int               // of the collector
	overall    []overallAt
	hasOverall map[overall]bool
	found      tally // what tells of the service, as it was read
	counts     bool  // whether that is counted
	last       struct {
		pool, computer string
		at             int
	} // the pool that was looked up last, and its place plus one
}

type moduleKey struct {
	pool     int
	identity string
}

func newBuilder(guessed bool) *builder {
	return &builder{
		pools:      map[string]int{},
		seen:       map[moduleKey]int{},
		hasOverall: map[overall]bool{},
		guessed:    guessed,
	}
}

// note keeps what is said beside a status; it judges nothing.
func (b *builder) note(text string) {
	if text != "" && len(b.snap.Notes) < maxNotes {
		b.snap.Notes = append(b.snap.Notes, status.Shorten(text, maxMessage))
	}
}

// name keeps a name or a state as it was read: what is it, and of which module. What is wrong with it is a loss; what
// is too long for one is cut, visibly.
func (b *builder) name(what, module, s string, line int) string {
	s = status.Shorten(strings.TrimSpace(s), maxName)
	damage := status.Damage(s)
	if damage == "" && !(b.guessed && strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0) {
		return s
	}
	l := status.Loss{Line: line, What: what + ofModule(module), Advice: adviceSave}
	switch damage {
	case "":
		l.What += " has letters of an old code page, so which they are is not known: "
	case "cut":
		l.What += " is cut: "
		l.Advice = adviceWidth
	default:
		l.What += " is damaged, it holds " + damage + ": "
	}
	l.What += quote(s)
	b.lose(line, l.What, l.Advice)
	return s
}

// hostName returns the name of a pool as a host name: services are written Role:FQDN, and an absolute name ends in a
// dot (docs/service.md, The partner).
func hostName(s string) string {
	s = strings.TrimSpace(s)
	if role, fqdn, ok := strings.Cut(s, ":"); ok && status.Damage(role) == "" && !strings.Contains(role, ".") {
		s = strings.TrimSpace(fqdn)
	}
	if strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "..") {
		s = strings.TrimSuffix(s, ".")
	}
	return s
}

// poolKey is what tells pools apart: the name, else the computer that a remote session adds. Where several are named,
// these are several pools.
func (b *builder) poolKey(x row) string {
	computer := status.Fold(strings.TrimSpace(x.computer))
	if key := status.Fold(hostName(x.pool)); key != "" || computer == "" {
		return key
	}
	if b.computer == "" {
		b.computer = computer
	}
	if computer == b.computer {
		return ""
	}
	return "computer " + computer
}

// pool returns the pool of a record, a new one where there is none. The first spelling of a name stays.
func (b *builder) pool(x row) (*status.Pool, int) {
	if b.last.at > 0 && b.last.pool == x.pool && b.last.computer == x.computer {
		return &b.snap.Pools[b.last.at-1], b.last.at - 1
	}
	key := b.poolKey(x)
	i, ok := b.pools[key]
	if !ok {
		i = len(b.snap.Pools)
		b.pools[key] = i
		b.snap.Pools = append(b.snap.Pools,
			status.Pool{Name: b.name("the name of a pool", "", hostName(x.pool), x.line)})
		if i >= maxPools {
			b.tooMuch(maxPools, "pools")
		}
	}
	b.last.pool, b.last.computer, b.last.at = x.pool, x.computer, i+1
	return &b.snap.Pools[i], i
}

// expect makes room for so many pools more.
func (b *builder) expect(pools int) {
	pools = min(pools, maxPools)
	b.snap.Pools = slices.Grow(b.snap.Pools, pools)
	if len(b.pools) == 0 {
		b.pools = make(map[string]int, pools)
	}
}

// isKnown reports whether a pool that has a name has this module already, with the same states. The same identity
// with other states, and twice in a pool without a name, is a loss: one of the two is that of another pool, or old.
func (b *builder) isKnown(p *status.Pool, at int, m status.Module, line int) bool {
	if m.Identity == "" {
		return false
	}
	// A pool has a few modules. Only a hostile one has so many that they need an index.
	const few = 16
	known := slices.IndexFunc(p.Modules[:min(len(p.Modules), few)],
		func(k status.Module) bool { return strings.EqualFold(k.Identity, m.Identity) })
	if known < 0 && len(p.Modules) >= few {
		key := moduleKey{at, status.Fold(m.Identity)}
		var ok bool
		if known, ok = b.seen[key]; !ok {
			b.seen[key] = len(p.Modules)
			return false
		}
	}
	if known < 0 {
		return false
	}
	if p.Name == "" {
		b.lose(line, moduleName(m.Identity)+" stands in it more than once, and nothing names the pools", adviceTwo)
		return false
	}
	if other := p.Modules[known]; !other.Export.Is(m.Export) || !other.Import.Is(m.Import) {
		b.lose(line, moduleName(m.Identity)+" of pool "+quote(p.Name)+" stands in it more than once, with other states",
			adviceTwo)
		return false
	}
	return true
}

// machine sets the front end that a pool's service is active on. Two that differ are a loss.
func (b *builder) machine(p *status.Pool, x row) {
	name := strings.TrimSpace(x.machine)
	if name == "" {
		return
	}
	if p.ActiveMachine != "" && status.SamePool(p.ActiveMachine, name) {
		return
	}
	name = b.name("the name of a machine", "", name, x.line)
	if p.ActiveMachine != "" {
		b.lose(x.line, "two active machines for one pool: "+quote(p.ActiveMachine)+" and "+quote(name), adviceTwo)
		return
	}
	p.ActiveMachine = name
}

// finish returns the snapshot. Of a text that holds no status only the losses are left that say why.
func (b *builder) finish() status.Snapshot {
	isNamed := func(p status.Pool) bool { return p.Name != "" }
	if i := slices.IndexFunc(b.snap.Pools, func(p status.Pool) bool { return p.Name == "" }); i >= 0 &&
		slices.ContainsFunc(b.snap.Pools, isNamed) {
		what := "some modules are given no pool, others are"
		if len(b.snap.Pools[i].Modules) == 0 {
			what = "a pool has no name, others have one"
		}
		b.lose(0, what, adviceSave)
	}
	b.checkOverall()
	for _, e := range b.empty {
		if p := b.snap.Pools[e.pool]; len(p.Modules) > 0 {
			b.lose(e.line, "a status without a module", adviceEmpty)
		}
	}
	b.snap.Losses = b.all(len(b.snap.Pools) > 0)
	return b.snap
}

// A row is one record of a status, from whatever format it came: a module, or a pool with a list of modules.
type row struct {
	line                      int
	pool, computer, machine   string
	overall                   [2]string // states of all modules, by direction
	identity, export, import_ string
	list                      string // modules in bracket form
	failure                   string // an error beside the states
	// joined says that a word of it was put together from several lines.
	joined bool
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
		x.import_ = value
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
		b.found.read(status.Module{Export: state}, x.joined)
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
			b.lose(o.line, name+" is "+quote(status.Shorten(string(o.state), maxName))+", which no module explains",
				adviceSave)
		}
	}
}

func (b *builder) takeModule(x row) {
	m := status.Module{
		Identity: b.name("the name of a module", "", x.identity, x.line),
		Export:   status.State(b.name("the export state", x.identity, x.export, x.line)),
		Import:   status.State(b.name("the import state", x.identity, x.import_, x.line)),
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
	if x.joined && !(known(x.identity) && known(x.export) && known(x.import_)) {
		b.lose(x.line, moduleName(x.identity)+" goes on over several lines, and what comes out is not documented",
			adviceWidth)
	}
	if b.read++; b.read > maxModules {
		b.tooMuch(maxModules, "modules")
	}
	if b.counts {
		b.found.read(m, x.joined)
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

// The snapshot while it is built: pools by name, checked modules, bounded numbers; and the record that every format
// hands over.

package decode

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// Bounds that no deployment comes near; they keep the time and the memory of a hostile file small.
const (
	maxModules = 60_000
	maxPools   = 30_000
	// maxOfPool is how many modules one pool may have: those that a new one is compared with.
	maxOfPool = 1000
	// maxName bounds a name or a state in characters, maxMessage an error text.
	maxName    = 256
	maxMessage = 4096
)

// A builder collects what the readers find. Its methods never repair and never guess.
type builder struct {
	losses
	snap      status.Snapshot
	guessed   bool           // the text was in an old code page
	pools     map[string]int // their places, by their keys
	read      int            // modules that were met, those that are known too
	empty     []empty        // statuses without any
	computer  string         // the first that is named
	documents int            // of the collector
	undated   bool           // something has no date: a document, or what stands in none
	overall   map[overall]int
	found     tally // what tells of the service, as it was read
	counts    bool  // whether that is counted
	last      struct {
		pool, computer string
		at             int
	} // the pool that was looked up last, and its place plus one
}

func newBuilder(guessed bool) *builder {
	return &builder{pools: map[string]int{}, overall: map[overall]int{}, guessed: guessed}
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
	if s = strings.TrimSpace(s); len(s) > maxName {
		s = status.Shorten(s, maxName)
	}
	damage := status.Damage(s)
	isGuess := b.guessed && strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0
	if damage == "" && !isGuess {
		return s
	}
	what = ofModule(what, module)
	switch damage {
	case "":
		b.lose(line, what+" has letters of an old code page, so which they are is not known: "+quote(s), adviceSave)
	case "cut":
		b.lose(line, what+" is cut: "+quote(s), adviceWidth)
	default:
		b.lose(line, what+" is damaged, it holds "+damage+": "+quote(s), adviceSave)
	}
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
func (b *builder) poolKey(x *row) string {
	computer := status.Fold(strings.TrimSpace(x.text[fieldComputer]))
	if key := status.Fold(hostName(x.text[fieldPool])); key != "" || computer == "" {
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
func (b *builder) pool(x *row) (*status.Pool, int) {
	if b.last.at > 0 && b.last.pool == x.text[fieldPool] && b.last.computer == x.text[fieldComputer] {
		return &b.snap.Pools[b.last.at-1], b.last.at - 1
	}
	key := b.poolKey(x)
	i, ok := b.pools[key]
	if !ok {
		i = len(b.snap.Pools)
		b.pools[key] = i
		b.snap.Pools = append(b.snap.Pools,
			status.Pool{Name: b.name("the name of a pool", "", hostName(x.text[fieldPool]), x.line)})
		if i >= maxPools {
			b.tooMuch(maxPools, "pools")
		}
	}
	b.last.pool, b.last.computer, b.last.at = x.text[fieldPool], x.text[fieldComputer], i+1
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
func (b *builder) isKnown(p *status.Pool, m status.Module, line int) bool {
	i := slices.IndexFunc(p.Modules, func(k status.Module) bool { return strings.EqualFold(k.Identity, m.Identity) })
	switch {
	case i < 0 || m.Identity == "":
		return false
	case p.Name == "":
		b.lose(line, moduleName(m.Identity)+" stands in it more than once, and nothing names the pools", adviceTwo)
		return false
	case !p.Modules[i].Export.Is(m.Export) || !p.Modules[i].Import.Is(m.Import):
		b.lose(line, moduleName(m.Identity)+" of pool "+quote(p.Name)+" stands in it more than once, with other states",
			adviceTwo)
		return false
	}
	return true
}

// machine sets the front end that a pool's service is active on. Two that differ are a loss.
func (b *builder) machine(p *status.Pool, x *row) {
	name := strings.TrimSpace(x.text[fieldActiveMachine])
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
	if b.undated && !b.snap.CollectedAt.IsZero() {
		b.lose(0, "a part of it has a date, another part has none", adviceTwo)
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
	line int
	text [fieldError + 1]string // by field; of BackupModules the bracket form, of an error one beside the states
	// joined says that a word of it was put together from several lines.
	joined bool
	// has are the properties that the record has, empty ones too; said those whose absence was said for all records.
	has, said fields
}

func (x *row) set(f field, text string) {
	if f != fieldNone {
		x.text[f] = text
		x.has.add(f)
	}
}

// goesOn reports whether a text from the next line is more of a value: of a list of modules up to its closing brace, or
// of a word that becomes a documented one with it. PowerShell breaks a value anywhere.
func (x *row) goesOn(f field, more string) bool {
	const longest = 8 << 10 // bytes of a list
	switch text := x.text[f]; f {
	case fieldBackupModules:
		return len(text) < longest && strings.HasPrefix(text, "{") && !strings.HasSuffix(text, "}")
	case fieldIdentity, fieldExport, fieldImport:
		return beginsDocumented(text + more)
	}
	return false
}

func (x *row) goOn(f field, more string) {
	x.text[f] += more
	x.joined = true
}

// beginsDocumented reports whether a documented name or state begins with text.
func beginsDocumented(text string) bool {
	return slices.ContainsFunc(status.Modules[:], func(m string) bool { return hasPrefixFold(m, text) }) ||
		slices.ContainsFunc(status.States[:], func(s status.State) bool { return hasPrefixFold(string(s), text) })
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// under puts a record under a pool that is named around it. What it says itself must be the same.
func (b *builder) under(x *row, pool string) {
	switch own := x.text[fieldPool]; {
	case own == "":
		x.text[fieldPool] = pool
	case pool != "" && !status.SamePool(hostName(own), hostName(pool)):
		b.lose(x.line, "what stands under pool "+quote(pool)+" says that it is of pool "+quote(own), adviceTwo)
	}
}

// in returns a module as one of the pool that another record is of.
func (x row) in(of row) row {
	x.line, x.joined = of.line, of.joined
	for _, f := range [...]field{fieldPool, fieldComputer, fieldActiveMachine} {
		x.text[f] = of.text[f]
	}
	return x
}

// take takes one record.
func (b *builder) take(x row) {
	if isFailure(x.text[fieldError]) {
		b.failBeside(x.text[fieldError], x.line)
	}
	switch {
	case b.full:
	case x.has.has(fieldBackupModules):
		b.takePool(x, func(x row) { b.brackets(x.text[fieldBackupModules], x) })
	case x.has.has(fieldExport) || x.has.has(fieldImport) || x.said != 0:
		b.takeModule(x)
	default:
		// Rows of other cmdlets stand in the same window.
		what := "a record"
		if x.text[fieldIdentity] != "" {
			what = quote(x.text[fieldIdentity])
		}
		b.lose(x.line, what+" is no backup module: it has neither ExportStatus nor ImportStatus", adviceSave)
	}
}

// takePool takes a whole status. A function reads its modules, as records that begin like this one; where there are
// none, another status of the pool does not make up for them.
func (b *builder) takePool(x row, modules func(row)) {
	if x.text[fieldPool] == "" && strings.ContainsAny(x.text[fieldIdentity], ".:") {
		x.text[fieldPool] = x.text[fieldIdentity] // of a service of the pool
	}
	b.takeOverall(&x)
	b.undated = b.undated || !b.collected
	if x.has.has(fieldExport) || x.has.has(fieldImport) {
		b.lose(x.line, "a record has both modules and a state of its own", adviceSave)
	}
	read := b.read
	modules(x)
	if b.read > read && x.text[fieldActiveMachine] == "" {
		return // where the status names no pool, its modules may
	}
	p, at := b.pool(&x)
	b.machine(p, &x)
	if b.read == read && p.Err == "" && len(b.empty) < maxLosses {
		b.empty = append(b.empty, empty{at, x.line})
	}
}

type empty struct{ pool, line int }

// An overall is what a status says of all its modules together, in one direction.
type overall struct {
	pool  int
	d     status.Direction
	state status.State
}

// takeOverall remembers the line of what a record says of all modules together, until these are known.
func (b *builder) takeOverall(x *row) {
	for d, f := range [...]field{fieldOverallExport, fieldOverallImport} {
		if !x.has.has(f) {
			continue
		}
		state := status.State(strings.TrimSpace(x.text[f]))
		b.found.read(status.Module{Export: state}, x.joined)
		_, at := b.pool(x)
		if o := (overall{at, status.Direction(d), state}); b.overall[o] == 0 { // the rows of a table may all say it
			b.overall[o] = x.line
		}
	}
}

// checkOverall finds what no module explains: something is not known then.
func (b *builder) checkOverall() {
	inOrder := func(a, c overall) int { return cmp.Or(b.overall[a]-b.overall[c], int(a.d-c.d)) }
	for _, o := range slices.SortedFunc(maps.Keys(b.overall), inOrder) {
		modules := b.snap.Pools[o.pool].Modules
		explains := func(m status.Module) bool { return m.State(o.d).Is(o.state) }
		switch {
		case o.state.IsHealthy(), o.state == "" && len(modules) == 0:
		case o.state.IsDocumented() && slices.ContainsFunc(modules, explains):
		default:
			name := [...]field{fieldOverallExport, fieldOverallImport}[o.d].String()
			b.lose(b.overall[o], name+" is "+quote(string(o.state))+", which no module explains", adviceSave)
		}
	}
}

// takeModule takes a record that is a module.
func (b *builder) takeModule(x row) {
	b.takeOverall(&x)
	b.undated = b.undated || !b.collected
	word := func(f field, what, module, value string) string {
		value = b.name(what, module, value, x.line)
		if value == "" && !x.said.has(f) {
			b.lose(x.line, ofModule(what, module)+" is missing", adviceSave)
		}
		return value
	}
	m := status.Module{
		Identity: word(fieldIdentity, "the name of a module", "", x.text[fieldIdentity]),
		Export:   status.State(word(fieldExport, "the export state", x.text[fieldIdentity], x.text[fieldExport])),
		Import:   status.State(word(fieldImport, "the import state", x.text[fieldIdentity], x.text[fieldImport])),
	}
	known := func(word string) bool { return word == "" || status.IsDocumented(word) }
	if x.joined && !(known(x.text[fieldIdentity]) && known(x.text[fieldExport]) && known(x.text[fieldImport])) {
		b.lose(x.line, moduleName(x.text[fieldIdentity])+
			" goes on over several lines, and what comes out is not documented", adviceWidth)
	}
	if b.read++; b.read > maxModules {
		b.tooMuch(maxModules, "modules")
	}
	if b.counts {
		b.found.read(m, x.joined)
	}
	p, _ := b.pool(&x)
	b.machine(p, &x)
	if b.isKnown(p, m, x.line) {
		return
	}
	if len(p.Modules) == maxOfPool {
		b.tooMuch(maxOfPool, "modules of one pool")
	}
	if p.Modules == nil {
		p.Modules = make([]status.Module, 0, len(status.Modules))
	}
	p.Modules = append(p.Modules, m)
}

// ofModule says of which module something is, nothing where that is not known.
func ofModule(what, identity string) string {
	if strings.TrimSpace(identity) == "" {
		return what
	}
	return what + " of " + moduleName(identity)
}

func moduleName(identity string) string {
	if identity = strings.TrimSpace(identity); identity == "" {
		return "a module"
	}
	return "module " + quote(identity)
}

// The snapshot while it is built: pools by name, checked modules, bounded numbers, one loss for each cause.

package decode

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"check_cs_backup/check/status"
)

// Bounds that no deployment comes near; they keep the time and the memory of a hostile file small.
const (
	maxModules = 60_000
	maxPools   = 30_000
	maxLosses  = 20
	// maxStrange is how many lines that are not understood are shown, maxLost after how many losses it is no status.
	maxStrange = 5
	maxLost    = 50_000
	// maxName bounds a name or a state in bytes, maxMessage an error text.
	maxName    = 256
	maxMessage = 4096
)

// Advice that goes with losses.
const (
	adviceSave   = status.AdviceSave
	adviceEmpty  = status.AdviceEmpty
	adviceFailed = `see why the cmdlet failed: by default only members of RTCUniversalServerAdmins may run it, and it is in the module SkypeForBusiness, else Lync`
	adviceAgain  = status.AdviceAgain
	adviceWidth  = `a table in a narrow window loses columns and the ends of cells; ` + adviceSave
	adviceLimit  = `Format-List stops after $FormatEnumerationLimit modules (4; -1 for all); better ` + adviceSave
	adviceTwo    = `two pools, or two times? save each pool in a file of its own, or ` + adviceSave
)

// A builder collects what the readers find. Its methods never repair and never guess.
type builder struct {
	snap    status.Snapshot
	guessed bool // the text was in an old code page
	pools   map[string]int
	// seen has the modules of pools that have many, by pool and identity.
	seen      map[moduleKey]int
	modules   int
	read      int     // modules that were met, those that are known too
	empty     []empty // statuses without any
	documents int     // of the collector
	lost      int     // more of it than before says that something was not read
	losses    []loss
	strange   []status.Loss // the first lines that are not understood
	hidden    int           // further losses
	lines     int           // further lines that are not understood
	failed    status.Loss   // the first error that PowerShell reported
	sick      sickCount
	full      bool // a bound is exceeded: nothing more is read
}

// A loss is a status.Loss and how often its cause was met.
type loss struct {
	status.Loss
	cause string
	times int
}

type moduleKey struct {
	pool     int
	identity string
}

func newBuilder(guessed bool) *builder {
	return &builder{pools: map[string]int{}, guessed: guessed}
}

// lose records a loss. A cause that is not empty is recorded once and counted.
func (b *builder) lose(cause string, l status.Loss) {
	if b.lost++; b.lost > maxLost {
		b.tooMuch(maxLost, "parts that are not understood")
	}
	if i := slices.IndexFunc(b.losses, func(known loss) bool { return cause != "" && known.cause == cause }); i >= 0 {
		b.losses[i].times++
		return
	}
	if len(b.losses) == maxLosses {
		b.hidden++
		return
	}
	b.losses = append(b.losses, loss{Loss: l, cause: cause, times: 1})
}

// tooMuch ends the reading: the text holds more than any status.
func (b *builder) tooMuch(n int, of string) {
	if !b.full {
		b.full = true
		b.losses = append(b.losses, loss{times: 1, Loss: status.Loss{What: "it holds more than " + strconv.Itoa(n) + " " + of, Advice: "split the file"}})
	}
}

// notUnderstood records a line that fits nothing.
func (b *builder) notUnderstood(line string, number int) {
	if what, advice := hint(line); what != "" {
		b.lose(what, status.Loss{Line: number, What: what + ": " + quote(line), Advice: advice})
		return
	}
	if b.lost++; b.lost > maxLost {
		b.tooMuch(maxLost, "parts that are not understood")
	}
	if len(b.strange) == maxStrange {
		b.lines++
		return
	}
	b.strange = append(b.strange, status.Loss{Line: number, What: "not understood: " + quote(line), Advice: adviceSave})
}

// note keeps what is said beside a status; it judges nothing.
func (b *builder) note(text string) {
	if text != "" && len(b.snap.Notes) < maxNotes {
		b.snap.Notes = append(b.snap.Notes, status.Shorten(text, maxMessage))
	}
}

// fail records an error that PowerShell reported. The first one is the cause of the others.
func (b *builder) fail(message string, line int) {
	if b.failed.What == "" {
		b.failed = status.Loss{Line: line, What: quoteLong(message), Advice: adviceFailed}
	}
}

// name keeps a name or a state as it was read: what is it, and of which module. What is wrong with it is a loss; what
// is too long for one is cut, visibly.
func (b *builder) name(what, module, s string, line int) string {
	s = strings.TrimSpace(s)
	if len(s) > maxName {
		s = status.Shorten(s, maxName)
	}
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
	b.lose(what+" "+damage, l)
	return s
}

// ofModule says of which module something is, nothing where it is of none.
func ofModule(identity string) string {
	if identity == "" {
		return ""
	}
	return " of " + moduleName(identity)
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

// pool returns the pool of a name, a new one where there is none. The first spelling of a name stays.
func (b *builder) pool(name string, line int) (*status.Pool, int) {
	i, ok := b.pools[name]
	if !ok {
		asRead := name
		name = b.name("the name of a pool", "", hostName(name), line)
		key := status.Fold(name)
		if i, ok = b.pools[key]; !ok {
			i = len(b.snap.Pools)
			b.snap.Pools = append(b.snap.Pools, status.Pool{Name: name})
			b.pools[key] = i
		}
		b.pools[asRead] = i
		if i >= maxPools {
			b.tooMuch(maxPools, "pools")
		}
	}
	return &b.snap.Pools[i], i
}

// A row is one record of a status, from whatever format it came: a module, or a pool with a list of modules.
type row struct {
	line                    int
	pool, machine           string
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
	case fieldActiveMachine:
		x.machine = value
	case fieldBackupModules:
		x.list = value
	case fieldError:
		x.failure = value
	}
}

// take takes one record.
func (b *builder) take(x row) {
	if isFailure(x.failure) {
		b.lose("failure", status.Loss{Line: x.line, What: "an error stands beside the states: " + quoteLong(x.failure), Advice: adviceFailed})
	}
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
		b.lose("no states", status.Loss{Line: x.line, What: what + " is no backup module: it has neither ExportStatus nor ImportStatus", Advice: adviceSave})
	}
}

// takePool takes a record that is a whole status. Its own identity is that of a service of the pool.
func (b *builder) takePool(x row) {
	if x.pool == "" && strings.ContainsAny(x.identity, ".:") {
		x.pool = x.identity
	}
	b.machine(x)
	if x.has.has(fieldExport) || x.has.has(fieldImport) {
		b.lose("both", status.Loss{Line: x.line, What: "a record has both modules and a state of its own", Advice: adviceSave})
	}
	if strings.TrimSpace(x.list) == "" {
		b.lose("no modules", status.Loss{Line: x.line, What: "the property BackupModules is empty", Advice: adviceSave})
	}
	read := b.read
	b.brackets(x.list, x)
	b.endStatus(x, read)
}

// endStatus remembers a status in which no module was read since: another one's modules don't make up for it.
func (b *builder) endStatus(x row, read int) {
	at, known := b.pools[x.pool]
	if known && b.read == read && b.snap.Pools[at].Err == "" && len(b.empty) < maxLosses {
		b.empty = append(b.empty, empty{at, x.line})
	}
}

type empty struct{ pool, line int }

func (b *builder) takeModule(x row) {
	m := status.Module{
		Identity: b.name("the name of a module", "", x.identity, x.line),
		Export:   status.State(b.name("the export state", x.identity, x.export, x.line)),
		Import:   status.State(b.name("the import state", x.identity, x.imprt, x.line)),
	}
	if m.Identity == "" && !x.said.has(fieldIdentity) {
		b.lose("no identity", status.Loss{Line: x.line, What: "a module has no identity", Advice: adviceSave})
	}
	if m.Export == "" && !x.said.has(fieldExport) {
		b.lose("no export", status.Loss{Line: x.line, What: moduleName(x.identity) + " has no export state", Advice: adviceSave})
	}
	if m.Import == "" && !x.said.has(fieldImport) {
		b.lose("no import", status.Loss{Line: x.line, What: moduleName(x.identity) + " has no import state", Advice: adviceSave})
	}
	known := func(word string) bool { return word == "" || status.IsDocumented(word) }
	if x.glued && !(known(x.identity) && known(x.export) && known(x.imprt)) {
		b.lose("glued", status.Loss{Line: x.line, What: moduleName(x.identity) + " goes on over several lines, and what comes out is not documented", Advice: adviceWidth})
	}
	b.read++
	b.sick.read(m)
	p, at := b.pool(x.pool, x.line)
	b.machine(x)
	if b.isKnown(p, at, m, x.line) {
		return
	}
	p.Modules = append(p.Modules, m)
	if b.modules++; b.modules > maxModules {
		b.tooMuch(maxModules, "modules")
	}
}

func moduleName(identity string) string {
	if identity = strings.TrimSpace(identity); identity == "" {
		return "a module"
	}
	return "module " + quote(identity)
}

// isKnown reports whether a pool that has a name has this module already, with the same states. The same identity
// with other states, and twice in a pool without a name, is a loss: one of the two is that of another pool, or old.
func (b *builder) isKnown(p *status.Pool, at int, m status.Module, line int) bool {
	known := b.find(p, at, m.Identity)
	if known < 0 || m.Identity == "" {
		return false
	}
	if p.Name == "" {
		b.lose("twice", status.Loss{Line: line, What: moduleName(m.Identity) + " stands in it more than once, and nothing names the pools", Advice: adviceTwo})
		return false
	}
	if other := p.Modules[known]; !other.Export.Is(m.Export) || !other.Import.Is(m.Import) {
		b.lose("twice", status.Loss{Line: line, What: moduleName(m.Identity) + " of pool " + quote(p.Name) + " stands in it more than once, with other states", Advice: adviceTwo})
		return false
	}
	return true
}

// find returns the place of a module in a pool, -1 where it is not, and remembers that it is there now.
func (b *builder) find(p *status.Pool, at int, identity string) int {
	const few = 16
	if len(p.Modules) < few {
		return slices.IndexFunc(p.Modules, func(m status.Module) bool { return strings.EqualFold(m.Identity, identity) })
	}
	if b.seen == nil {
		b.seen = map[moduleKey]int{}
	}
	if len(p.Modules) == few {
		for i, m := range p.Modules {
			b.seen[moduleKey{at, status.Fold(m.Identity)}] = i
		}
	}
	key := moduleKey{at, status.Fold(identity)}
	if i, ok := b.seen[key]; ok {
		return i
	}
	b.seen[key] = len(p.Modules)
	return -1
}

// machine sets the front end that a pool's service is active on. Two that differ are a loss.
func (b *builder) machine(x row) {
	name := strings.TrimSpace(x.machine)
	if name == "" {
		return
	}
	p, _ := b.pool(x.pool, x.line)
	if p.ActiveMachine != "" && status.SamePool(p.ActiveMachine, name) {
		return
	}
	name = b.name("the name of a machine", "", name, x.line)
	if p.ActiveMachine != "" {
		b.lose("active machine", status.Loss{Line: x.line, What: "two active machines for one pool: " + quote(p.ActiveMachine) + " and " + quote(name), Advice: adviceTwo})
		return
	}
	p.ActiveMachine = name
}

// finish returns the snapshot. Of a text that holds no status only the losses are left that say why.
func (b *builder) finish() status.Snapshot {
	if i, ok := b.pools[""]; ok && len(b.snap.Pools) > 1 && i < len(b.snap.Pools) {
		what := "some modules are given no pool, others are"
		if len(b.snap.Pools[i].Modules) == 0 {
			what = "a pool has no name, others have one"
		}
		b.lose("no pool", status.Loss{What: what, Advice: adviceSave})
	}
	for _, e := range b.empty {
		if p := b.snap.Pools[e.pool]; len(p.Modules) > 0 {
			b.lose("empty", status.Loss{Line: e.line, What: "a status without a module", Advice: adviceEmpty})
		}
	}
	if b.failed.What != "" {
		where := "beside the status: "
		if len(b.snap.Pools) == 0 {
			where = "in place of a status: "
		}
		b.failed.What = "PowerShell reported an error " + where + b.failed.What
		b.snap.Losses = append(b.snap.Losses, b.failed)
	}
	for _, l := range b.losses {
		if l.times > 1 {
			l.What += " (and " + strconv.Itoa(l.times-1) + " more of this kind)"
		}
		b.snap.Losses = append(b.snap.Losses, l.Loss)
	}
	b.more(b.hidden, "losses")
	switch {
	case len(b.snap.Pools) > 0:
		b.snap.Losses = append(b.snap.Losses, b.strange...)
		b.more(b.lines, "lines that are not understood")
	case len(b.snap.Losses) > 0: // they say why there is no status
	case len(b.strange) > 0:
		first := b.strange[0]
		first.Line = 0
		first.What = "it is text, but holds no status; " + strings.Replace(first.What, "not understood:", "it begins with", 1)
		b.snap.Losses = []status.Loss{first}
	default:
		b.snap.Losses = []status.Loss{{What: "it holds no status, only what a console adds", Advice: adviceEmpty}}
	}
	return b.snap
}

// more says how many losses are not shown.
func (b *builder) more(n int, of string) {
	if n > 0 {
		b.snap.Losses = append(b.snap.Losses, status.Loss{What: "and " + strconv.Itoa(n) + " more " + of, Advice: adviceSave})
	}
}

// quote bounds a piece of the source that a message quotes.
func quote(text string) string {
	const limit = 80 // characters
	text = strings.TrimSpace(text)
	n := 0
	for i := range text {
		if n == limit {
			return `"` + text[:i] + `…"`
		}
		n++
	}
	return `"` + text + `"`
}

// quoteLong bounds a message that is quoted whole, on one line.
func quoteLong(text string) string {
	return status.Shorten(strings.Join(strings.Fields(text), " "), 300)
}

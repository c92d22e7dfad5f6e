// The snapshot while it is built: pools by name, checked modules, bounded numbers.

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
	// maxName bounds a name or a state in bytes, maxMessage an error text.
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
	return &builder{pools: map[string]int{}, seen: map[moduleKey]int{}, hasOverall: map[overall]bool{}, guessed: guessed}
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
		b.snap.Pools = append(b.snap.Pools, status.Pool{Name: b.name("the name of a pool", "", hostName(x.pool), x.line)})
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
	known := slices.IndexFunc(p.Modules[:min(len(p.Modules), few)], func(k status.Module) bool { return strings.EqualFold(k.Identity, m.Identity) })
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
		b.lose(line, moduleName(m.Identity)+" of pool "+quote(p.Name)+" stands in it more than once, with other states", adviceTwo)
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
	if i := slices.IndexFunc(b.snap.Pools, func(p status.Pool) bool { return p.Name == "" }); i >= 0 && slices.ContainsFunc(b.snap.Pools, isNamed) {
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

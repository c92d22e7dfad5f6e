package report

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

const (
	// healthyPools is how many pools without a problem have a line of their own; more of them are counted.
	healthyPools = 10
	// fewReasons is how many reasons a way's line has. More of them stand with the pools, and in the JSON.
	fewReasons = 20
	// fewEvents is how many events of a pool are shown, eventLimit how many characters of one: what an exception was
	// stands behind three paths.
	fewEvents  = 3
	eventLimit = 500
)

// longOutput says everything, the worst first.
func (r result) longOutput() *lines {
	ls := &lines{}
	if r.unchecked() {
		r.sayAdvice(ls, r.worst) // the first line said the rest
		return ls
	}
	blocks := r.blocks()
	sick := func(b block) bool { return !b.isHealthy() }
	for _, b := range blocks {
		if sick(b) {
			r.sayBlock(ls, b)
		}
	}
	r.sayHealthy(ls, slices.DeleteFunc(blocks, sick))
	for _, note := range r.notes() {
		ls.add(detail, "note: "+note)
	}
	return ls
}

// A block is what stands together: a pair with its pools, a pool of no pair, or a finding that belongs to neither.
type block struct {
	severity thresholds.Severity
	pair     *thresholds.Pair
	findings []thresholds.Finding
	pools    []*thresholds.PoolVerdict
}

// blocks are all there is to say, the worst first.
func (r result) blocks() []block {
	list := make([]block, 0, len(r.Findings)+len(r.Pairs)+len(r.Pools))
	for i, f := range r.Findings {
		list = append(list, block{severity: f.Severity, findings: r.Findings[i : i+1]})
	}
	paired := make(map[*thresholds.PoolVerdict]bool)
	for i := range r.Pairs {
		b := block{severity: thresholds.OK, pair: &r.Pairs[i], findings: r.Pairs[i].Findings}
		// The ways have all that is wrong with it, but for what a pool imports from a partner without a name.
		for _, w := range b.pair.Ways {
			b.severity = thresholds.Worst(b.severity, w.Severity)
		}
		for _, p := range b.pair.Pools {
			if p != nil {
				b.severity = thresholds.Worst(b.severity, p.Severity)
				b.pools = append(b.pools, p)
				paired[p] = true
			}
		}
		list = append(list, b)
	}
	for i := range r.Pools {
		if p := &r.Pools[i]; !paired[p] {
			list = append(list, block{severity: p.Severity, pools: []*thresholds.PoolVerdict{p}})
		}
	}
	slices.SortStableFunc(list, func(a, b block) int { return a.severity.Compare(b.severity) })
	return list
}

// isHealthy reports whether the block is OK without a fault that is set to ok.
func (b block) isHealthy() bool {
	faulty := func(p *thresholds.PoolVerdict) bool { return !isHealthy(p) }
	return b.severity == thresholds.OK && len(b.findings) == 0 && !slices.ContainsFunc(b.pools, faulty)
}

func isHealthy(p *thresholds.PoolVerdict) bool {
	return p.Severity == thresholds.OK && len(p.Findings) == 0
}

// sayBlock says a block. What is wrong with a pair its ways have said.
func (r result) sayBlock(ls *lines, b block) {
	if b.pair != nil {
		r.sayWays(ls, b.pair)
	}
	severity := func(p *thresholds.PoolVerdict) thresholds.Severity { return p.Severity }
	for _, p := range worstFirst(slices.Values(b.pools), severity) {
		r.sayPool(ls, p)
	}
	for e := range findings(b.findings, nil) {
		if b.pair == nil || e.Severity == thresholds.OK {
			r.sayEntry(ls, e)
		}
	}
}

// sayHealthy says what has no problem, or counts the pools; verbose, it says all of them.
func (r result) sayHealthy(ls *lines, blocks []block) {
	pools, modules, pairs := 0, 0, 0
	for _, b := range blocks {
		pools += len(b.pools)
		for _, p := range b.pools {
			modules += counted(p)
		}
		if b.pair != nil {
			pairs++
		}
	}
	if r.Verbose >= 1 || pools <= healthyPools {
		for _, b := range blocks {
			r.sayBlock(ls, b)
		}
		return
	}
	text := plural(pools, "healthy pool") + ", " + plural(modules, "module")
	if r.asksReady() && pairs > 0 {
		text += ", " + plural(pairs, "pair") + " ready to fail over"
	}
	ls.add(healthy, tag(thresholds.OK)+text)
}

// counted is how many modules of a pool count.
func counted(p *thresholds.PoolVerdict) (n int) {
	for i := range p.Modules {
		if !p.Modules[i].Ignored {
			n++
		}
	}
	return n
}

// sayWays says each way of a pair in a line, the worse first, and what to do about it.
func (r result) sayWays(ls *lines, pair *thresholds.Pair) {
	severity := func(w thresholds.Way) thresholds.Severity { return w.Severity }
	for _, w := range worstFirst(slices.Values(pair.Ways), severity) {
		few := w.Problems[:min(len(w.Problems), fewReasons)]
		var reasons []string
		for _, p := range few {
			reasons = append(reasons, r.wayReason(p))
		}
		if more := len(w.Problems) - len(few); more > 0 {
			reasons = append(reasons, "and "+thousands(more)+" more")
		}
		text := strings.Join(reasons, "; ")
		switch {
		case w.Ready:
			text = "ready to fail over (" + plural(w.Modules, "module") + " healthy)"
		case len(few) == 0:
			text = plural(w.Modules, "module") + " healthy"
		case r.asksReady():
			text = "not ready to fail over: " + text
		}
		ls.add(rankOf(w.Severity), tag(w.Severity)+wayTitle(w)+": "+text)
		for _, p := range few {
			r.sayAdvice(ls, entry(p))
		}
	}
}

// wayReason says a problem behind the title of its way, so the pools have no need to be named where it is about both,
// or about a module that the one exports or the other imports.
func (r result) wayReason(p thresholds.Problem) string {
	e := entry(p)
	if e.Module != nil || e.Finding.Partner != "" && !e.is(thresholds.ModuleUnpaired, thresholds.NoPartner) {
		return r.explain(e).what
	}
	return r.explain(e).String()
}

// sayPool says a pool, and what is said of it; one that is healthy among others in a line alone.
func (r result) sayPool(ls *lines, p *thresholds.PoolVerdict) {
	text := tag(p.Severity) + r.poolLine(p)
	if isHealthy(p) && len(r.Pools) > 1 && r.Verbose == 0 {
		ls.add(healthy, text+": "+plural(counted(p), "module")+" healthy")
		return
	}
	ls.add(rankOf(p.Severity), text)
	sayEvents(ls, p, nil)
	for _, e := range worstFirst(entriesOf(p), func(e entry) thresholds.Severity { return e.Severity }) {
		r.sayEntry(ls, e)
	}
}

// poolLine is the pool and the age of its status; verbose, also where that came from.
func (r result) poolLine(p *thresholds.PoolVerdict) string {
	text := title(p)
	switch age, known := trueAge(p); {
	case p.CollectedAt.IsZero():
		text += ", age not known"
	case !known:
		text += ", dated " + duration(-p.Age) + " into the future"
	case p.Age < 0:
		text += ", collected just now"
	default:
		text += ", collected " + duration(age) + " ago"
	}
	add := func(what, value string) {
		if value != "" {
			text += ", " + what + " " + value
		}
	}
	if r.Verbose >= 1 {
		add("from", clean(strings.Join(p.Origins, ", "), messageLimit))
		add("backup pool", clean(p.Backup, nameLimit))
	}
	if r.Verbose >= 2 {
		add("service active on", clean(p.ActiveMachine, nameLimit))
		if !p.CollectedAt.IsZero() {
			add("dated", p.CollectedAt.UTC().Format("2006-01-02 15:04:05Z"))
		}
		add("collected on", clean(p.Host, nameLimit))
		add("PowerShell module", clean(p.PSModule, nameLimit))
		add("collector", clean(p.Collector, nameLimit))
	}
	return text
}

// sayEntry says a finding or a module in a line, of a pool's below that of the pool, and below it what to do.
func (r result) sayEntry(ls *lines, e entry) {
	var text string
	switch {
	case e.Module != nil:
		text = moduleName(e.Module) + ": " + r.stateText(e, status.Export) + ", " + r.stateText(e, status.Import)
	case e.Pool != nil:
		text = r.explain(e).what
	default:
		text = r.explain(e).String()
	}
	if e.Module != nil && e.Module.Ignored {
		ls.add(healthy, text+" (ignored)")
	} else {
		ls.add(rankOf(e.Severity), tag(e.Severity)+text)
		r.sayAdvice(ls, e)
	}
	if e.Module != nil {
		sayEvents(ls, e.Pool, e.Module)
	}
}

// A tracer is an error that knows where in the code it was made: a panic.
type tracer interface {
	error
	Trace() string
}

// sayAdvice says what to do about an entry; of a panic it says where, when asked to say a lot.
func (r result) sayAdvice(ls *lines, e entry) {
	m := r.explain(e)
	for _, advice := range m.advice {
		ls.once(advice)
	}
	if m.taskError != "" {
		ls.once("the scheduled task says: " + m.taskError)
	}
	if e.Finding == nil || r.Verbose < 2 {
		return
	}
	if trace, ok := errors.AsType[tracer](e.Finding.Err); ok {
		for l := range strings.Lines(trace.Trace()) {
			ls.add(detail, "    "+clean(l, messageLimit))
		}
	}
}

// sayEvents says the newest events of a pool: those that name a module of it, or with nil those that name none.
func sayEvents(ls *lines, p *thresholds.PoolVerdict, m *thresholds.ModuleVerdict) {
	for _, event := range p.Events[:min(len(p.Events), fewEvents)] {
		names := func(m thresholds.ModuleVerdict) bool {
			return event.Module != "" && strings.EqualFold(m.Identity, event.Module)
		}
		if m != nil && names(*m) || m == nil && !slices.ContainsFunc(p.Modules, names) {
			ls.once(eventText(event))
		}
	}
}

func eventText(event thresholds.Event) string {
	text := "event " + strconv.Itoa(event.ID)
	if event.Level != "" {
		text += ", " + clean(event.Level, nameLimit)
	}
	if event.At.IsZero() {
		text += ", date not known"
	} else {
		text += ", " + duration(event.Age) + " ago"
	}
	if event.Machine != "" {
		text += " on " + clean(event.Machine, nameLimit)
	}
	if event.Text != "" {
		text += ": " + clean(event.Text, eventLimit)
	}
	return text
}

// A rank says what is left out first when the output is too long.
type rank int

const (
	healthy rank = iota // what is in order
	detail              // what to do, where it came from
	problem             // what is wrong
)

func rankOf(s thresholds.Severity) rank {
	if s == thresholds.OK {
		return healthy
	}
	return problem
}

func tag(s thresholds.Severity) string { return "[" + s.String() + "] " }

// lines is the long output, line by line.
type lines struct {
	list []line
	// said has what was said once: nobody reads it twice.
	said map[string]bool
}

type line struct {
	rank rank
	text string
}

func (l line) size() int { return len(l.text) + len(nagios.CheckOutputEOL) }

func (ls *lines) add(r rank, text string) { ls.list = append(ls.list, line{r, text}) }

// once adds an indented line, unless there is the same one already.
func (ls *lines) once(text string) {
	if text == "" || ls.said[text] {
		return
	}
	if ls.said == nil {
		ls.said = make(map[string]bool)
	}
	ls.said[text] = true
	ls.add(detail, "    "+text)
}

// fit returns the lines that fit into a number of bytes: what is healthy is left out first, then the details, then
// problems from the end. A last line says how many were left out.
func (ls *lines) fit(budget int) []string {
	const reserve = 100 // for that last line
	room := 0
	for _, l := range ls.list {
		room += l.size()
	}
	if room > budget {
		room = budget - reserve
	}
	keep, left := make([]bool, len(ls.list)), 0
	for r := problem; r >= healthy; r-- {
		for i, l := range ls.list {
			switch {
			case l.rank != r:
			case l.size() <= room:
				keep[i] = true
				room -= l.size()
			default:
				left++
				room = 0 // nothing smaller from further down jumps the queue
			}
		}
	}
	var kept []string
	for i, l := range ls.list {
		if keep[i] {
			kept = append(kept, l.text)
		}
	}
	if left > 0 {
		kept = append(kept, plural(left, "more line")+" left out to keep the output short: see --output json")
	}
	return kept
}

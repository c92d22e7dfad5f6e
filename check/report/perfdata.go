package report

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// PerfData is how much performance data there is.
type PerfData string

// The choices. Counts of modules, the age and the run time are in all of them but the last.
const (
	PerfModules PerfData = "modules" // the state of each direction of each module
	PerfPools   PerfData = "pools"   // the worst state of each pool
	PerfCounts  PerfData = "counts"  // no more than that
	PerfNone    PerfData = "none"    // nothing at all
)

// perfBudget is how many bytes of performance data there are at most, and perfReserve what is set aside of it for the
// metrics that are always there: their values have no fixed length, and what else is shown must not depend on them.
const (
	perfBudget  = 4 << 10
	perfReserve = 400
	perfRoom    = perfBudget - perfReserve
)

// The labels that are not made of a name. What is counted has a severity behind countLabel.
const (
	countLabel     = "modules_"
	ageLabel       = "age"
	timeLabel      = "time"
	unhealthyLabel = "unhealthy"
)

// perfdata renders the performance data, what is always there in front: a packet that is too small loses the end.
//
// What doesn't fit as a whole gives way: the states of modules to one for each pool, and those to none at all. Which it
// is depends on the labels alone, so that a graph doesn't lose its data when a state changes.
func (r result) perfdata() string {
	if r.PerfData == PerfNone || r.unchecked() {
		return ""
	}
	choices := []iter.Seq2[string, thresholds.Severity]{r.moduleStates, r.poolStates}
	switch r.PerfData {
	case PerfPools:
		choices = choices[1:]
	case PerfCounts:
		choices = nil
	}
	list := r.fixedMetrics()
	for _, states := range choices {
		if ms := r.metrics(states); ms.size <= perfRoom {
			list = append(list, ms.list...)
			break
		}
	}
	var b strings.Builder
	for _, m := range list {
		if m.rank >= 0 {
			b.WriteString(m.String())
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}

// fixedMetrics are there whatever the labels: how many modules have which state, the age and the run time.
func (r result) fixedMetrics() []metric {
	var list []metric
	add := func(m nagios.PerformanceData) { list = append(list, metric{PerformanceData: m}) }
	for _, s := range severities {
		add(nagios.PerformanceData{
			Label: countLabel + strings.ToLower(s.String()), Value: strconv.Itoa(r.modules[s]), Min: "0",
		})
	}
	if age, known := r.oldest(); known {
		m := nagios.PerformanceData{Label: ageLabel, Value: seconds(age.Truncate(time.Second)), UnitOfMeasurement: "s"}
		switch {
		case r.MaxAge == 0:
		case r.OnStale == thresholds.Warning:
			m.Warn = seconds(r.MaxAge)
		case r.OnStale == thresholds.Critical:
			m.Crit = seconds(r.MaxAge)
		}
		add(m)
	}
	runTime := strconv.FormatFloat(r.RunTime.Seconds(), 'f', 3, 64)
	add(nagios.PerformanceData{Label: timeLabel, Value: runTime, UnitOfMeasurement: "s", Min: "0"})
	return list
}

// seconds writes a time span as engines read it.
func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// oldest is the greatest age of any pool's status.
func (r result) oldest() (oldest time.Duration, known bool) {
	for i := range r.Pools {
		if age, ok := trueAge(&r.Pools[i]); ok {
			oldest, known = max(oldest, age), true
		}
	}
	return oldest, known
}

// A metricList is numbers under labels. Of two with the same label the greater counts.
type metricList struct {
	list  []metric
	index map[string]int
	size  int // bytes, however long the values are
}

type metric struct {
	nagios.PerformanceData
	rank int64 // of its value; less than 0 where there is none, then it takes its room, and is not printed
}

func (ms *metricList) add(m nagios.PerformanceData, longest string, rank int64) {
	i, known := ms.index[m.Label]
	switch {
	case known && rank > ms.list[i].rank:
		ms.list[i] = metric{m, rank}
	case !known:
		ms.index[m.Label] = len(ms.list)
		ms.list = append(ms.list, metric{m, rank})
		m.Value = longest
		ms.size += len(m.String())
	}
}

// metrics are states under their labels, and for how long each pool is unhealthy. It ends early once they don't fit:
// how much they don't is of no interest.
func (r result) metrics(states iter.Seq2[string, thresholds.Severity]) metricList {
	ms := metricList{index: make(map[string]int)}
	for label, s := range states {
		// Above 0 it is at least a warning, above 1 critical or unknown: that is to be drawn.
		ms.add(nagios.PerformanceData{
			Label: label, Value: strconv.Itoa(s.Code()), Warn: "0", Crit: "1", Min: "0", Max: "3",
		}, "0", int64(thresholds.OK.Compare(s)))
		if ms.size > perfRoom {
			return ms
		}
	}
	if !r.Times {
		return ms
	}
	crit := ""
	if after, ok := thresholds.One(r.Critical); ok {
		crit = seconds(after)
	}
	for i := range r.Pools {
		p := &r.Pools[i]
		// A pool of which nothing is known takes its room, so that what is shown depends on labels alone.
		longest, rank := "9223372036", int64(-1) // seconds, of a time.Duration
		if p.UnhealthyKnown {
			rank = int64(p.Unhealthy.Seconds())
		}
		ms.add(nagios.PerformanceData{
			Label: r.prefix(p) + unhealthyLabel, Value: strconv.FormatInt(rank, 10), UnitOfMeasurement: "s",
			Crit: crit, Min: "0",
		}, longest, rank)
	}
	return ms
}

// moduleStates are the labels and severities of all modules that count, of each pool those behind them that are absent
// and were expected by name.
func (r result) moduleStates(yield func(string, thresholds.Severity) bool) {
	for i := range r.Pools {
		p := &r.Pools[i]
		both := func(identity string, exports, imports thresholds.Severity) bool {
			text := r.prefix(p) + moduleLabel(identity) + "_"
			return yield(text+status.Export.String(), exports) && yield(text+status.Import.String(), imports)
		}
		for _, m := range p.Modules {
			exports, imports := m.Directions[status.Export].Severity, m.Directions[status.Import].Severity
			if !m.Ignored && !both(m.Identity, exports, imports) {
				return
			}
		}
		for _, f := range p.Findings {
			if f.Kind == thresholds.ModuleMissing && thresholds.Pattern(f.Module).IsName() &&
				!both(f.Module, f.Severity, f.Severity) {
				return
			}
		}
	}
}

// poolStates are the labels and severities of all pools, also of those that were asked for and are absent.
func (r result) poolStates(yield func(string, thresholds.Severity) bool) {
	for i := range r.Pools {
		if p := &r.Pools[i]; !yield(poolLabel(poolName(p)), p.Severity) {
			return
		}
	}
	for _, f := range r.Findings {
		if f.Kind == thresholds.PoolMissing && !yield(poolLabel(f.Pool), f.Severity) {
			return
		}
	}
}

// prefix stands in front of what is measured of a pool, where that is to be told from the same of others.
func (r result) prefix(p *thresholds.PoolVerdict) string {
	if r.Prefix {
		return label(poolName(p)) + "_"
	}
	return ""
}

// moduleLabel is the last part of the name for the modules that are documented (docs/service.md): that is what people
// call them. Any other module has its whole name, so that its label does not depend on which others are there.
func moduleLabel(identity string) string {
	for _, known := range status.Modules {
		if strings.EqualFold(identity, known) {
			return label(known[strings.LastIndexByte(known, '.')+1:])
		}
	}
	return label(identity)
}

// poolLabel is the label of a pool's own metric, which is never one of those that are always there.
func poolLabel(name string) string {
	text := label(name)
	if text == ageLabel || text == timeLabel || text == unhealthyLabel || strings.HasPrefix(text, countLabel) {
		return "pool_" + text
	}
	return text
}

// label makes a performance data label, or a part of one, out of a name from outside: lower-case ASCII letters,
// digits, hyphens and underscores, which no engine and no database turns into something else. Engines choke on = and '
// and ::, graphs on blanks, and Graphite makes folders of dots.
func label(name string) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-':
			return r
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		default:
			return '_'
		}
	}, status.Shorten(name, nameLimit))
	if text == "" {
		return "unnamed"
	}
	return text
}

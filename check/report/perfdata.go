package report

import (
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

// perfdata renders the performance data, what is always there in front: a packet that is too small loses the end.
//
// What doesn't fit as a whole gives way: the states of modules to one for each pool, and those to none at all. Which it
// is depends on the labels alone, so that a graph doesn't lose its data when a state changes.
func (r result) perfdata() string {
	if r.PerfData == PerfNone || r.unchecked() {
		return ""
	}
	var b strings.Builder
	for _, m := range r.fixedMetrics() {
		b.WriteString(m.String())
	}
	choices := []func() metricList{r.moduleMetrics, r.poolMetrics}
	switch r.PerfData {
	case PerfPools:
		choices = choices[1:]
	case PerfCounts:
		choices = nil
	}
	for _, choice := range choices {
		if ms := choice(); ms.size <= perfRoom {
			b.WriteString(ms.String())
			break
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}

// fixedMetrics are there whatever the labels: how many modules have which state, the age and the run time.
func (r result) fixedMetrics() []nagios.PerformanceData {
	var metrics []nagios.PerformanceData
	counts := count(r.sections...)
	for _, s := range severities {
		metrics = append(metrics, nagios.PerformanceData{
			Label: countLabel + strings.ToLower(s.String()), Value: strconv.Itoa(counts[s]), Min: "0",
		})
	}
	if age, known := r.oldest(); known {
		metric := nagios.PerformanceData{
			Label: ageLabel, Value: strconv.FormatInt(int64(age.Seconds()), 10), UnitOfMeasurement: "s",
		}
		if r.MaxAge > 0 {
			limit := strconv.FormatFloat(r.MaxAge.Seconds(), 'f', -1, 64)
			switch r.OnStale {
			case thresholds.Warning:
				metric.Warn = limit
			case thresholds.Critical:
				metric.Crit = limit
			}
		}
		metrics = append(metrics, metric)
	}
	return append(metrics, nagios.PerformanceData{
		Label: timeLabel, Value: strconv.FormatFloat(r.RunTime.Seconds(), 'f', 3, 64), UnitOfMeasurement: "s", Min: "0",
	})
}

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
		if ms.index == nil {
			ms.index = make(map[string]int)
		}
		ms.index[m.Label] = len(ms.list)
		ms.list = append(ms.list, metric{m, rank})
		m.Value = longest
		ms.size += len(m.String())
	}
}

// addState adds a service state. Above 0 it is at least a warning, above 1 critical or unknown: that is to be drawn.
func (ms *metricList) addState(label string, s thresholds.Severity) {
	ms.add(nagios.PerformanceData{
		Label: label, Value: strconv.Itoa(s.Code()), Warn: "0", Crit: "1", Min: "0", Max: "3",
	}, "0", int64(thresholds.OK.Compare(s)))
}

// String returns the metrics with a blank in front of each.
func (ms *metricList) String() string {
	var b strings.Builder
	for _, m := range ms.list {
		if m.rank >= 0 {
			b.WriteString(m.PerformanceData.String())
		}
	}
	return b.String()
}

// directions are the labels and severities of all modules that count, of each pool those behind them that are absent
// and were expected by name.
func (r result) directions(yield func(string, thresholds.Severity) bool) {
	both := func(p *thresholds.PoolVerdict, identity string, export, imports thresholds.Severity) bool {
		return yield(r.directionLabel(p, identity, status.Export), export) &&
			yield(r.directionLabel(p, identity, status.Import), imports)
	}
	for _, s := range r.sections {
		var absent []entry
		for _, e := range s.entries {
			switch {
			case s.pool == nil:
			case e.is(thresholds.ModuleMissing) && thresholds.Pattern(e.finding.Module).IsName():
				absent = append(absent, e)
			case e.counts() && !both(s.pool, e.module.Identity, e.module.Directions[status.Export].Severity,
				e.module.Directions[status.Import].Severity):
				return
			}
		}
		for _, e := range absent {
			if !both(s.pool, e.finding.Module, e.severity, e.severity) {
				return
			}
		}
	}
}

// moduleMetrics and poolMetrics end early once they don't fit: how much they don't is of no interest.
func (r result) moduleMetrics() metricList {
	var ms metricList
	for label, severity := range r.directions {
		if ms.addState(label, severity); ms.size > perfRoom {
			return ms
		}
	}
	r.addUnhealthy(&ms)
	return ms
}

func (r result) poolMetrics() metricList {
	var ms metricList
	for i := range r.Pools {
		p := &r.Pools[i]
		if ms.addState(poolLabel(poolName(p)), p.Severity); ms.size > perfRoom {
			return ms
		}
	}
	for _, f := range r.Findings {
		if f.Kind == thresholds.PoolMissing {
			ms.addState(poolLabel(f.Pool), f.Severity)
		}
	}
	r.addUnhealthy(&ms)
	return ms
}

// addUnhealthy adds for how long the longest of each pool's directions is unhealthy. A pool of which nothing is known
// takes its room, so that what is shown depends on labels alone.
func (r result) addUnhealthy(ms *metricList) {
	if !r.Times {
		return
	}
	crit := ""
	if after, ok := thresholds.One(r.Critical); ok {
		crit = strconv.FormatFloat(after.Seconds(), 'f', -1, 64)
	}
	for i := range r.Pools {
		p := &r.Pools[i]
		rank := int64(-1)
		if p.UnhealthyKnown {
			rank = int64(p.Unhealthy.Seconds())
		}
		const longest = "9223372036" // seconds, of a time.Duration
		ms.add(nagios.PerformanceData{
			Label: r.prefix(p) + unhealthyLabel, Value: strconv.FormatInt(rank, 10), UnitOfMeasurement: "s",
			Crit: crit, Min: "0",
		}, longest, rank)
	}
}

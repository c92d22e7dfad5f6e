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
)

// perfdata renders the performance data, what is always there in front: a packet that is too small loses the end.
//
// Metrics for modules that don't fit as a whole give way to one for each pool, and those to none at all. Which it is
// depends on the labels alone, so that a graph doesn't lose its data when a state changes.
func (r result) perfdata() string {
	if r.PerfData == PerfNone || r.unchecked() {
		return ""
	}
	var b strings.Builder
	for _, m := range r.fixedMetrics() {
		b.WriteString(m.String())
	}
	choices := []func() stateMetrics{r.moduleMetrics, r.poolMetrics}
	switch r.PerfData {
	case PerfPools:
		choices = choices[1:]
	case PerfCounts:
		choices = nil
	}
	for _, choice := range choices {
		if states := choice(); states.fit() {
			b.WriteString(states.String())
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

// moduleMetrics and poolMetrics end early once they don't fit: how much they don't is of no interest.
func (r result) moduleMetrics() stateMetrics {
	var ms stateMetrics
	for _, s := range r.sections {
		if s.pool == nil {
			continue
		}
		prefix := ""
		if r.Prefix {
			prefix = label(poolName(s.pool)) + "_"
		}
		add := func(identity string, export, imports thresholds.Severity) {
			name := prefix + moduleLabel(identity) + "_"
			ms.add(name+status.Export.String(), export)
			ms.add(name+status.Import.String(), imports)
		}
		for _, e := range s.entries {
			if e.counts() {
				add(e.module.Identity, e.module.Directions[status.Export].Severity, e.module.Directions[status.Import].Severity)
			}
			if !ms.fit() {
				return ms
			}
		}
		for _, e := range s.entries {
			if e.is(thresholds.ModuleMissing) && thresholds.Pattern(e.finding.Module).IsName() {
				add(e.finding.Module, e.severity, e.severity)
			}
		}
	}
	return ms
}

func (r result) poolMetrics() stateMetrics {
	var ms stateMetrics
	for i := range r.Pools {
		p := &r.Pools[i]
		if ms.add(poolLabel(poolName(p)), p.Severity); !ms.fit() {
			return ms
		}
	}
	for _, f := range r.Findings {
		if f.Kind == thresholds.PoolMissing {
			ms.add(poolLabel(f.Pool), f.Severity)
		}
	}
	return ms
}

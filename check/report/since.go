package report

import (
	"slices"
	"strconv"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// since says for how long a direction of a module is unhealthy, behind its word; empty where that is not known, or it does
// not count.
func since(e entry, d status.Direction) string {
	if v := e.module.Directions[d]; !v.Since.IsZero() {
		return ", unhealthy for at least " + duration(v.For)
	}
	return ""
}

// isHealthy reports whether the section is OK without a fault that is set to ok.
func (s section) isHealthy() bool {
	return s.severity == thresholds.OK && !slices.ContainsFunc(s.entries, func(e entry) bool { return e.finding != nil })
}

// isHealthy is the same of all that stands together.
func (b block) isHealthy() bool {
	return b.severity == thresholds.OK && !slices.ContainsFunc(b.sections, func(s section) bool { return !s.isHealthy() })
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
			Label: r.prefix(p) + unhealthyLabel, Value: strconv.FormatInt(rank, 10), UnitOfMeasurement: "s", Crit: crit, Min: "0",
		}, longest, rank)
	}
}

package report

import (
	"strconv"
	"strings"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// unhealthyEnding stands behind the label of a direction's state.
const unhealthyEnding = "_unhealthy"

// timeMetrics are for how many seconds each direction is unhealthy. Of two with the same label the longer time counts.
// One whose time is not known takes its room all the same: what fits must depend on labels alone.
type timeMetrics struct {
	list       []timeMetric
	index      map[string]int
	warn, crit string
	size       int // bytes
}

type timeMetric struct {
	label string
	thresholds.Lasting
}

func (ms *timeMetrics) add(label string, l thresholds.Lasting) {
	if i, has := ms.index[label]; has {
		if old := ms.list[i]; l.Known && (!old.Known || l.For > old.For) {
			ms.list[i].Lasting = l
		}
		return
	}
	if ms.index == nil {
		ms.index = make(map[string]int)
	}
	ms.index[label] = len(ms.list)
	ms.list = append(ms.list, timeMetric{label, l})
	const longest = "9223372036" // seconds, of a time.Duration
	ms.size += len(label) + len(" ''="+longest+"s;;;0;") + len(ms.warn) + len(ms.crit)
}

// String returns the metrics with a blank in front of each.
func (ms *timeMetrics) String() string {
	var b strings.Builder
	for _, m := range ms.list {
		if m.Known {
			b.WriteString(nagios.PerformanceData{
				Label: m.label, Value: strconv.FormatInt(int64(m.For.Seconds()), 10), UnitOfMeasurement: "s",
				Warn: ms.warn, Crit: ms.crit, Min: "0",
			}.String())
		}
	}
	return b.String()
}

// moduleTimes are the times of the modules that have metrics for their states; none where they don't all fit.
func (r result) moduleTimes(room int) timeMetrics {
	ms := timeMetrics{warn: plainLimit(r.Warning), crit: plainLimit(r.Critical)}
	for _, s := range r.sections {
		if s.pool == nil {
			continue
		}
		add := func(identity string, lasting [2]thresholds.Lasting) {
			for d, l := range lasting {
				ms.add(r.directionLabel(s.pool, identity, status.Direction(d))+unhealthyEnding, l)
			}
		}
		for _, e := range s.entries {
			if e.counts() {
				add(e.module.Identity, e.module.Lasting)
			}
		}
		for _, e := range s.entries {
			if e.isMissingName() {
				add(e.finding.Module, [2]thresholds.Lasting{})
			}
		}
		if ms.size > room {
			return timeMetrics{}
		}
	}
	return ms
}

// plainLimit is a range as a threshold to draw. Only one that is a plain number is drawn.
func plainLimit(r *thresholds.Range) string {
	if r != nil {
		if limit, plain := r.Limit(); plain {
			return strconv.FormatFloat(limit, 'f', -1, 64)
		}
	}
	return ""
}

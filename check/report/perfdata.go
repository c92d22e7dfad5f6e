package report

import (
	"strconv"
	"strings"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// perfBudget is how many bytes of performance data there are at most, and perfReserve what is set aside of it for the
// metrics that are always there: their values have no fixed length, and what else is shown must not depend on them.
const (
	perfBudget  = 4 << 10
	perfReserve = 400
)

// perfdata renders the performance data. It holds one metric for each direction of each module; where those don't
// fit, one for each pool; where those don't fit either, only the counts. Which of the three it is depends on the
// labels alone, so that a graph doesn't lose its data when a state changes.
func perfdata(j thresholds.Judgement, o Options) string {
	states := moduleMetrics(j, o)
	if !states.fit() {
		states = poolMetrics(j)
	}
	if !states.fit() {
		states = stateMetrics{}
	}
	var b strings.Builder
	for _, m := range states.list {
		// Thresholds to draw: above 0 it is at least a warning, above 1 critical or unknown.
		b.WriteString(nagios.PerformanceData{
			Label: m.label, Value: strconv.Itoa(m.state.Code()), Warn: "0", Crit: "1", Min: "0", Max: "3",
		}.String())
	}
	for _, m := range fixedMetrics(j, o) {
		b.WriteString(m.String())
	}
	return strings.TrimPrefix(b.String(), " ")
}

// stateMetrics are metrics whose value is a service state. Of two with the same label the worse counts.
type stateMetrics struct {
	list  []stateMetric
	index map[string]int
	size  int // bytes
}

type stateMetric struct {
	label string
	state thresholds.Severity
}

func (ms *stateMetrics) add(label string, state thresholds.Severity) {
	if i, known := ms.index[label]; known {
		ms.list[i].state = thresholds.Worst(ms.list[i].state, state)
		return
	}
	if ms.index == nil {
		ms.index = make(map[string]int)
	}
	ms.index[label] = len(ms.list)
	ms.list = append(ms.list, stateMetric{label, state})
	ms.size += len(label) + len(" ''=0;0;1;0;3")
}

func (ms *stateMetrics) fit() bool { return ms.size <= perfBudget-perfReserve }

// moduleMetrics and poolMetrics end early once they don't fit: how much they don't is of no interest.
func moduleMetrics(j thresholds.Judgement, o Options) stateMetrics {
	var ms stateMetrics
	for _, p := range j.Pools {
		prefix := ""
		if o.Several || len(j.Pools) > 1 {
			prefix = label(title(p)) + "_"
		}
		add := func(identity string, export, imports thresholds.Severity) {
			name := prefix + moduleLabel(identity) + "_"
			ms.add(name+status.Export.String(), export)
			ms.add(name+status.Import.String(), imports)
		}
		for _, m := range p.Modules {
			if !m.Ignored {
				add(m.Identity, m.Directions[status.Export].Severity, m.Directions[status.Import].Severity)
			}
			if !ms.fit() {
				return ms
			}
		}
		for _, f := range p.Findings {
			if f.Kind == thresholds.ModuleMissing && thresholds.Pattern(f.Module).IsName() {
				add(f.Module, f.Severity, f.Severity)
			}
		}
	}
	return ms
}

func poolMetrics(j thresholds.Judgement) stateMetrics {
	var ms stateMetrics
	for _, p := range j.Pools {
		if ms.add(label(title(p)), p.Severity); !ms.fit() {
			break
		}
	}
	return ms
}

// fixedMetrics are there whatever the labels: how many modules have which state, the age and the run time.
func fixedMetrics(j thresholds.Judgement, o Options) []nagios.PerformanceData {
	var metrics []nagios.PerformanceData
	counts := count(j.Pools...)
	for _, s := range []thresholds.Severity{thresholds.OK, thresholds.Warning, thresholds.Critical, thresholds.Unknown} {
		metrics = append(metrics, nagios.PerformanceData{
			Label: "modules_" + strings.ToLower(s.String()), Value: strconv.Itoa(counts[s]), Min: "0",
		})
	}
	if age, known := oldest(j); known {
		metric := nagios.PerformanceData{Label: "age", Value: strconv.FormatInt(int64(age.Seconds()), 10), UnitOfMeasurement: "s"}
		if o.MaxAge > 0 {
			limit := strconv.FormatFloat(o.MaxAge.Seconds(), 'f', -1, 64)
			switch o.OnStale {
			case thresholds.Warning:
				metric.Warn = limit
			case thresholds.Critical:
				metric.Crit = limit
			}
		}
		metrics = append(metrics, metric)
	}
	return append(metrics, nagios.PerformanceData{
		Label: "time", Value: strconv.FormatFloat(o.RunTime.Seconds(), 'f', 3, 64), UnitOfMeasurement: "s", Min: "0",
	})
}

// moduleLabel is the last part of the name for the modules that are documented (DOMAIN.md), since that is what people
// call them and tells them apart in the first characters; any other module has its whole name, so that its label does
// not depend on which others are there.
func moduleLabel(identity string) string {
	for _, known := range []string{
		"UserServices.PresenceFocus", "ConfServices.DataConf", status.CMSMaster,
		"ApplicationServer.RGSDataStore", "ApplicationServer.RGSFileStore",
	} {
		if strings.EqualFold(identity, known) {
			return label(known[strings.LastIndexByte(known, '.')+1:])
		}
	}
	return label(identity)
}

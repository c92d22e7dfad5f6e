package report

import (
	"strconv"
	"strings"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// The labels of the metrics that are always there. What is counted has a severity behind countLabel.
const (
	countLabel = "modules_"
	ageLabel   = "age"
	timeLabel  = "time"
)

// stateMetrics are metrics whose value is a service state. Of two with the same label the worse counts.
type stateMetrics struct {
	list  []stateMetric
	index map[string]int
	size  int // bytes, without the times
	// times stand behind them.
	times timeMetrics
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

// String returns the metrics with a blank in front of each.
func (ms *stateMetrics) String() string {
	var b strings.Builder
	for _, m := range ms.list {
		// Thresholds to draw: above 0 it is at least a warning, above 1 critical or unknown.
		b.WriteString(nagios.PerformanceData{
			Label: m.label, Value: strconv.Itoa(m.state.Code()), Warn: "0", Crit: "1", Min: "0", Max: "3",
		}.String())
	}
	return b.String() + ms.times.String()
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
	if text == ageLabel || text == timeLabel || strings.HasPrefix(text, countLabel) {
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
	}, cut(name, nameLimit))
	if text == "" {
		return "unnamed"
	}
	return text
}

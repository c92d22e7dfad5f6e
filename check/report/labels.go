package report

import (
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// The labels of the metrics that are always there. What is counted has a severity behind countLabel.
const (
	countLabel = "modules_"
	ageLabel   = "age"
	timeLabel  = "time"
)

// unhealthyLabel is the label of a pool's metric of how long it is unhealthy.
const unhealthyLabel = "unhealthy"

// directionLabel is the label of the state of one direction of a module.
func (r result) directionLabel(p *thresholds.PoolVerdict, identity string, d status.Direction) string {
	text := moduleLabel(identity) + "_" + d.String()
	return r.prefix(p) + text
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

// Package report turns a verdict into what the plugin prints. It is pure, and it owns all that the plugin says of a
// status. How it says things:
//
//   - The first line says which pool, which module, what is wrong; behind its one | stands the performance data.
//   - The lines below say it all, the worst first, each with its [STATE]; an indented line says what to do.
//   - Lower-case, no full stop; an advice is apart from what is wrong.
//   - Nothing that came from outside is printed without clean or label.
package report

import (
	"strings"
	"time"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/thresholds"
)

// Options say how to report. None of them changes the verdict.
type Options struct {
	// Format is Nagios or JSON.
	Format Format
	// Verbose adds detail to the long output, 0 to 3. It never changes the performance data.
	Verbose int
	// Several says that more than one pool or source was asked for, so that labels start with the pool.
	Several bool
	// Prefix says that labels start with the pool: anything but exactly one --pool without --pair.
	Prefix bool
	// PerfData is how much performance data there is.
	PerfData PerfData
	// MaxAge and OnStale are drawn as the threshold of the age.
	MaxAge  time.Duration
	OnStale thresholds.Severity
	// RunTime is how long the check took.
	RunTime time.Duration
	// Version is the plugin's.
	Version string
}

// A Format is a way to print the result.
type Format string

// The formats.
const (
	Nagios Format = "nagios"
	JSON   Format = "json"
)

// PerfData is how much performance data there is.
type PerfData string

// Performance data of each module, of each pool, of the counts alone, or none.
const (
	PerfModules PerfData = "modules"
	PerfPools   PerfData = "pools"
	PerfCounts  PerfData = "counts"
	PerfNone    PerfData = "none"
)

// outputBudget is how many bytes of plugin output there are at most: passive results and many databases cut at 8 KiB
// (ENGINES.md). At -vvv somebody wants all of it.
const (
	outputBudget        = 8 << 10
	outputBudgetVerbose = 64 << 10
)

// Render returns what to print; the exit code is j.Severity.Code().
func Render(j thresholds.Judgement, o Options) string {
	if o.Format == JSON {
		return renderJSON(j, o)
	}
	var b strings.Builder
	b.WriteString("CS BACKUP " + j.Severity.String() + " - " + summary(j, o))
	if !unchecked(j) {
		b.WriteString(" | " + perfdata(j, o))
	}
	b.WriteString(nagios.CheckOutputEOL)
	budget := outputBudget
	if o.Verbose >= 3 {
		budget = outputBudgetVerbose
	}
	for _, line := range longOutput(j, o).cut(budget - b.Len()) {
		b.WriteString(line + nagios.CheckOutputEOL)
	}
	return b.String()
}

// unchecked reports whether no check was made at all, so that there is nothing to measure.
func unchecked(j thresholds.Judgement) bool {
	return len(j.Pools) == 0 && len(j.Findings) == 1 &&
		(j.Findings[0].Kind == thresholds.WrongUse || j.Findings[0].Kind == thresholds.PluginFailed)
}

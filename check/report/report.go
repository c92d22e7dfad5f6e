// Package report turns a verdict into what the plugin prints. It is pure: no clock, no files.
//
// The judgement is a row of entries, each a finding or a module (entries.go); the first line (summary.go), the lines
// below it (longoutput.go), the JSON (json.go) and the performance data (perfdata.go) are four views of it.
//
// Who owns the words: what is said of pools, modules, states and findings stands here, in advice.go and words.go. A
// status.Loss, and whatever else a finding has as its error, brings its own text and advice: what was met
// in a file or on the way to a host, and what to do about it, only the package knows that met it. Here it is made fit
// for the output and put in its place.
//
// How things are said:
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
	// PerfData is how much performance data there is; empty means PerfModules.
	PerfData PerfData
	// Prefix says that the labels of modules start with the pool. It comes from the command line alone, so that no
	// label changes with what was read.
	Prefix bool
	// MaxAge and OnStale are drawn as the threshold of the age.
	MaxAge  time.Duration
	OnStale thresholds.Severity
	// Times says that there is performance data on how long a pool is unhealthy. Where one of Critical is for all
	// modules, it is drawn as its threshold.
	Times    bool
	Critical []thresholds.Limit
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

// outputBudget is how many bytes of plugin output there are at most: passive results and many databases cut at 8 KiB
// (docs/engines.md, Sizes). At -vvv somebody wants all of it.
const (
	outputBudget        = 8 << 10
	outputBudgetVerbose = 64 << 10
)

// A result is a judgement, how to report it, and what there is to count.
type result struct {
	thresholds.Judgement
	Options
	tally
}

// Render returns what to print; the exit code is j.Severity.Code().
func Render(j thresholds.Judgement, o Options) string {
	r := result{j, o, newTally(j)}
	if o.Format == JSON {
		return r.json()
	}
	var b strings.Builder
	b.WriteString("CS BACKUP " + r.Severity.String() + " - " + r.summary())
	if metrics := r.perfdata(); metrics != "" {
		b.WriteString(" | " + metrics)
	}
	b.WriteString(nagios.CheckOutputEOL)
	budget := outputBudget
	if r.Verbose >= 3 {
		budget = outputBudgetVerbose
	}
	for _, text := range r.longOutput().fit(budget - b.Len()) {
		b.WriteString(text + nagios.CheckOutputEOL)
	}
	// Icinga Web and Nagios' own pages take \n and \t in a path such as C:\temp\new for the end of a line and a tab.
	return strings.ReplaceAll(b.String(), `\`, "/")
}

// unchecked reports whether no check was made at all, so that there is nothing to measure.
func (r result) unchecked() bool {
	return len(r.Pools) == 0 && len(r.Findings) == 1 && r.Findings[0].Kind == thresholds.PluginFailed
}

// asksReady reports whether the question is if the pairs are ready to fail over.
func (r result) asksReady() bool { return r.Profile == thresholds.Failover }

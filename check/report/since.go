package report

import (
	"cmp"
	"slices"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// since says for how long a direction of a module is unhealthy, with a blank in front; empty where it is healthy, or
// that is not known.
func since(e entry, d status.Direction) string {
	if l := e.module.Lasting[d]; l.Known && !l.Since.IsZero() {
		return " since " + duration(l.For)
	}
	return ""
}

// isTolerated reports whether the entry is a module that counts and is OK because its states have not lasted yet.
func (e entry) isTolerated() bool {
	return e.counts() && e.severity == thresholds.OK && (e.module.Tolerated(status.Export) || e.module.Tolerated(status.Import))
}

// briefTolerated says the first of some modules that are tolerated, and how many more there are.
func (r result) briefTolerated(entries []entry) string {
	e := entries[0]
	var states []string
	for _, d := range []status.Direction{status.Export, status.Import} {
		if e.module.Tolerated(d) {
			states = append(states, d.String()+" "+stateWord(e, d)+since(e, d))
		}
	}
	text := moduleName(e.module) + " " + strings.Join(states, ", ")
	if len(r.Pools) > 1 {
		text = title(e.pool) + ": " + text
	}
	text = cut(text, summaryLimit)
	if more := len(entries) - 1; more > 0 {
		text += " and " + thousands(more) + " more"
	}
	return text
}

// isHealthy reports whether the section is OK and holds nothing that is tolerated, and no fault that is set to ok.
func (s section) isHealthy() bool {
	return s.severity == thresholds.OK && !slices.ContainsFunc(s.entries, func(e entry) bool { return e.isTolerated() || e.finding != nil })
}

// isHealthy is the same of all that stands together.
func (b block) isHealthy() bool {
	return b.severity == thresholds.OK && !slices.ContainsFunc(b.sections, func(s section) bool { return !s.isHealthy() })
}

// compare orders entries, sections and blocks from the worst to those that are healthy, which stand behind those with
// something tolerated.
func (e entry) compare(other entry) int {
	return cmp.Or(e.severity.Compare(other.severity), truthFirst(e.isTolerated(), other.isTolerated()))
}

func (s section) compare(other section) int {
	return cmp.Or(s.severity.Compare(other.severity), truthFirst(!s.isHealthy(), !other.isHealthy()))
}

func (b block) compare(other block) int {
	return cmp.Or(b.severity.Compare(other.severity), truthFirst(!b.isHealthy(), !other.isHealthy()))
}

func truthFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	default:
		return 1
	}
}

// rankOfEntry is the rank of the line that says an entry.
func rankOfEntry(e entry) rank {
	if e.isTolerated() {
		return detail
	}
	return rankOf(e.severity)
}

// explainRemark says why since when is not known.
func explainRemark(r thresholds.Remark) message {
	m := message{subject: clean(r.Origin, messageLimit)}
	switch {
	case r.Kind == thresholds.MemoryFailed:
		m.what, m.advice = explainError(thresholds.Finding{Err: r.Err})
	case r.Pool == "":
		m.what, m.advice = "the status names no pool", "--pool names it where there is one"
	default:
		m.subject = clean(r.Pool, nameLimit)
		m.what = "the status has no date that can be believed"
		m.advice = "read a file, or what the collector prints: both have a date; and compare the clocks"
	}
	return m
}

// sayRemarks says in one line why since when is not known. It is not left out: nobody would see why nothing is tolerated
// any more. Of many pools the first is named.
func (r result) sayRemarks(ls *lines) {
	if len(r.Remarks) == 0 {
		return
	}
	m := explainRemark(r.Remarks[0])
	if more := len(r.Remarks) - 1; more > 0 {
		m.subject += " and " + plural(more, "more pool")
	}
	ls.add(always, "since when is not known: "+m.String()+"; "+m.advice)
}

func newJSONRemark(r thresholds.Remark) jsonFinding {
	m := explainRemark(r)
	return jsonFinding{
		Kind: string(r.Kind), State: thresholds.OK.String(), Subject: m.subject, Text: m.what, Advice: m.advice,
	}
}

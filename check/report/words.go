package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// How many characters of a text from outside are shown: a name, and a longer text such as an error message.
const (
	nameLimit    = 120
	messageLimit = 300
)

// clean makes a text from outside fit for the output, whatever it holds: one line of valid UTF-8 without control
// characters and letters that nobody sees, without the | that starts performance data, and without < and >, which make
// Icinga DB Web take the whole output for HTML. Blanks are folded; what is longer than limit characters is cut.
func clean(text string, limit int) string {
	if isPlain(text, limit) {
		return text
	}
	var b strings.Builder
	blank := false
	for _, r := range text {
		switch {
		case r == '|':
			r = '¦'
		case r == '<':
			r = '‹'
		case r == '>':
			r = '›'
		case unicode.IsSpace(r):
			blank = b.Len() > 0
			continue
		case !unicode.IsPrint(r), status.IsInvisible(r):
			r = utf8.RuneError
		}
		if blank {
			b.WriteByte(' ')
			blank = false
		}
		b.WriteRune(r)
	}
	return status.Shorten(b.String(), limit)
}

// isPlain finds the texts that clean would leave alone, which is nearly all of them.
func isPlain(text string, limit int) bool {
	if len(text) > limit {
		return false
	}
	for i := range len(text) {
		c := text[i]
		blank := c == ' ' && (i == 0 || i == len(text)-1 || text[i-1] == ' ')
		if c < ' ' || c > '~' || c == '|' || c == '<' || c == '>' || blank {
			return false
		}
	}
	return true
}

// title is what a pool is called: its FQDN, or where that is not known the sources that told of it.
func title(p *thresholds.PoolVerdict) string {
	return cmp.Or(clean(poolName(p), nameLimit), "a pool without a name")
}

// poolName is the same as it came.
func poolName(p *thresholds.PoolVerdict) string { return cmp.Or(p.Name, strings.Join(p.Origins, ", ")) }

// wayTitle names a way by its two ends.
func wayTitle(w thresholds.Way) string {
	from, to := clean(w.From, nameLimit), clean(w.To, nameLimit)
	return cmp.Or(from, "a pool without a name") + " to " + cmp.Or(to, "its backup pool")
}

func moduleName(m *thresholds.ModuleVerdict) string {
	return cmp.Or(clean(m.Identity, nameLimit), "a module without a name")
}

// stateText says one state of a module as it was read, for how long it is unhealthy where that is known, and what its
// word alone does not explain.
func (r result) stateText(e entry, d status.Direction) string {
	text := d.String() + " " + cmp.Or(stateWord(e, d), "state missing")
	if v := e.Module.Directions[d]; !v.Since.IsZero() {
		text += ", unhealthy for at least " + duration(v.For)
	}
	if reason := r.stateReason(e, d); reason != "" {
		text += " (" + reason + ")"
	}
	return text
}

func stateWord(e entry, d status.Direction) string {
	return clean(string(e.Module.State(d)), nameLimit)
}

// reasons are why a state has a severity that its word alone does not explain.
var reasons = map[thresholds.Reason]string{
	thresholds.NotMaster:         "this pool is not the CMS master",
	thresholds.TakenForNotMaster: "taken for not the CMS master, which is not known",
	thresholds.IsMaster:          "this pool is the CMS master",
	thresholds.MasterUnclear:     "whether this pool is the CMS master is not known: name it with --pool",
	thresholds.ByRule:            "by --rule",
	thresholds.TooLong:           "by --critical",
}

func (r result) stateReason(e entry, d status.Direction) string {
	reason := e.Module.Directions[d].Reason
	if r.CMSMaster != "" && (reason == thresholds.NotMaster || reason == thresholds.IsMaster) {
		return clean(r.CMSMaster, nameLimit) + " is the CMS master by --cms-master"
	}
	return reasons[reason]
}

// notes are those of the sources, and what a user should know of the verdict: a half of a pair that was not seen, and
// values that have no effect.
func (r result) notes() []string {
	var notes []string
	for _, note := range r.Notes {
		notes = append(notes, clean(note, messageLimit))
	}
	if len(r.Halves) > 0 {
		note := r.explain(entry{Finding: &r.Halves[0]}).what + ", so what it imports is not known"
		if len(r.Halves[0].Names) == 0 {
			note += " (--pair, -Pair, or its file)"
		}
		if more := len(r.Halves) - 1; more > 0 {
			note += ", and so for " + plural(more, "more pool")
		}
		notes = append(notes, note)
	}
	for _, idle := range r.Idle {
		why := " has no effect: no module that was read has this name"
		switch idle.Kind {
		case "state":
			why = " has no effect: this state is not documented, and was not read"
		case "pool":
			why = " is no pool that was read (of a third pool, none says the same)"
		}
		note := idle.Flag + " " + clean(idle.Given, nameLimit) + why
		if idle.Nearest != "" {
			note += "; the nearest is " + clean(idle.Nearest, nameLimit)
		}
		notes = append(notes, note)
	}
	return notes
}

// trueAge is how old the status of a pool is. It is not known where the status has no date, or one so far into the
// future that the clocks must differ; a little into the future is the present.
func trueAge(p *thresholds.PoolVerdict) (age time.Duration, known bool) {
	return max(p.Age, 0), !p.CollectedAt.IsZero() && p.Age >= -thresholds.ClockSkew
}

// duration says a time span in its one fitting unit, rounded down.
func duration(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	default:
		return strconv.Itoa(int(d.Hours()/24)) + " days"
	}
}

// plural counts things: "1 module", "2 modules", "29,994 modules".
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// few says the first three names of a list, and how many more there are.
func few(names []string) string {
	const shown = 3
	var list []string
	for _, name := range names[:min(len(names), shown)] {
		list = append(list, clean(name, nameLimit))
	}
	text := strings.Join(list, ", ")
	if more := len(names) - shown; more > 0 {
		text += " and " + thousands(more) + " more"
	}
	return text
}

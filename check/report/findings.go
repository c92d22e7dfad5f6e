package report

import (
	"cmp"
	"errors"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// A message is what a finding says: about whom, what is wrong, and what to do. All of it is fit for the output.
type message struct {
	subject, what, advice string
}

// String returns the message without its advice.
func (m message) String() string {
	if m.subject == "" {
		return m.what
	}
	return m.subject + ": " + m.what
}

// explain says the finding of an entry.
func explain(e entry, o Options) message {
	f := *e.finding
	m := message{subject: clean(cmp.Or(f.Pool, f.Origin), nameLimit), what: clean(string(f.Kind), nameLimit)}
	switch {
	case e.pool != nil:
		m.subject = title(e.pool)
	case f.Kind == thresholds.MemoryFailed:
		m.subject = "--state-file " + m.subject
	}
	if f.Partner != "" && e.is(thresholds.NoCMSMaster, thresholds.TwoCMSMasters, thresholds.MastersDiffer) {
		m.subject += " and " + clean(f.Partner, nameLimit)
	}
	if said, known := sayings[f.Kind]; known {
		said = said.varied(f, e.pool, o)
		fill := func(name string) string { return placeholder(name, f, e.pool, o) }
		m.what, m.advice = expand(said.what, fill), expand(said.advice, fill)
	}
	return m
}

// expand puts what a function returns in the place of each {name} of a text.
func expand(text string, fill func(string) string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, behind, _ := strings.Cut(rest, "}")
		b.WriteString(fill(name))
		text = behind
	}
}

// placeholder is what stands in a saying in the place of a name, fit for the output.
func placeholder(name string, f thresholds.Finding, p *thresholds.PoolVerdict, o Options) string {
	switch name {
	case "module":
		return clean(f.Module, nameLimit)
	case "partner":
		return clean(f.Partner, nameLimit)
	case "names":
		return few(f.Names)
	case "age":
		return duration(p.Age)
	case "ahead":
		return duration(-p.Age)
	case "limit":
		return duration(o.MaxAge)
	case "-PoolFqdn":
		if p != nil {
			return poolParameter(p.Name)
		}
		return poolParameter(f.Pool)
	case "remedy":
		return fetchAdvice(f.ErrID, f.Err.Error())
	case "error":
		what, _ := explainError(f)
		return what
	default: // "advice", the error's own
		_, advice := explainError(f)
		return advice
	}
}

// fewNames is how many names of a list are shown.
const fewNames = 3

// few says the first names of a list, and how many more there are.
func few(names []string) string {
	var shown []string
	for _, name := range names[:min(len(names), fewNames)] {
		shown = append(shown, clean(name, nameLimit))
	}
	if more := len(names) - fewNames; more > 0 {
		return strings.Join(shown, ", ") + " and " + thousands(more) + " more"
	}
	return strings.Join(shown, ", ")
}

// explainError says an error; where a status.Loss is in it, that has the advice.
func explainError(f thresholds.Finding) (what, advice string) {
	if f.Err == nil {
		return "an error without a text", ""
	}
	what = f.Err.Error()
	var loss status.Loss
	if errors.As(f.Err, &loss) {
		advice = loss.Advice
		if f.Kind == thresholds.TimedOut {
			what = "not done in time while " + loss.What // the error behind it says no more than "deadline exceeded"
		}
	}
	return clean(what, messageLimit), clean(advice, messageLimit)
}

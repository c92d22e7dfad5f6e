package generate

import (
	"fmt"
	"strings"
	"unicode"
)

// Man returns the manual page, for section 1. It says no version and no date, so that it changes with the flags alone.
func Man(c Command) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	short, _, _ := strings.Cut(c.Description, ":")
	upper := strings.ToUpper(c.Name)

	line(`.\" %s`, made("man"))
	line(`.TH %s 1 "" "" "Monitoring plugins"`, upper)
	line(`.SH NAME`)
	line(`%s \- %s`, roff(c.Name), roff(lowerFirst(short)))
	line(`.SH SYNOPSIS`)
	line(`.B %s`, roff(c.Name))
	line(`.RI [ FLAG ]...`)
	line(`.SH DESCRIPTION`)
	line(`%s`, roff(c.Description))
	line(`It prints one result with performance data, as Nagios, Icinga and their agents read it.`)
	line(`.SH OPTIONS`)
	group := ""
	for _, flag := range c.Flags {
		if flag.Group != group {
			group = flag.Group
			line(`.SS %s`, roff(strings.TrimSuffix(group, ":")))
		}
		line(`.TP`)
		line(`%s`, manFlag(flag))
		line(`%s`, roff(flag.Help))
	}
	line(`.SH ENVIRONMENT`)
	var without []string
	for _, flag := range c.Flags {
		if flag.TextOnly {
			without = append(without, "--"+flag.Name)
		}
	}
	line(`Flags can come from the environment, all but %s:`, roff(strings.Join(without, ", ")))
	line(`\-\-max\-age as %s_MAX_AGE.`, upper)
	line(`One that is repeatable takes a value a line.`)
	line(`A flag wins over the environment.`)
	line(`.SH EXIT STATUS`)
	for code, state := range []string{"OK", "WARNING", "CRITICAL", "UNKNOWN; help and version too"} {
		line(`.TP`)
		line(`.B %d`, code)
		line(`%s`, state)
	}
	line(`.SH EXAMPLES`)
	line(`.nf`)
	for example := range strings.Lines(c.Examples) {
		line(`%s`, roff(strings.TrimSuffix(example, "\n")))
	}
	line(`.fi`)
	return b.String()
}

// manFlag returns the headline of a flag: its names in bold, its value in italics.
func manFlag(f Flag) string {
	var names []string
	for _, name := range f.names() {
		names = append(names, `\fB`+roff(name)+`\fR`)
	}
	head := strings.Join(names, ", ")
	if f.Value != "" {
		head += ` \fI` + roff(f.Value) + `\fR`
	}
	return head
}

// roff returns text that a man page shows as it stands. A - is a minus, so that what is copied from there works.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, `-`, `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

func lowerFirst(text string) string {
	for i, r := range text {
		return text[:i] + string(unicode.ToLower(r)) + text[i+len(string(r)):]
	}
	return text
}

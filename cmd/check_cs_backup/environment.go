package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// textFlags only print a text. They are no setting, so they don't come from the environment.
var textFlags = []string{"help", "version", "print-collector"}

// variablePrefix begins the environment variables of the flags.
const variablePrefix = "CHECK_CS_BACKUP_"

// unread says which variables look like those of flags and are none: what somebody set has no effect.
func unread(environ []string, known []*kong.Flag) []string {
	var notes []string
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		isFlags := func(f *kong.Flag) bool { return variable(f.Name) == name }
		if strings.HasPrefix(name, variablePrefix) && value != "" && !slices.ContainsFunc(known, isFlags) {
			notes = append(notes, name+" is in the environment, but no flag reads it: --help shows all flags")
		}
	}
	slices.Sort(notes)
	return notes
}

// variable is the environment variable of a flag: CHECK_CS_BACKUP_MAX_AGE of --max-age.
func variable(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// fromEnvironment brings the values of the flags that are not on the command line. One that is repeatable has a value a
// line; empty lines are nothing. It is not asked for help and version, which must work however wrong the environment
// is.
func fromEnvironment(getenv func(string) string) kong.ResolverFunc {
	return func(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := variable(flag.Name)
		isEmpty := func(line string) bool { return strings.TrimSpace(line) == "" }
		lines := slices.DeleteFunc(strings.Split(getenv(name), "\n"), isEmpty)
		if len(lines) == 0 || slices.Contains(textFlags, flag.Name) || asksForHelp(ctx) {
			return nil, nil
		}
		var value any = lines
		if !flag.IsSlice() {
			value = strings.TrimSpace(strings.Join(lines, "\n"))
		}
		// Kong would not say in its error that the value comes from here.
		scan := kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: value})
		trial := reflect.New(flag.Target.Type()).Elem()
		if err := flag.Mapper.Decode(&kong.DecodeContext{Value: flag.Value, Scan: scan}, trial); err != nil {
			return nil, fmt.Errorf("%w (from %s)", err, name)
		}
		return value, nil
	}
}

func asksForHelp(ctx *kong.Context) bool {
	return slices.ContainsFunc(ctx.Path, func(p *kong.Path) bool {
		return p.Flag != nil && (p.Flag.Name == "help" || p.Flag.Name == "version")
	})
}

// resolved names the variables that values come from: what is wrong may stand there, and not on the command line.
func resolved(ctx *kong.Context) string {
	var names []string
	for _, path := range ctx.Path {
		if path.Resolved {
			names = append(names, variable(path.Flag.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (from the environment: " + strings.Join(names, ", ") + ")"
}

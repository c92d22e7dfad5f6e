package main

import (
	"encoding"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// parse reads the command line and the environment. For --help, --version and --print-collector it returns what to print.
func parse(args []string, getenv func(string) string) (f *flags, text string, err error) {
	f = &flags{}
	var out strings.Builder
	parser, err := newParser(f, &out, getenv)
	if err != nil {
		return nil, "", err
	}
	if err := mistyped(args, parser.Model.Flags); err != nil {
		return nil, "", err
	}
	ctx, err := parser.Parse(args)
	switch {
	case err != nil:
		return nil, "", explained(err)
	case f.Help:
		err = printHelp(ctx)
		return f, out.String(), err
	case f.Version:
		return f, "check_cs_backup " + version + "\n", nil
	case f.PrintCollector:
		return f, source.Collector(f.query()), nil
	}
	if err := f.validate(); err != nil {
		return nil, "", fmt.Errorf("%w%s", err, resolved(ctx))
	}
	return f, "", nil
}

// newParser makes kong's parser of the flags, which writes help to out.
func newParser(f *flags, out io.Writer, getenv func(string) string) (*kong.Kong, error) {
	parser, err := kong.New(f,
		kong.Name("check_cs_backup"),
		kong.Description(description),
		kong.ExplicitGroups(groups),
		kong.NoDefaultHelp(), // it exits in the middle of parsing
		kong.Writers(out, out),
		kong.Resolvers(environment(getenv)),
		kong.NamedMapper("counter", kong.MapperFunc(decodeCounter)),
	)
	if err != nil {
		return nil, err
	}
	for _, flag := range parser.Model.Flags {
		if !flag.IsBool() && !flag.IsCounter() {
			flag.Mapper = kong.MapperFunc(decodeValue)
			flag.Tag.Sep = -1 // else the help says that values are separated by commas
		}
	}
	return parser, nil
}

// textFlags only print a text. They are no setting, so they don't come from the environment.
var textFlags = []string{"help", "version", "print-collector"}

// variable is the environment variable of a flag: CHECK_CS_BACKUP_MAX_AGE of --max-age.
func variable(flag string) string {
	return "CHECK_CS_BACKUP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// environment brings the values of the flags that are not on the command line. One that is repeatable has a value a line;
// empty lines are nothing. It is not asked for help and version, which must work however wrong the environment is.
func environment(getenv func(string) string) kong.ResolverFunc {
	return func(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := variable(flag.Name)
		lines := slices.DeleteFunc(strings.Split(getenv(name), "\n"), func(line string) bool { return strings.TrimSpace(line) == "" })
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

// resolved names the variables that have a part in a choice of sources.
func resolved(ctx *kong.Context) string {
	var names []string
	for _, path := range ctx.Path {
		if path.Resolved && path.Flag.Group.Key == sourceGroup {
			names = append(names, variable(path.Flag.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " (from the environment: " + strings.Join(names, ", ") + ")"
}

// decodeValue reads the value of a flag: one from the command line, several from the environment where it is repeatable.
func decodeValue(ctx *kong.DecodeContext, target reflect.Value) error {
	token := ctx.Scan.Pop()
	values, several := token.Value.([]string)
	if !several {
		value, err := argument(token)
		if err != nil {
			return err
		}
		values = []string{value}
	}
	for _, value := range values {
		if err := set(target, value, ctx.Value); err != nil {
			return err
		}
	}
	return nil
}

// argument is a value on the command line. What follows a flag whose value is missing is the next flag.
func argument(token kong.Token) (string, error) {
	text := token.String()
	switch {
	case token.IsEOL():
		return "", errors.New("missing value")
	case !token.IsValue() && !isNegative(text):
		return "", fmt.Errorf("missing value: %s begins with a hyphen", thresholds.Quote(text))
	}
	return text, noEquals(token)
}

// noEquals refuses -f=x, which would be the file =x.
func noEquals(token kong.Token) error {
	if text := token.String(); token.Type == kong.ShortFlagTailToken && strings.HasPrefix(text, "=") {
		return fmt.Errorf("no = stands behind a short flag: %s", thresholds.Quote(text))
	}
	return nil
}

// isNegative reports whether a text is a negative number, which is no flag.
func isNegative(text string) bool {
	return len(text) > 1 && text[0] == '-' && strings.IndexByte(".0123456789", text[1]) >= 0
}

// set reads a value into a field of flags, and adds it to one that is a list. Blanks and line ends around it are those
// of a configuration file or a script.
func set(field reflect.Value, text string, flag *kong.Value) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("the value is empty (a macro that was not filled?)")
	}
	if field.Kind() == reflect.Slice || field.Kind() == reflect.Pointer {
		element := reflect.New(field.Type().Elem())
		if err := set(element.Elem(), text, flag); err != nil {
			return err
		}
		if field.Kind() == reflect.Pointer {
			field.Set(element)
		} else {
			field.Set(reflect.Append(field, element.Elem()))
		}
		return nil
	}
	if flag.Enum != "" {
		return setWord(field, text, flag.EnumSlice())
	}
	if reader, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return reader.UnmarshalText([]byte(text))
	}
	return setText(field, text)
}

// setWord takes one of several words, without regard to case.
func setWord(field reflect.Value, text string, words []string) error {
	for _, word := range words {
		if strings.EqualFold(word, text) {
			field.SetString(word)
			return nil
		}
	}
	last := len(words) - 1
	return fmt.Errorf("%s is not known: use %s or %s", thresholds.Quote(text), strings.Join(words[:last], ", "), words[last])
}

// setText takes any text that is not as a whole what an engine or an agent should have replaced or taken off.
func setText(field reflect.Value, text string) error {
	inner := text[1:max(1, len(text)-1)]
	switch first, last := text[0], text[len(text)-1]; {
	case len(text) == 1 || first != last:
	case (first == '$' || first == '%') && !strings.ContainsAny(inner, `$%/\ `):
		return fmt.Errorf("%s: a macro that was not filled?", thresholds.Quote(text))
	case first == '\'' || first == '"':
		return fmt.Errorf("%s: quotes that an agent kept?", thresholds.Quote(text))
	}
	field.SetString(text)
	return nil
}

// decodeCounter counts -v, and takes a number as --verbose=2.
func decodeCounter(ctx *kong.DecodeContext, target reflect.Value) error {
	if next := ctx.Scan.Peek(); next.Type != kong.FlagValueToken {
		target.SetInt(target.Int() + 1)
		return noEquals(next)
	}
	text := ctx.Scan.Pop().String()
	count, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || count < 0 {
		return fmt.Errorf("%s is not a number such as 2", thresholds.Quote(text))
	}
	target.SetInt(int64(count))
	return nil
}

// explained is what kong says of a command line, but so that what can't be seen in it is shown, and without a list of
// all flags.
func explained(err error) error {
	text := err.Error()
	if argument, found := strings.CutPrefix(text, "unexpected argument "); found {
		return fmt.Errorf("unexpected argument %s: a file is named with --file", thresholds.Quote(argument))
	}
	if what, _, found := strings.Cut(text, ", did you mean one of "); found && len(what) <= len("unknown flag -x") {
		return errors.New(what)
	}
	return err
}

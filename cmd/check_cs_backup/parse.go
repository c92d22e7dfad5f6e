package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/source"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// parse reads the command line and the environment. For --help, --version and --print-collector it returns what to
// print.
func parse(args []string, getenv func(string) string) (f *flags, text string, err error) {
	f = &flags{}
	var out strings.Builder
	parser, err := newParser(f, &out, getenv)
	if err != nil {
		return nil, "", err
	}
	f.known = parser.Model.Flags
	if err := mistyped(args, f.known); err != nil {
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
		return f, source.Collector(f.query()), useless(ctx)
	}
	if err := f.validate(); err != nil {
		return nil, "", fmt.Errorf("%w%s", err, resolved(ctx))
	}
	return f, "", nil
}

// useless finds a flag that has no effect beside --print-collector.
func useless(ctx *kong.Context) error {
	useful := []string{"print-collector", "pool", "category", "pair", "no-events"}
	for _, path := range ctx.Path {
		if path.Flag != nil && !path.Resolved && !slices.Contains(useful, path.Flag.Name) {
			return fmt.Errorf("--print-collector and --%s: it takes --pool, --category, --pair and --no-events alone",
				path.Flag.Name)
		}
	}
	return nil
}

// wrongUse is the result of a command line that is wrong.
func wrongUse(err error) thresholds.Judgement {
	return only(thresholds.PluginFailed, thresholds.Unknown, status.Loss{
		What: "wrong use", Advice: "check_cs_backup --help shows all flags", Err: err,
	})
}

// newParser makes kong's parser of the flags, which writes help to out.
func newParser(f *flags, out io.Writer, getenv func(string) string) (*kong.Kong, error) {
	parser, err := kong.New(f,
		kong.Name("check_cs_backup"),
		kong.Description(description),
		kong.ExplicitGroups(groups),
		kong.NoDefaultHelp(), // it exits in the middle of parsing
		kong.Writers(out, out),
		kong.Resolvers(fromEnvironment(getenv)),
	)
	if err != nil {
		return nil, err
	}
	help := helpTexts()
	for _, flag := range parser.Model.Flags {
		flag.Help = help[flag.Name]
		if !flag.IsBool() && !flag.IsCounter() {
			flag.Mapper = kong.MapperFunc(decodeValue)
			flag.Tag.Sep = -1 // else the help says that values are separated by commas
		}
	}
	return parser, nil
}

// helpWidth is how wide the help is at most, wherever it is printed.
const helpWidth = 80

// groups are the headings of the help; it has them in the order of the flags.
var groups = []kong.Group{
	{Key: "source", Title: "Where the status comes from:"},
	{Key: "what", Title: "What is evaluated:"},
	{Key: "how", Title: "How it is evaluated:"},
	{Key: "time", Title: "How long it may last:"},
	{Key: "run", Title: "The run and what it prints:"},
}

const description = "Watches the Backup Service of Lync Server 2013 and Skype for Business Server: " +
	"evaluates what Get-CsBackupServiceStatus says of paired front-end pools."

const examples = `
Every flag but the last three can come from the environment: --max-age as
CHECK_CS_BACKUP_MAX_AGE; one that is repeatable takes a value a line.

Examples:
  check_cs_backup -f C:\check_cs_backup\status.json
      evaluate the status that the collector's scheduled task saves
  check_cs_backup -f /var/spool/cs_backup -P pool01.contoso.com
      evaluate one pool from a folder of statuses
  check_cs_backup -P pool01.contoso.com --pair
      ask PowerShell on this front end for a pool and its backup pool
  check_cs_backup -H fe01 -P pool01.contoso.com
      the same for one pool, from elsewhere through ssh
  check_cs_backup -f status.json --profile failover
      is it safe to fail over now?
  check_cs_backup -f status.json -r ConfServices.*/NonSteadyState=critical
      a backlog of conference data is critical
  check_cs_backup -f status.json --state-file state.json -c 30m
      a backlog is a warning at once, and critical after half an hour

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (help and version too).
`

// printHelp lets kong print its help, and adds the examples.
func printHelp(ctx *kong.Context) error {
	options := kong.HelpOptions{WrapUpperBound: helpWidth, ValueFormatter: func(v *kong.Value) string { return v.Help }}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := io.WriteString(ctx.Stdout, examples)
	return err
}

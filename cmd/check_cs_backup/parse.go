package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/source"
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
		return f, source.Collector(f.query()), nil
	}
	if err := f.validateSource(); err != nil {
		return nil, "", fmt.Errorf("%w%s", err, resolved(ctx, sourceGroup))
	}
	if err := f.validateProfile(); err != nil {
		return nil, "", fmt.Errorf("%w%s", err, resolved(ctx, howGroup))
	}
	if err := f.validateTime(); err != nil {
		return nil, "", fmt.Errorf("%w%s", err, resolved(ctx, timeGroup))
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
		kong.Resolvers(fromEnvironment(getenv)),
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

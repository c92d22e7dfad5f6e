package main

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/source"
)

// parse reads the command line. For --help, --version and --print-collector it returns what to print.
func parse(args []string) (f *flags, text string, err error) {
	f = &flags{}
	var out strings.Builder
	parser, err := kong.New(f,
		kong.Name("check_cs_backup"),
		kong.NoDefaultHelp(), // it exits in the middle of parsing
		kong.Writers(&out, &out),
		kong.NamedMapper("repeatable", kong.MapperFunc(decodeRepeatable)),
	)
	if err != nil {
		return nil, "", err
	}
	fromEnvironment(parser.Model)
	ctx, err := parser.Parse(args)
	switch {
	case err != nil:
		return nil, "", err
	case f.Help:
		err = printHelp(ctx)
		return f, out.String(), err
	case f.Version:
		return f, "check_cs_backup " + version + "\n", nil
	case f.PrintCollector:
		return f, source.Collector(f.query()), nil
	}
	return f, "", f.validate()
}

// fromEnvironment lets every flag but --help and --version come from the environment: --max-age from
// CHECK_CS_BACKUP_MAX_AGE. It comes after kong.New, which would look for variables in each of these names.
func fromEnvironment(model *kong.Application) {
	for _, flag := range model.Flags {
		if flag.Name == "help" || flag.Name == "version" {
			continue
		}
		env := []string{"CHECK_CS_BACKUP_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))}
		flag.Envs, flag.Tag.Envs = env, env
	}
}

// decodeRepeatable adds the value of a flag that may be given several times. From the environment, which has only one
// value for each name, it takes a value a line. An empty value is an error: it is a macro that the engine did not fill.
func decodeRepeatable(ctx *kong.DecodeContext, target reflect.Value) error {
	token := ctx.Scan.Pop()
	if token.IsEOL() {
		return errors.New("missing value")
	}
	for value := range strings.SplitSeq(token.String(), "\n") {
		element := reflect.New(target.Type().Elem())
		decoder, ok := element.Interface().(encoding.TextUnmarshaler)
		if !ok {
			return fmt.Errorf("%s can't be read from a text", element.Type())
		}
		if err := decoder.UnmarshalText([]byte(value)); err != nil {
			return err
		}
		target.Set(reflect.Append(target, element.Elem()))
	}
	return nil
}

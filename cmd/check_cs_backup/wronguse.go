package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"check_cs_backup/check/report"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// wrongUse is the result of a command line that is wrong.
func wrongUse(err error) thresholds.Judgement {
	return only(thresholds.WrongUse, thresholds.Unknown, status.Loss{
		What: "wrong use", Advice: "check_cs_backup --help shows all flags", Err: err,
	})
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

// formatOf is the format that a command line asks for which is wrong elsewhere: a script that reads JSON must be able to
// read that it is. The flag may stand there in any form, and the last counts.
func formatOf(args []string, getenv func(string) string) report.Format {
	format := getenv(variable("output"))
	flag := regexp.MustCompile(`^(?:[-\p{Pd}]{1,2}(?i:output)(?:[=:]|$)|[-\p{Pd}][hvV]*o=?)(.*)$`)
	for i, arg := range args {
		match := flag.FindStringSubmatch(arg)
		switch {
		case match == nil:
		case match[1] != "":
			format = match[1]
		case i+1 < len(args):
			format = args[i+1]
		}
	}
	if strings.EqualFold(strings.TrimSpace(format), string(report.JSON)) {
		return report.JSON
	}
	return report.Nagios
}

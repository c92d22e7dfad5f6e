// check_cs_backup is a Nagios and Icinga plugin that watches the Backup Service of Lync Server and Skype for Business
// Server. This package is its command line: flags to settings, one result to standard output, an exit code.
//
// A check ends before a container's share of the processors could change: nothing needs to look after that.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0
package main

import (
	"context"
	"io"
	"os"
	"time"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check"
	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

// version is set by the Makefile.
var version = "development"

func main() {
	os.Exit(run(world{
		args: os.Args[1:], getenv: os.Getenv, stdin: os.Stdin, stdout: os.Stdout, now: time.Now, exit: os.Exit,
	}))
}

// world is what the plugin knows of its surroundings.
type world struct {
	args   []string
	getenv func(string) string
	stdin  *os.File
	stdout io.Writer
	now    func() time.Time
	exit   func(int) // for a check that can't be stopped
}

// run makes one check and returns its exit code, 0 to 3.
func run(w world) int {
	start := w.now()
	signals := catchSignals()
	if wasClosed(w.stdout) {
		return nagios.StateUNKNOWNExitCode
	}
	if err := roomForFiles(); err != nil {
		return w.print(thresholds.Unknown, report.Render(noRoom(err), report.Options{Version: version}))
	}
	flags, text, err := parse(w.args, w.getenv)
	if err != nil {
		options := report.Options{Format: formatOf(w.args, w.getenv), Version: version}
		return w.print(thresholds.Unknown, report.Render(wrongUse(err), options))
	}
	if text != "" {
		return w.print(flags.textSeverity(), text)
	}
	answer := func(j thresholds.Judgement) int {
		options := flags.report()
		options.RunTime = w.now().Sub(start)
		return w.print(j.Severity, report.Render(j, options))
	}
	dog := watchdog{
		timeout: flags.timeout(), onTimeout: flags.OnTimeout, signals: signals,
		answer: func(j thresholds.Judgement) { w.exit(answer(j)) },
	}
	return answer(dog.supervise(func(ctx context.Context) thresholds.Judgement {
		return check.Run(ctx, check.Settings{
			Source: flags.source(w.stdin), Rules: flags.rules(), StateFile: flags.StateFile, Now: w.now,
			Phase: func(name string) { dog.phase.Store(name) },
		})
	}))
}

// print writes the output. What could not be written can't be relied on, so that is UNKNOWN.
func (w world) print(severity thresholds.Severity, text string) int {
	if _, err := io.WriteString(w.stdout, text); err != nil {
		return nagios.StateUNKNOWNExitCode
	}
	return severity.Code()
}

// noRoom is the result of a process that may open too few files.
func noRoom(err error) thresholds.Judgement {
	return failed(err, "raise the limit of open files for the account or the service that runs the check (ulimit -n)")
}

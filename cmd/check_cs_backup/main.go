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
	"os/signal"
	"syscall"
	"time"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check"
	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

// version is set by the Makefile.
var version = "development"

func main() {
	os.Exit(run(environment{
		args: os.Args[1:], getenv: os.Getenv, environ: os.Environ, stdin: os.Stdin, stdout: os.Stdout, now: time.Now,
	}))
}

// environment is what the plugin knows of its surroundings.
type environment struct {
	args    []string
	getenv  func(string) string
	environ func() []string
	stdin   *os.File
	stdout  io.Writer
	now     func() time.Time
}

// run makes one check and returns its exit code, 0 to 3.
func run(e environment) int {
	start := e.now()
	flags, text, err := parse(e.args, e.getenv)
	if err != nil {
		return e.print(answer{thresholds.Unknown, report.Render(wrongUse(err), report.Options{})})
	}
	if text != "" {
		return e.print(answer{flags.textSeverity(), text})
	}
	dog := watchdog{
		timeout: flags.timeout(), onTimeout: flags.OnTimeout, patience: flags.patience(),
		render: func(j thresholds.Judgement) answer {
			options := flags.report()
			options.RunTime = e.now().Sub(start)
			return answer{j.Severity, report.Render(j, options)}
		},
	}
	return e.print(dog.supervise(func(ctx context.Context) thresholds.Judgement {
		j := check.Run(ctx, check.Settings{
			Source: flags.source(e.stdin), Rules: flags.rules(), StateFile: flags.StateFile,
			Now: e.now, Phase: dog.setPhase,
		})
		j.Notes = append(j.Notes, unread(e.environ(), flags.known)...)
		return j
	}))
}

// An answer is what the plugin prints, and the severity that is its exit code.
type answer struct {
	severity thresholds.Severity
	text     string
}

// print writes the answer and returns the exit code. What could not be written can't be relied on, so that is UNKNOWN.
func (e environment) print(a answer) int {
	// A closed pipe becomes an error: the default is to die of SIGPIPE, and an engine takes that for a failed service.
	signal.Ignore(syscall.SIGPIPE)
	if _, err := io.WriteString(e.stdout, a.text); err != nil {
		return nagios.StateUNKNOWNExitCode
	}
	return a.severity.Code()
}

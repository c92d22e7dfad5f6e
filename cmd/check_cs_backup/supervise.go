package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/atc0005/go-nagios"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// grace is how long a check may take to end what it started once its time is up.
const grace = time.Second

// catchSignals takes over SIGTERM, by which an engine ends a check: without it the process would end without a word.
// The other signals come from a terminal or a person, and are taken over by catchMoreSignals. A closed pipe becomes an
// error: the default is to die of SIGPIPE, and an engine takes that for a failed service.
func catchSignals() chan os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 1)
	catch(signals, syscall.SIGTERM)
	return signals
}

// catch has the runtime send a signal to the channel. One that the parent ignores (nohup, a shell's background job)
// stays ignored.
func catch(signals chan os.Signal, s os.Signal) {
	if !signal.Ignored(s) {
		signal.Notify(signals, s)
	}
}

// quick is how long a check that only reads files may take before it takes over more signals than SIGTERM: each costs
// two switches of threads, and most checks are done sooner.
const quick = 50 * time.Millisecond

// A watchdog sees to it that the plugin answers: when a check or its report has panicked, when its time is up, when the
// engine sends a signal, and even when the check can't be stopped.
type watchdog struct {
	timeout   time.Duration
	onTimeout thresholds.Severity
	signals   chan os.Signal
	// waits says that the check waits for somebody else, so that it will take longer than quick.
	waits bool
	// render makes the answer of a judgement.
	render func(thresholds.Judgement) answer

	phase atomic.Value // string: what is under way
}

func (d *watchdog) setPhase(name string) { d.phase.Store(name) }

// supervise makes the check and returns its answer, or the one of what kept it from any. A check that does not end when
// its time is up, or a signal came, is left behind after its grace.
func (d *watchdog) supervise(check func(context.Context) thresholds.Judgement) answer {
	ctx, cancel := context.WithTimeout(context.Background(), d.timeout)
	defer cancel()
	done := make(chan answer, 1)
	go func() { done <- d.answer(ctx, check) }()

	var moreSignals, graceOver <-chan time.Time
	if d.waits {
		d.catchMoreSignals()
	} else {
		moreSignals = time.After(quick)
	}
	stopped := ctx.Done()
	judgement := d.timedOut
	ended := false
	for {
		select {
		case a := <-done:
			if ended {
				return d.render(judgement())
			}
			return a
		case <-moreSignals:
			d.catchMoreSignals()
		case s := <-d.signals:
			judgement, ended = func() thresholds.Judgement { return d.endedBy(s) }, true
			cancel() // now the source ends what it started, and tells the phase it was in
		case <-stopped:
			stopped, graceOver = nil, time.After(grace)
		case <-graceOver:
			return d.render(judgement())
		}
	}
}

// catchMoreSignals takes over the signals of terminals.
func (d *watchdog) catchMoreSignals() {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGHUP, syscall.SIGQUIT} {
		catch(d.signals, s)
	}
}

// answer makes the check and renders its judgement. A panic in either is UNKNOWN: go-nagios would call it CRITICAL, but
// it says nothing of the service.
func (d *watchdog) answer(ctx context.Context, check func(context.Context) thresholds.Judgement) answer {
	a, err := recovered(func() answer {
		j := check(ctx)
		if ctx.Err() == nil {
			d.setPhase("rendering") // else the check has told what it was in the middle of
		}
		return d.render(j)
	})
	if err != nil {
		a, err = recovered(func() answer {
			return d.render(failed(err, "this is a fault of the plugin, not of the service: please report what -vv shows"))
		})
	}
	if err != nil { // nothing can be rendered
		a = answer{thresholds.Unknown, "CS BACKUP UNKNOWN - the plugin did not finish: a panic in its report" + nagios.CheckOutputEOL}
	}
	return a
}

// recovered turns a panic into an error.
func recovered(work func() answer) (a answer, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicError{r, debug.Stack()}
		}
	}()
	return work(), nil
}

func (d *watchdog) endedBy(s os.Signal) thresholds.Judgement {
	return failed(fmt.Errorf("ended by signal %s while %v", s, d.phase.Load()),
		"the engine's own time limit may be shorter than --timeout")
}

// timedOut is UNKNOWN at least: nothing was judged.
func (d *watchdog) timedOut() thresholds.Judgement {
	return only(thresholds.TimedOut, thresholds.Worst(d.onTimeout, thresholds.Unknown), status.Loss{
		What: fmt.Sprint(d.phase.Load()), Advice: "--timeout sets the limit, which was " + d.timeout.String(), Err: context.DeadlineExceeded,
	})
}

// failed is the result of a plugin that could not do its work.
func failed(err error, advice string) thresholds.Judgement {
	return only(thresholds.PluginFailed, thresholds.Unknown, status.Loss{What: "the plugin did not finish", Advice: advice, Err: err})
}

// only is a judgement that has nothing but one finding, since no check was made.
func only(kind thresholds.Kind, severity thresholds.Severity, loss status.Loss) thresholds.Judgement {
	return thresholds.Judgement{Severity: severity, Findings: []thresholds.Finding{{Kind: kind, Severity: severity, Err: loss}}}
}

// A panicError is a panic that was caught.
type panicError struct {
	value any
	stack []byte
}

func (e panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// Trace returns the stack, which is shown with -vv.
func (e panicError) Trace() string { return string(e.stack) }

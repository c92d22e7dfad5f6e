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

// A watchdog sees to it that the plugin answers: when a check or its report has panicked, when its time is up, when the
// engine sends a signal, and even when the check can't be stopped.
type watchdog struct {
	timeout   time.Duration
	onTimeout thresholds.Severity
	// patience is how long the check goes on before signals are taken over: each costs switches of threads, a tenth of
	// a check that only reads a file. Until then a signal ends the process without a word, which no engine takes for
	// OK.
	patience time.Duration
	// render makes the answer of a judgement.
	render func(thresholds.Judgement) answer

	phase atomic.Value // string: what is under way
}

func (d *watchdog) setPhase(name string) { d.phase.Store(name) }

// supervise makes the check and returns its answer, or the one of what kept it from any. A check that does not end when
// its time is up, or a signal came, is left behind after its grace.
func (d *watchdog) supervise(check func(context.Context) thresholds.Judgement) answer {
	inTime, done := context.WithTimeout(context.Background(), d.timeout)
	defer done()
	ctx, cancel := context.WithCancelCause(inTime)
	defer cancel(nil)
	answers := make(chan answer, 1)
	go func() { answers <- d.answer(ctx, check) }()

	signals := make(chan os.Signal, 1)
	patience, ended := time.After(d.patience), ctx.Done()
	var graceOver <-chan time.Time
	for {
		select {
		case a := <-answers:
			return a
		case <-patience:
			catch(signals)
		case s := <-signals:
			cancel(fmt.Errorf("ended by signal %s", s)) // now the source ends what it started
		case <-ended:
			ended, graceOver = nil, time.After(grace)
		case <-graceOver:
			return d.render(d.overdue(ctx))
		}
	}
}

// catch has the runtime send to the channel the signals by which an engine, a person or a terminal ends a check:
// without that the process would end without a word. One that the parent ignores (nohup, a shell's background job)
// stays ignored.
func catch(signals chan os.Signal) {
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
}

// answer makes the check and renders its judgement. A panic in either is UNKNOWN: go-nagios would call it CRITICAL, but
// it says nothing of the service.
func (d *watchdog) answer(ctx context.Context, check func(context.Context) thresholds.Judgement) (a answer) {
	defer recovered(func(error) { // nothing can be rendered
		const text = "CS BACKUP UNKNOWN - the plugin did not finish: a panic in its report"
		a = answer{thresholds.Unknown, text + nagios.CheckOutputEOL}
	})
	defer recovered(func(err error) {
		a = d.render(failed(err, "this is a fault of the plugin, not of the service: please report what -vv shows"))
	})
	j := check(ctx)
	switch ctx.Err() {
	case nil:
		d.setPhase("rendering") // else the check has told what it was in the middle of
	case context.Canceled:
		j = d.overdue(ctx)
	}
	return d.render(j)
}

// recovered hands a panic of the function that defers it to another one, as an error.
func recovered(then func(error)) {
	if r := recover(); r != nil {
		then(panicError{r, debug.Stack()})
	}
}

// overdue is what is known of a check that was ended: by a signal, or because its time was up. It is UNKNOWN at least,
// since nothing was judged.
func (d *watchdog) overdue(ctx context.Context) thresholds.Judgement {
	cause, phase := context.Cause(ctx), fmt.Sprint(d.phase.Load())
	if cause != context.DeadlineExceeded {
		err := fmt.Errorf("%w while %s", cause, phase)
		return failed(err, "the engine's own time limit may be shorter than --timeout")
	}
	return only(thresholds.TimedOut, thresholds.Worst(d.onTimeout, thresholds.Unknown), status.Loss{
		What: phase, Advice: "--timeout sets the limit, which was " + d.timeout.String(), Err: cause,
	})
}

// failed is the result of a plugin that could not do its work.
func failed(err error, advice string) thresholds.Judgement {
	return only(thresholds.PluginFailed, thresholds.Unknown, status.Loss{
		What: "the plugin did not finish", Advice: advice, Err: err,
	})
}

// only is a judgement that has nothing but one finding, since no check was made.
func only(kind thresholds.Kind, severity thresholds.Severity, loss status.Loss) thresholds.Judgement {
	finding := thresholds.Finding{Kind: kind, Severity: severity, Err: loss}
	return thresholds.Judgement{Severity: severity, Findings: []thresholds.Finding{finding}}
}

// A panicError is a panic that was caught.
type panicError struct {
	value any
	stack []byte
}

func (e panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }

// Trace returns the stack, which is shown with -vv.
func (e panicError) Trace() string { return string(e.stack) }

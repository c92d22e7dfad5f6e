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

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// grace is how long a check may take to end what it started once its time is up.
const grace = time.Second

// catchSignals takes over the signals that would end the process without a word; it comes before all else. One that the
// parent ignores (nohup, a shell's background job) stays ignored. A closed pipe becomes an error: the default is to die
// of SIGPIPE, and an engine takes that for a failed service.
func catchSignals() <-chan os.Signal {
	signal.Ignore(syscall.SIGPIPE)
	signals := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	return signals
}

// A watchdog sees to it that the plugin answers: when a check has panicked, when its time is up, when the engine
// sends a signal, and even when the check can't be stopped.
type watchdog struct {
	timeout   time.Duration
	onTimeout thresholds.Severity
	signals   <-chan os.Signal
	// answer prints a judgement and ends the process.
	answer func(thresholds.Judgement)

	phase    atomic.Value // string: what is under way
	signal   atomic.Value // os.Signal: what ended the check
	answered atomic.Bool  // by the check, or by the watchdog
	done     chan struct{}
}

// supervise runs the check and returns its judgement, or the one of what kept it from any.
func (d *watchdog) supervise(check func(context.Context) thresholds.Judgement) thresholds.Judgement {
	ctx, cancel := context.WithTimeout(context.Background(), d.timeout)
	defer cancel()
	d.done = make(chan struct{})
	go d.watch(ctx, cancel)

	judgement := recovered(ctx, check)
	if !d.answered.CompareAndSwap(false, true) {
		select {} // the watchdog is about to end the process
	}
	close(d.done)
	if s, ok := d.signal.Load().(os.Signal); ok {
		return d.endedBy(s)
	}
	return judgement
}

// watch waits for the end of the check, of its time, or for a signal. A check that does not end then is left behind.
func (d *watchdog) watch(ctx context.Context, cancel context.CancelFunc) {
	judgement := d.timedOut
	select {
	case <-d.done:
		return
	case s := <-d.signals:
		judgement = func() thresholds.Judgement { return d.endedBy(s) }
		d.signal.Store(s)
		cancel() // now the source ends what it started, and tells the phase it was in
	case <-ctx.Done():
	}
	select {
	case <-d.done:
	case <-time.After(grace):
		if d.answered.CompareAndSwap(false, true) {
			d.answer(judgement())
		}
	}
}

// recovered turns a panic into a result: go-nagios would call it CRITICAL, but it says nothing of the service.
func recovered(ctx context.Context, check func(context.Context) thresholds.Judgement) (j thresholds.Judgement) {
	defer func() {
		if r := recover(); r != nil {
			j = failed(panicError{r, debug.Stack()}, "this is a fault of the plugin, not of the service: please report what -vv shows")
		}
	}()
	return check(ctx)
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

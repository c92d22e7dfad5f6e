package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

func newWatchdog(timeout time.Duration, answer func(thresholds.Judgement)) *watchdog {
	d := &watchdog{timeout: timeout, onTimeout: thresholds.OK, answer: answer}
	d.phase.Store("juggling")
	return d
}

// TestPanicIsUnknown: a panic is a fault of the plugin, never CRITICAL, and its trace is shown to who asks for it.
func TestPanicIsUnknown(t *testing.T) {
	j := newWatchdog(time.Minute, nil).supervise(func(context.Context) thresholds.Judgement { panic("a bug | with <markup>") })
	if j.Severity != thresholds.Unknown {
		t.Errorf("got %s", j.Severity)
	}
	out := report.Render(j, report.Options{})
	want := "CS BACKUP UNKNOWN - the plugin did not finish: panic: a bug ¦ with ‹markup› \n" +
		"    this is a fault of the plugin, not of the service: please report what -vv shows \n"
	if out != want {
		t.Errorf("got  %q\nwant %q", out, want)
	}
	if out := report.Render(j, report.Options{Verbose: 2}); !strings.Contains(out, "supervise_test.go") || strings.ContainsAny(out, "|<>\t") {
		t.Errorf("the trace: %q", out)
	}
}

// TestCheckThatEndsInTime: the check itself says what it has when its context ends.
func TestCheckThatEndsInTime(t *testing.T) {
	j := newWatchdog(50*time.Millisecond, func(thresholds.Judgement) { t.Error("the watchdog answered") }).
		supervise(func(ctx context.Context) thresholds.Judgement {
			<-ctx.Done()
			return thresholds.Judgement{Severity: thresholds.Critical}
		})
	if j.Severity != thresholds.Critical {
		t.Errorf("got %s", j.Severity)
	}
}

// TestCheckThatDoesNotEnd: the watchdog answers for it, after the timeout and the grace, and names the phase. Nothing
// was judged, so that is UNKNOWN whatever --on-timeout says.
func TestCheckThatDoesNotEnd(t *testing.T) {
	answers := make(chan thresholds.Judgement)
	start := time.Now()
	go newWatchdog(50*time.Millisecond, func(j thresholds.Judgement) { answers <- j }).
		supervise(func(context.Context) thresholds.Judgement { select {} })
	select {
	case j := <-answers:
		text := report.Render(j, report.Options{})
		if j.Severity != thresholds.Unknown || !strings.Contains(text, "not done in time while juggling") {
			t.Errorf("got %s: %s", j.Severity, text)
		}
		if late := time.Since(start); late < grace {
			t.Errorf("answered after %s, without its grace", late)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("no answer")
	}
}

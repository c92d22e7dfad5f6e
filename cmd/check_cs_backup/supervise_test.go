package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

func newWatchdog(timeout time.Duration) *watchdog {
	d := &watchdog{timeout: timeout, onTimeout: thresholds.OK}
	d.render = func(j thresholds.Judgement) answer {
		return answer{j.Severity, report.Render(j, report.Options{Verbose: 2})}
	}
	d.setPhase("juggling")
	return d
}

// TestPanicIsUnknown: a panic is a fault of the plugin, never CRITICAL, and its trace is shown to who asks for it.
func TestPanicIsUnknown(t *testing.T) {
	fine := func(context.Context) thresholds.Judgement { return thresholds.Judgement{Severity: thresholds.OK} }
	bug := func(context.Context) thresholds.Judgement { panic("a bug | with <markup>") }
	for _, c := range []struct {
		name  string
		check func(context.Context) thresholds.Judgement
		// renders is how often rendering does not panic: of the check's judgement, of the one of the panic
		renders [2]bool
		want    string
		traced  bool
	}{
		{"in the check", bug, [2]bool{true, true}, "CS BACKUP UNKNOWN - the plugin did not finish: panic: a bug ¦ with ‹markup› \n" +
			"    this is a fault of the plugin, not of the service: please report what -vv shows \n", true},
		{"in the report", fine, [2]bool{false, true}, "CS BACKUP UNKNOWN - the plugin did not finish: panic: no words \n" +
			"    this is a fault of the plugin, not of the service: please report what -vv shows \n", true},
		{"in any report", fine, [2]bool{}, "CS BACKUP UNKNOWN - the plugin did not finish: a panic in its report \n", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newWatchdog(time.Minute)
			render := d.render
			d.render = func(j thresholds.Judgement) answer {
				isPanic := len(j.Findings) > 0
				if isPanic && !c.renders[1] || !isPanic && !c.renders[0] {
					panic("no words")
				}
				return render(j)
			}
			a := d.supervise(c.check)
			if a.severity != thresholds.Unknown || !strings.HasPrefix(a.text, c.want) {
				t.Errorf("got  %s %q\nwant %q", a.severity, a.text, c.want)
			}
			trace := strings.TrimPrefix(a.text, c.want)
			if strings.Contains(trace, "supervise_test.go") != c.traced || strings.ContainsAny(trace, "|<>\t") {
				t.Errorf("the trace: %q", trace)
			}
		})
	}
}

// TestCheckThatEndsInTime: the check itself says what it has when its context ends.
func TestCheckThatEndsInTime(t *testing.T) {
	a := newWatchdog(50 * time.Millisecond).supervise(func(ctx context.Context) thresholds.Judgement {
		<-ctx.Done()
		return thresholds.Judgement{Severity: thresholds.Critical}
	})
	if a.severity != thresholds.Critical {
		t.Errorf("got %s: %s", a.severity, a.text)
	}
}

// TestWhatDoesNotEnd: the watchdog answers for a check or a report that does not end, after the timeout and the grace,
// and names the phase. Nothing was judged, so that is UNKNOWN whatever --on-timeout says.
func TestWhatDoesNotEnd(t *testing.T) {
	for phase, check := range map[string]func(context.Context) thresholds.Judgement{
		"juggling":  func(context.Context) thresholds.Judgement { select {} },
		"rendering": func(context.Context) thresholds.Judgement { return thresholds.Judgement{Severity: thresholds.OK} },
	} {
		t.Run(phase, func(t *testing.T) {
			t.Parallel()
			d := newWatchdog(500 * time.Millisecond)
			render := d.render
			d.render = func(j thresholds.Judgement) answer {
				if j.Severity == thresholds.OK {
					select {}
				}
				return render(j)
			}
			start := time.Now()
			a := d.supervise(check)
			if a.severity != thresholds.Unknown || !strings.Contains(a.text, "not done in time while "+phase) {
				t.Errorf("got %s: %s", a.severity, a.text)
			}
			if took := time.Since(start); took < d.timeout+grace {
				t.Errorf("answered after %s, without its grace", took)
			}
		})
	}
}

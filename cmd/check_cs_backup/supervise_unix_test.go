//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_cs_backup/thresholds"
)

// TestSignals: SIGTERM ends a check from its first moment on; the signals of a terminal do where the check waits for
// somebody else, and otherwise once it has taken a while.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		name string
		sent syscall.Signal
		// waits is as in watchdog, again how often the signal is sent: until it counts, where that is not at once
		waits, again bool
	}{
		{"TERM", syscall.SIGTERM, false, false},
		{"HUP while it waits", syscall.SIGHUP, true, false},
		{"QUIT while it waits", syscall.SIGQUIT, true, false},
		{"HUP while it reads for long", syscall.SIGHUP, false, true},
		{"QUIT while it reads for long", syscall.SIGQUIT, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newWatchdog(time.Minute)
			d.waits = c.waits
			signal.Notify(make(chan os.Signal, 1), c.sent) // under nohup it would be ignored, and stay so
			d.signals = catchSignals()
			t.Cleanup(func() { signal.Reset() })
			a := d.supervise(func(ctx context.Context) thresholds.Judgement {
				for ctx.Err() == nil {
					if err := syscall.Kill(syscall.Getpid(), c.sent); err != nil {
						t.Error(err)
					}
					if !c.again {
						<-ctx.Done()
					}
					time.Sleep(10 * time.Millisecond)
				}
				return thresholds.Judgement{Severity: thresholds.OK}
			})
			if a.severity != thresholds.Unknown || !strings.Contains(a.text, "ended by signal "+c.sent.String()+" while juggling") {
				t.Errorf("got %s: %s", a.severity, a.text)
			}
		})
	}
}

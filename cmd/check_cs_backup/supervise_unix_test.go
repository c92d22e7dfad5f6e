//go:build unix

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_cs_backup/thresholds"
)

// TestSignals: signals end a check at once where it waits for somebody else, and otherwise once it has taken a while.
func TestSignals(t *testing.T) {
	for _, patience := range []time.Duration{0, 50 * time.Millisecond} {
		for _, sent := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
			t.Run(fmt.Sprintf("%s after %s", sent, patience), func(t *testing.T) {
				d := newWatchdog(time.Minute)
				d.patience = patience
				signal.Notify(make(chan os.Signal, 1), sent) // else it would end the test that comes too early
				t.Cleanup(func() { signal.Reset() })
				a := d.supervise(func(ctx context.Context) thresholds.Judgement {
					for ctx.Err() == nil { // until it counts
						if err := syscall.Kill(syscall.Getpid(), sent); err != nil {
							t.Error(err)
						}
						time.Sleep(10 * time.Millisecond)
					}
					return thresholds.Judgement{Severity: thresholds.OK}
				})
				if want := "ended by signal " + sent.String() + " while juggling"; a.severity != thresholds.Unknown ||
					!strings.Contains(a.text, want) {
					t.Errorf("got %s: %s", a.severity, a.text)
				}
			})
		}
	}
}

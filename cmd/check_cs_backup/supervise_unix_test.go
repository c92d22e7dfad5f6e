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

	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

// TestSignalAtOnce: the signals of an engine count from the first moment on, not only when a check takes long.
func TestSignalAtOnce(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		d := newWatchdog(time.Minute, func(thresholds.Judgement) { t.Error("the watchdog answered") })
		signal.Notify(make(chan os.Signal, 1), sent) // under nohup it would be ignored, and stay so
		d.signals = catchSignals()
		t.Cleanup(func() { signal.Reset() })
		if err := syscall.Kill(syscall.Getpid(), sent); err != nil {
			t.Fatal(err)
		}
		j := d.supervise(func(ctx context.Context) thresholds.Judgement {
			<-ctx.Done()
			return thresholds.Judgement{Severity: thresholds.OK}
		})
		text := report.Render(j, report.Options{})
		if j.Severity != thresholds.Unknown || !strings.Contains(text, "ended by signal "+sent.String()+" while juggling") {
			t.Errorf("%s: got %s: %s", sent, j.Severity, text)
		}
	}
}

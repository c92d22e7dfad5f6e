package source

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestRealPowerShellLeavesNothing(t *testing.T) {
	withModule(t)
	for _, c := range []struct {
		pool  string
		ids   int    // how many processes there are before the run is ended
		stops bool   // the run is ended from outside
		says  string // the document where empty
	}{
		{"hang.x", 1, true, "asking for pool hang.x: context canceled"},
		{"grandchildhang.x", 2, true, "asking for pool grandchildhang.x: context canceled"},
		{"grandchild.x", 2, false, ""},
		{"endless.x", 1, false, "PowerShell printed more than 64 MiB"},
		{"exit.x", 1, false, "PowerShell ended without a document (exit status 7)"},
	} {
		t.Run(c.pool, func(t *testing.T) {
			if c.pool == "endless.x" && os.Getenv("TEST_FOLDER") != "" {
				t.Skip(".NET's garbage collection crashes under Wine 8; an endless output is tried without .NET")
			}
			file := filepath.Join(tempDir(t), "pids")
			t.Setenv("FAKE_CS_PID", file)
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			var stopped time.Time
			if c.stops {
				go func() {
					for ctx.Err() == nil {
						if text, _ := os.ReadFile(file); bytes.Count(text, []byte("\n")) == c.ids {
							// The step is told before the cmdlet is called, but comes through a pipe.
							time.Sleep(2 * time.Second)
							stopped = time.Now()
							cancel()
						}
						time.Sleep(10 * time.Millisecond)
					}
				}()
			}
			for item := range PowerShell(pwsh(t), Query{Pools: []string{c.pool}})(ctx) {
				if took := time.Since(stopped); c.stops && took > time.Second {
					t.Errorf("took %v", took)
				}
				if c.says != "" {
					wantLoss(t, item.Err, c.says)
				} else if item.Err != nil {
					t.Error(item.Err)
				} else if d := read(t, item.Data); len(d.Pools[0].Modules) != 3 {
					t.Errorf("%+v", d)
				}
				if errors.Is(item.Err, context.Canceled) != c.stops {
					t.Error(item.Err)
				}
			}
			ids := pids(t, file)
			if len(ids) != c.ids {
				t.Errorf("%d processes", len(ids))
			}
			wantGone(t, ids)
		})
	}
}

func TestImportThatHangsIsNamed(t *testing.T) {
	withModule(t)
	file := filepath.Join(tempDir(t), "pids")
	t.Setenv("FAKE_CS_PID", file)
	t.Setenv("FAKE_CS_IMPORT", "hang")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(file); err == nil {
				cancel()
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	for item := range PowerShell(pwsh(t), Query{Pools: []string{"a"}})(ctx) {
		wantLoss(t, item.Err, "importing the PowerShell module SkypeForBusiness: context canceled")
	}
	wantGone(t, pids(t, file))
}

// BenchmarkPowerShell measures what a run costs above the same PowerShell with the same script by hand.
func BenchmarkPowerShell(b *testing.B) {
	withModule(b)
	exe := pwsh(b)
	one := Query{Pools: []string{"healthy.x"}}
	three := Query{Pools: []string{"healthy1.x", "healthy2.x", "healthy3.x"}}
	byHand := func(b *testing.B, query Query) {
		if out, err := exec.Command(exe, powerShellArguments(liveScript(query))...).Output(); err != nil || len(out) == 0 {
			b.Fatal(err)
		}
	}
	ours := func(b *testing.B, query Query) { askWell(b, PowerShell(exe, query)) }
	// Turn about, so that both see the same machine.
	var hand, run time.Duration
	b.Run("overhead", func(b *testing.B) {
		hand, run = 0, 0
		for b.Loop() {
			start := time.Now()
			byHand(b, one)
			middle := time.Now()
			ours(b, one)
			hand, run = hand+middle.Sub(start), run+time.Since(middle)
		}
		b.ReportMetric(float64(hand.Milliseconds())/float64(b.N), "ms-by-hand")
		b.ReportMetric(float64(run.Milliseconds())/float64(b.N), "ms-here")
		b.ReportMetric(100*(float64(run)/float64(hand)-1), "%-more")
	})
	b.Run("three-pools", func(b *testing.B) {
		for b.Loop() {
			ours(b, three)
		}
	})
}

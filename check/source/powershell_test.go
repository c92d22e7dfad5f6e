package source

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestRealPowerShellLeavesNothing(t *testing.T) {
	withModule(t)
	for _, c := range []struct {
		pool string
		ids  int    // how many processes there are
		says string // the document where empty
	}{
		{"grandchild.x", 2, ""},
		{"endless.x", 1, fmt.Sprintf("PowerShell printed more than %d MiB", Limit>>20)},
		{"exit.x", 1, "PowerShell ended without a document (exit status 7) while asking for pool exit.x"},
	} {
		t.Run(c.pool, func(t *testing.T) {
			if c.pool == "endless.x" && os.Getenv("TEST_FOLDER") != "" {
				t.Skip(".NET's garbage collection crashes under Wine 8; an endless output is tried without .NET")
			}
			file := filepath.Join(tempDir(t), "pids")
			t.Setenv("FAKE_CS_PID", file)
			item := ask(t, patience, PowerShell(pwsh(t), Query{Pools: []string{c.pool}}))
			if c.says != "" {
				wantLoss(t, item.Err, c.says)
			} else if item.Err != nil {
				t.Error(item.Err)
			} else if d := read(t, []byte(item.Data)); len(d.Pools[0].Modules) != 3 {
				t.Errorf("%+v", d)
			}
			ids := pids(t, file)
			if len(ids) != c.ids {
				t.Errorf("%d processes", len(ids))
			}
			wantGone(t, ids)
		})
	}
}

// A question that hangs costs only itself: what was asked before is there, and the error names what hangs.
func TestQuestionThatHangsCostsOnlyItself(t *testing.T) {
	withModule(t)
	for _, c := range []struct {
		name  string
		env   map[string]string
		query Query
		asked string   // what is asked in vain
		says  string   // the phase
		pools []string // what came before
	}{
		{"the first pool", nil, Query{Pools: []string{"hang.x", "single.x"}}, "hang.x",
			"asking for pool hang.x (not asked yet: single.x): context deadline exceeded", nil},
		{"with a grandchild", nil, Query{Pools: []string{"grandchildhang.x"}}, "grandchildhang.x",
			"asking for pool grandchildhang.x: context deadline exceeded", nil},
		{"a later pool", nil, Query{Pools: []string{"single.x", "sick.x", "hang.x", "healthy.x", "none.x"}}, "hang.x",
			"asking for pool hang.x (not asked yet: healthy.x, none.x): context deadline exceeded", []string{"single.x", "sick.x"}},
		{"a backup pool", map[string]string{"FAKE_CS_PAIR": "hang"}, Query{Pools: []string{"single.x", "sick.x"}, Pair: true},
			"Get-CsPoolBackupRelationship single.x",
			"asking for the backup pool of single.x: context deadline exceeded", []string{"single.x", "sick.x"}},
		{"the CMS master", map[string]string{"FAKE_CS_CMS": "hang"}, Query{Pools: []string{"single.x"}, Pair: true},
			"Get-CsService CentralManagement",
			"asking for the CMS master: context deadline exceeded", []string{"single.x", "partner.contoso.com"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			folder := tempDir(t)
			processes, asked := filepath.Join(folder, "pids"), filepath.Join(folder, "asked")
			t.Setenv("FAKE_CS_PID", processes)
			t.Setenv("FAKE_CS_ASKED", asked)
			for name, value := range c.env {
				t.Setenv(name, value)
			}
			seen := holds(asked, c.asked)
			if c.name == "with a grandchild" { // that comes behind the question
				seen = func() bool { text, _ := os.ReadFile(processes); return bytes.Count(text, []byte("\n")) == 2 }
			}
			item, took := askUntil(t, PowerShell(pwsh(t), c.query), seen)
			if took > atOnce {
				t.Errorf("took %v", took)
			}
			loss := wantLoss(t, item.Err)
			if loss.Error() != c.says {
				t.Errorf("got  %s\nwant %s", loss, c.says)
			}
			var names []string
			if item.Data != "" {
				d := parse(t, []byte(item.Data))
				names = d.names()
				if modules := d.Pools[0].Modules; len(modules) != 1 || modules[0].Identity != "UserServices.PresenceFocus" {
					t.Errorf("%+v", d)
				}
			}
			if !slices.Equal(names, c.pools) {
				t.Errorf("got %q, want %q", names, c.pools)
			}
			wantGone(t, pids(t, processes))
		})
	}
}

func TestPoolThatEndsPowerShellCostsOnlyItself(t *testing.T) {
	withModule(t)
	item := ask(t, patience, PowerShell(pwsh(t), Query{Pools: []string{"single.x", "exit.x", "healthy.x"}}))
	wantLoss(t, item.Err, "PowerShell ended without a document (exit status 7) while asking for pool exit.x (not asked yet: healthy.x)")
	if d := parse(t, []byte(item.Data)); !slices.Equal(d.names(), []string{"single.x"}) {
		t.Errorf("%+v", d)
	}
}

func TestImportThatHangsIsNamed(t *testing.T) {
	withModule(t)
	file := filepath.Join(tempDir(t), "pids")
	t.Setenv("FAKE_CS_PID", file)
	t.Setenv("FAKE_CS_IMPORT", "hang")
	item, _ := askUntil(t, PowerShell(pwsh(t), Query{Pools: []string{"a"}}), holds(file, "\n"))
	wantLoss(t, item.Err, "importing the PowerShell module SkypeForBusiness: context deadline exceeded")
	if item.Data != "" {
		t.Errorf("%s", item.Data)
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
		cmd := exec.Command(exe, powerShellArguments(fromEnvironment)...)
		cmd.Env = append(os.Environ(), scriptVariable+"="+liveScript(query, time.Minute))
		if out, err := cmd.Output(); err != nil || len(out) == 0 {
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

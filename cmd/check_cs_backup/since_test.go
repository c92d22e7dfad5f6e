package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// collected is what the collector writes for a pool whose export has a backlog, dated so long before testNow.
func collected(pool string, age time.Duration) string {
	return fmt.Sprintf(`{"schema":"check_cs_backup/1","collectedAt":%q,"pools":[{"poolFqdn":%q,"modules":[`+
		`{"identity":"ConfServices.DataConf","exportStatus":"NonSteadyState","importStatus":"NormalState"}]}]}`,
		testNow.Add(-age).Format(time.RFC3339), pool)
}

// TestManyProcessesShareAMemory: checks at once, each of a pool of its own, lose nothing of what each other wrote.
func TestManyProcessesShareAMemory(t *testing.T) {
	many := 24
	if testing.Short() {
		many = 6
	}
	folder := t.TempDir()
	for _, round := range []struct {
		age  time.Duration
		want string
	}{{10 * time.Minute, "WARNING - pool%02d: ConfServices.DataConf export NonSteadyState, unhealthy for at least 0 s"},
		{time.Minute, "CRITICAL - pool%02d: ConfServices.DataConf export NonSteadyState, unhealthy for at least 9 min (by --critical)"}} {
		checks := make([]*exec.Cmd, many)
		outputs := make([]bytes.Buffer, many)
		for i := range checks {
			file := filepath.Join(folder, fmt.Sprintf("status%02d.json", i))
			write(t, file, collected(fmt.Sprintf("pool%02d", i), round.age))
			checks[i] = exec.Command("check_cs_backup", "-f", file, "--state-file", filepath.Join(folder, "state.json"), "-c", "5m", "-t",
				"120")
			checks[i].Stdout = &outputs[i]
		}
		for _, check := range checks {
			if err := check.Start(); err != nil {
				t.Fatal(err)
			}
		}
		for i, check := range checks {
			check.Wait() // the exit code is that of the output
			want := "CS BACKUP " + fmt.Sprintf(round.want, i) + " |"
			if out := outputs[i].String(); !strings.HasPrefix(out, want) || strings.Contains(out, "--state-file") {
				t.Errorf("got %s\nwant %s", out, want)
			}
		}
	}
	state := string(must(os.ReadFile(filepath.Join(folder, "state.json"))))
	if n := strings.Count(state, `"exportUnhealthySince"`); n != many {
		t.Errorf("%d pools are remembered: %s", n, state)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestNothingIsLostToAnEnd: a check that is ended while it writes leaves the old memory, or the new one.
func TestNothingIsLostToAnEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts many processes")
	}
	folder := t.TempDir()
	status, state := filepath.Join(folder, "status.json"), filepath.Join(folder, "state.json")
	write(t, status, collected("pool01", time.Hour))
	start := func() *exec.Cmd {
		check := exec.Command("check_cs_backup", "-f", status, "--max-age", "0", "--state-file", state)
		if err := check.Start(); err != nil {
			t.Fatal(err)
		}
		return check
	}
	start().Wait()
	for i := range 40 {
		write(t, status, collected("pool01", time.Hour-time.Duration(i+1)*time.Minute))
		before := must(os.ReadFile(state))
		check := start()
		ended := make(chan struct{})
		go func() { check.Wait(); close(ended) }()
		select {
		case <-ended: // it was faster
		case <-time.After(time.Duration(i) * time.Millisecond / 2): // the moment is what is tried
			check.Process.Kill()
			<-ended
		}
		after := must(os.ReadFile(state))
		if !bytes.Equal(before, after) && !bytes.Contains(after,
			[]byte(testNow.Add(-time.Hour+time.Duration(i+1)*time.Minute).Format(time.RFC3339))) {
			t.Fatalf("after %d: %s", i, after)
		}
		if !bytes.Contains(after, []byte(`"exportUnhealthySince": "2026-11-24T18:00:40Z"`)) {
			t.Fatalf("the row is lost after %d: %s", i, after)
		}
	}
	out := must(exec.Command("check_cs_backup", "-f", status, "--max-age", "0", "--state-file", state, "-r", "NonSteadyState=ok").Output())
	if strings.Contains(string(out), "failed") {
		t.Errorf("the next check: %s", out)
	}
	entries := must(fs.Glob(os.DirFS(folder), "*"))
	if got := strings.Join(entries, " "); got != "state.json state.json.lock status.json" {
		t.Errorf("left: %s", got)
	}
}

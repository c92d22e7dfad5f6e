package main

import (
	"strings"
	"testing"
	"time"
	"unicode"

	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

// FuzzParse: whatever the arguments and the environment are, they are read, or refused with an error that names no
// character which nobody sees; and no name is taken that a shell or a script could misread.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"-f\nstatus.json\n-P\npool01.contoso.com.", "--pool\n--verbose=2", "-Pair", "–f\nx", "-H\nCONTOSO\\svc$@[::1]\n-Ppool01",
		"-r\nA.*/export:X=ok\n-fx", "-t\n1d12h\n-f\n-", "-vvv=2", "--=\n-\n--\n---", "-P\n$ARG1$\n-o\njson", "--cms-master=NONE",
	} {
		f.Add(seed, "")
		f.Add("-f\nx", seed)
	}
	f.Fuzz(func(t *testing.T, line, variables string) {
		getenv := func(name string) string {
			if strings.HasPrefix(name, "CHECK_CS_BACKUP_") {
				return variables
			}
			return ""
		}
		args := strings.Split(line, "\n")
		flags, _, err := parse(args, getenv)
		if err != nil {
			out := report.Render(wrongUse(err), report.Options{})
			isControl := strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), unicode.IsControl)
			if !strings.HasPrefix(out, "CS BACKUP UNKNOWN - wrong use: ") || isControl {
				t.Errorf("%q: %q", line, out)
			}
			return
		}
		for _, pool := range flags.Pool {
			if thresholds.CheckName(string(pool), "") != nil || pool == "" || pool[0] == '-' {
				t.Errorf("%q: pool %q", line, pool)
			}
		}
		if strings.ContainsAny(string(flags.Hostname), "`|&;<>(){}'\"\n*?!") || strings.HasPrefix(string(flags.Hostname), "-") {
			t.Errorf("%q: host %q", line, flags.Hostname)
		}
		if flags.timeout() <= 0 || flags.maxAge() < 0 {
			t.Errorf("%q: timeout %s, max age %s", line, flags.timeout(), flags.maxAge())
		}
	})
}

// TestDefaults: what the flags come to that are not given, and what a flag does to a variable.
func TestDefaults(t *testing.T) {
	for _, c := range []struct {
		name, line         string
		timeout, maxAge    time.Duration
		dateNeeded, prefix bool
		perfData           report.PerfData
	}{
		{"a file", "-f x", 10 * time.Second, 15 * time.Minute, false, true, report.PerfModules},
		{"standard input", "-f -", 55 * time.Second, 15 * time.Minute, false, true, report.PerfModules},
		{"a file and standard input", "-f x -f -", 55 * time.Second, 15 * time.Minute, false, true, report.PerfModules},
		{"PowerShell", "-P pool01", 55 * time.Second, 15 * time.Minute, false, false, report.PerfModules},
		{"a pair", "-P pool01 --pair", 55 * time.Second, 15 * time.Minute, false, true, report.PerfModules},
		{"two pools", "-P pool01 -P pool02", 55 * time.Second, 15 * time.Minute, false, true, report.PerfModules},
		{"a pool of a file", "-f x -P pool01", 10 * time.Second, 15 * time.Minute, false, false, report.PerfModules},
		{"times", "-f x -t 5 --max-age 1h", 5 * time.Second, time.Hour, true, true, report.PerfModules},
		{"a word in another case", "-f x --perfdata Counts", 10 * time.Second, 15 * time.Minute, false, true, report.PerfCounts},
		{"no age", "-f x --max-age 0 -t 0.5s", 500 * time.Millisecond, 0, true, true, report.PerfModules},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, _, err := parse(strings.Fields(c.line), func(string) string { return "" })
			if err != nil {
				t.Fatal(err)
			}
			if f.timeout() != c.timeout || f.maxAge() != c.maxAge || f.rules().DateNeeded != c.dateNeeded {
				t.Errorf("timeout %s, age %s, date needed: %v", f.timeout(), f.maxAge(), f.rules().DateNeeded)
			}
			if options := f.report(); options.PerfData != c.perfData || options.Prefix != c.prefix {
				t.Errorf("performance data of %s, prefix: %v", options.PerfData, options.Prefix)
			}
		})
	}
}

package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"check_cs_backup/check/report"
	"check_cs_backup/thresholds"
)

// TestFormatOf finds the format in a command line, however wrong the rest is.
func TestFormatOf(t *testing.T) {
	for line, want := range map[string]report.Format{
		"": report.Nagios, "-o json": report.JSON, "-ojson": report.JSON, "-o=JSON": report.JSON, "--output json": report.JSON,
		"--output=Json": report.JSON, "-vvo json": report.JSON, "-vojson": report.JSON, "-Output json": report.JSON,
		"--OUTPUT=json": report.JSON, "–o json": report.JSON, "-o nagios": report.Nagios, "-o": report.Nagios,
		"-o json -o nagios": report.Nagios, "--output nagios -ojson": report.JSON, "-f json": report.Nagios,
		"-f -o json --nonsense": report.JSON, "-o xml": report.Nagios, "output json": report.Nagios, "-so json": report.Nagios,
		"do json": report.Nagios, "!o json": report.Nagios,
	} {
		getenv := func(string) string { return "" }
		if got := formatOf(strings.Fields(line), getenv); got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
	getenv := func(name string) string { return map[string]string{"CHECK_CS_BACKUP_OUTPUT": " JSON\r"}[name] }
	if formatOf(nil, getenv) != report.JSON || formatOf([]string{"-onagios"}, getenv) != report.Nagios {
		t.Error("the environment does not count, or it wins over the flag")
	}
}

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
		formatOf(args, getenv)
		flags, _, err := parse(args, getenv)
		if err != nil {
			out := report.Render(wrongUse(err), report.Options{})
			if !strings.HasPrefix(out, "CS BACKUP UNKNOWN - wrong use: ") || strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), unicode.IsControl) {
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
		if flags.timeout() <= 0 || flags.maxAge() < 0 || flags.Verbose < 0 {
			t.Errorf("%q: timeout %s, max age %s, verbose %d", line, flags.timeout(), flags.maxAge(), flags.Verbose)
		}
	})
}

// TestDefaults: what the flags come to that are not given, and what a flag does to a variable.
func TestDefaults(t *testing.T) {
	for line, want := range map[string]string{
		"-f x":                     "10s 15m0s false modules true",
		"-f -":                     "55s 15m0s false modules true",
		"-f x -f -":                "55s 15m0s false modules true",
		"-P pool01":                "55s 15m0s false modules false",
		"-P pool01 --pair":         "55s 15m0s false modules true",
		"-P pool01 -P pool02":      "55s 15m0s false modules true",
		"-f x -P pool01":           "10s 15m0s false modules false",
		"-f x -t 5 --max-age 1h":   "5s 1h0m0s true modules true",
		"-f x --perfdata Counts":   "10s 15m0s false counts true",
		"-f x --max-age 0 -t 0.5s": "500ms 0s true modules true",
	} {
		f, _, err := parse(strings.Fields(line), func(string) string { return "" })
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		got := fmt.Sprint(f.timeout(), f.maxAge(), f.rules().DateNeeded, " ", f.report().PerfData, " ", f.report().Prefix)
		if got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
}

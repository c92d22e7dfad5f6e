package report

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

var now = time.Date(2026, 11, 24, 19, 0, 40, 0, time.UTC)

func settings() thresholds.Settings {
	return thresholds.Settings{
		Profile: thresholds.Default, CMSMaster: "auto", MaxAge: 15 * time.Minute,
		OnStale: thresholds.Critical, OnMissing: thresholds.Critical,
	}
}

func options() Options {
	return Options{MaxAge: 15 * time.Minute, OnStale: thresholds.Critical, RunTime: 4200 * time.Microsecond, Version: "1.2.3"}
}

// prefixed are the options of anything but one --pool without --pair.
func prefixed() Options {
	o := options()
	o.Prefix = true
	return o
}

func module(identity string, export, imports status.State) status.Module {
	return status.Module{Identity: identity, Export: export, Import: imports}
}

func input(pools ...status.Pool) thresholds.Input {
	return thresholds.Input{Snapshot: status.Snapshot{
		Origin: "status.json", CollectedAt: now.Add(-40 * time.Second), Pools: pools,
	}}
}

var (
	users  = module("UserServices.PresenceFocus", "FinalState", "NormalState")
	broken = module("ConfServices.DataConf", "ErrorState", "NormalState")
	slow   = module("ConfServices.DataConf", "NonSteadyState", "NormalState")
	idle   = module("CentralMgmt.CMSMaster", "NotInitialized", "NormalState")
)

func pool(name string, modules ...status.Module) status.Pool {
	return status.Pool{Name: name, Modules: modules}
}

func render(o Options, s thresholds.Settings, inputs ...thresholds.Input) string {
	return Render(thresholds.Judge(inputs, s, now), o)
}

// unify takes the blank off the ends of lines that go-nagios puts there for Nagios XI.
func unify(text string) string { return strings.ReplaceAll(text, " \n", "\n") }

const (
	threePerf = `'modules_ok'=2;;;0; 'modules_warning'=0;;;0; 'modules_critical'=1;;;0; 'modules_unknown'=0;;;0; 'age'=40s;;900;; ` +
		`'time'=0.004s;;;0; ` +
		`'presencefocus_export'=0;0;1;0;3 'presencefocus_import'=0;0;1;0;3 ` +
		`'dataconf_export'=2;0;1;0;3 'dataconf_import'=0;0;1;0;3 'cmsmaster_export'=0;0;1;0;3 'cmsmaster_import'=0;0;1;0;3`
)

const (
	fileStoreAdvice = "see to the partner's file store (event 4042): network, permissions, SMB 445 from each front end; " +
		"NAS devices are not supported"
	backlogAdvice = "changes come faster than they are copied, a backlog builds: beyond 30 minutes (Lync Server 2013) or 5 " +
		"(Skype for Business Server) the published recovery point is missed; " +
		"Invoke-CsBackupServiceSync -PoolFqdn pool02 starts a sync now"
	deniedAdvice = "run it as a member of RTCUniversalServerAdmins (CsAdministrator is not enough), or add a group with " +
		"Set-CsBackupServiceConfiguration -AuthorizedUniversalGroups; a new membership needs a new logon"
)

var renderTests = []struct {
	name, got, want string
}{
	{"one broken module", render(options(), settings(), input(pool("pool01.contoso.com", users, broken, idle))),
		`CS BACKUP CRITICAL - pool01.contoso.com: ConfServices.DataConf export ErrorState (2 more modules healthy) | ` + threePerf + `
[CRITICAL] pool01.contoso.com, collected 40 s ago
[CRITICAL] ConfServices.DataConf: export ErrorState, import NormalState
    ` + fileStoreAdvice + `
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] CentralMgmt.CMSMaster: export NotInitialized (taken for not the CMS master, which is not known), import NormalState
`},
	{"healthy", render(options(), settings(), input(pool("pool01.contoso.com", users))),
		`CS BACKUP OK - pool01.contoso.com: 1 module healthy | …
[OK] pool01.contoso.com, collected 40 s ago
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`},
	{"two pools, the sick one first", render(prefixed(), settings(), input(pool("pool01", users), pool("pool02", slow, users))),
		`CS BACKUP WARNING - pool02: ConfServices.DataConf export NonSteadyState (2 more modules healthy) | …
[WARNING] pool02, collected 40 s ago
[WARNING] ConfServices.DataConf: export NonSteadyState, import NormalState
    ` + backlogAdvice + `
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] pool01, collected 40 s ago: 1 module healthy
`},
	{"stale", render(options(), settings(), func() thresholds.Input {
		in := input(pool("pool01", users))
		in.CollectedAt = now.Add(-3 * time.Hour)
		return in
	}()),
		`CS BACKUP CRITICAL - pool01: the status is 3 h old, the limit is 15 min (1 module healthy when last seen) | …
[CRITICAL] pool01, collected 3 h ago
[CRITICAL] the status is 3 h old, the limit is 15 min
    see whether the collector's scheduled task runs; what the status says may no longer be so
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`},
	{"a file that is not there", render(options(), settings(), thresholds.Input{
		Snapshot: status.Snapshot{Origin: "a.json"}, Err: status.Loss{What: "does not exist", Advice: "make it"},
	}),
		`CS BACKUP UNKNOWN - a.json: does not exist | …
[UNKNOWN] a.json: does not exist
    make it
`},
	{"access denied for one of two pools", render(prefixed(), settings(),
		input(status.Pool{Name: "pool01", Err: "Access is\r\ndenied."}, pool("pool02", users))),
		`CS BACKUP UNKNOWN - pool01: the status could not be fetched: Access is denied. (1 module healthy) | …
[UNKNOWN] pool01, collected 40 s ago
[UNKNOWN] the status could not be fetched: Access is denied.
    ` + deniedAdvice + `
[OK] pool02, collected 40 s ago: 1 module healthy
`},
	{"an ignored module", render(options(), func() thresholds.Settings {
		s := settings()
		s.Ignore = []thresholds.Pattern{"Conf*"}
		return s
	}(), input(pool("pool01", broken, users))),
		`CS BACKUP OK - pool01: 1 module healthy | …
[OK] pool01, collected 40 s ago
ConfServices.DataConf: export ErrorState, import NormalState (ignored)
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`},
	{"a fault that was set to be fine", render(options(), func() thresholds.Settings {
		s := settings()
		s.OnMissing, s.Expect = thresholds.OK, []thresholds.Pattern{"A.B"}
		return s
	}(), input(pool("pool01", users))),
		`CS BACKUP OK - pool01: 1 module healthy (1 fault set to ok) | …
[OK] pool01, collected 40 s ago
[OK] module A.B is missing
    --expect asks for it; see whether the status was taken with a --category that leaves it out
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`},
	{"the worst first, a finding or a module", render(options(), func() thresholds.Settings {
		s := settings()
		s.OnStale = thresholds.Warning
		return s
	}(), func() thresholds.Input {
		in := input(pool("pool01", users, broken))
		in.CollectedAt = now.Add(-3 * time.Hour)
		return in
	}()),
		`CS BACKUP CRITICAL - pool01: ConfServices.DataConf export ErrorState (1 more problem, 1 module healthy when last seen) | …
[CRITICAL] pool01, collected 3 h ago
[CRITICAL] ConfServices.DataConf: export ErrorState, import NormalState
    ` + fileStoreAdvice + `
[WARNING] the status is 3 h old, the limit is 15 min
    see whether the collector's scheduled task runs; what the status says may no longer be so
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`},
	{"wrong use has nothing to measure", Render(thresholds.Judgement{Findings: []thresholds.Finding{{
		Kind: thresholds.PluginFailed, Err: status.Loss{What: "wrong use", Err: errors.New("unknown flag --x"), Advice: "see --help"},
	}}}, options()),
		"CS BACKUP UNKNOWN - wrong use: unknown flag --x\n    see --help\n"},
}

// perfdataOf is the performance data of an output, for tests of the rest of it.
var perfdataOf = regexp.MustCompile(` \| '[^\n]*\n`)

// TestRender shows the whole output, as docs/design.md, The output, and docs/engines.md, The output contract, have it;
// the performance data once.
func TestRender(t *testing.T) {
	for _, tt := range renderTests {
		t.Run(tt.name, func(t *testing.T) {
			got := unify(tt.got)
			if strings.Contains(tt.want, " | …\n") {
				got = perfdataOf.ReplaceAllString(got, " | …\n")
			}
			if got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// TestVerbosityNeverChangesTheFirstLine: docs/engines.md, Performance data.
func TestVerbosityNeverChangesTheFirstLine(t *testing.T) {
	inputs := []thresholds.Input{input(pool("pool01", users, broken), pool("pool02", users))}
	first := ""
	for verbose := range 5 {
		o := prefixed()
		o.Verbose = verbose
		line, _, _ := strings.Cut(render(o, settings(), inputs...), "\n")
		if verbose == 0 {
			first = line
		}
		if line != first {
			t.Errorf("with %d: %s\nwithout: %s", verbose, line, first)
		}
	}
}

func TestVerboseShowsHealthyPools(t *testing.T) {
	in := input(pool("pool01", users), pool("pool02", users))
	in.Pools[0].Backup, in.Pools[0].ActiveMachine = "pool02", "fe01.contoso.com"
	in.Host, in.PSModule = "FE01", "Lync"
	o := options()
	o.Verbose = 2
	_, long, _ := strings.Cut(unify(render(o, settings(), in)), "\n")
	want := `[OK] pool01 to pool02: 1 module healthy
[OK] pool02 to pool01: 1 module healthy
[OK] pool01, collected 40 s ago, from status.json, backup pool pool02, service active on fe01.contoso.com` +
		`, dated 2026-11-24 19:00:00Z, collected on FE01, PowerShell module Lync
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
[OK] pool02, collected 40 s ago, from status.json, dated 2026-11-24 19:00:00Z, collected on FE01, PowerShell module Lync
[OK] UserServices.PresenceFocus: export FinalState, import NormalState
`
	if long != want {
		t.Errorf("got:\n%s\nwant:\n%s", long, want)
	}
}

// TestWhoIsMaster: the reason says who told.
func TestWhoIsMaster(t *testing.T) {
	for _, tt := range []struct{ collector, option, want string }{
		{"", "auto", "export NotInitialized (taken for not the CMS master, which is not known)"},
		{"pool02", "auto", "export NotInitialized (this pool is not the CMS master)"},
		{"pool01", "auto", "export NotInitialized (this pool is the CMS master)"},
		{"pool01", "none", "export NotInitialized (this pool is not the CMS master)"},
		{"pool01", "pool02", "export NotInitialized (pool02 is the CMS master by --cms-master)"},
		{"pool02", "pool01", "export NotInitialized (pool01 is the CMS master by --cms-master)"},
	} {
		in, s := input(pool("pool01", idle)), settings()
		in.CMSMaster, s.CMSMaster = tt.collector, tt.option
		if got := render(options(), s, in); !strings.Contains(got, "CentralMgmt.CMSMaster: "+tt.want+", import NormalState") {
			t.Errorf("collector %q, option %q: %s", tt.collector, tt.option, got)
		}
	}
}

// TestManyPools: problems come first, healthy pools are counted, and the output stays within its budget.
func TestManyPools(t *testing.T) {
	var pools []status.Pool
	for i := range 10_000 {
		m := users
		if i%1000 == 999 {
			m = slow
		}
		pools = append(pools, pool(fmt.Sprintf("pool%05d.contoso.com", i), m))
	}
	out := unify(render(prefixed(), settings(), input(pools...)))
	lines := strings.Split(out, "\n")
	if want := "CS BACKUP WARNING - pool00999.contoso.com: ConfServices.DataConf export NonSteadyState (9 more problems, 9,990 modules " +
		"healthy) | " +
		"'modules_ok'=9990;;;0; 'modules_warning'=10;;;0; 'modules_critical'=0;;;0; 'modules_unknown'=0;;;0; 'age'=40s;;900;; " +
		"'time'=0.004s;;;0;"; lines[0] != want {
		t.Errorf("got  %s\nwant %s", lines[0], want)
	}
	if want := "[OK] 9,990 healthy pools, 9,990 modules"; lines[len(lines)-2] != want {
		t.Errorf("the last line is %q", lines[len(lines)-2])
	}
	if strings.Count(out, "[WARNING]") != 20 {
		t.Errorf("%d lines with problems", strings.Count(out, "[WARNING]"))
	}
}

// TestExcusedAmongMany: a pool with a fault that is set to ok is no healthy one, so it is shown beside those that are
// counted, wherever it stands among them.
func TestExcusedAmongMany(t *testing.T) {
	var pools []status.Pool
	for i := range 20 {
		pools = append(pools, pool(fmt.Sprintf("pool%02d", i), users))
	}
	pools[7].BackupErr = "denied"
	s := settings()
	s.OnFailure = thresholds.OK
	_, got, _ := strings.Cut(unify(render(prefixed(), s, input(pools...))), "\n")
	if want := `[OK] pool07, collected 40 s ago
[OK] the backup pool is not known: denied
`; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "\n[OK] 19 healthy pools, 19 modules\n") {
		t.Errorf("got:\n%s", got)
	}
}

// TestTooLong: what is healthy is left out first, then advice, then problems; a line says how much.
func TestTooLong(t *testing.T) {
	var sick []status.Pool
	for i := range 500 {
		sick = append(sick, pool(fmt.Sprintf("pool%05d.contoso.com", i), broken, users))
	}
	for verbose, budget := range map[int]int{0: 8 << 10, 3: 64 << 10} {
		o := options()
		o.Verbose = verbose
		out := render(o, settings(), input(sick...))
		if len(out) > budget || len(out) < budget/2 {
			t.Errorf("-v %d: %d bytes", verbose, len(out))
		}
		if strings.Contains(out, "[OK]") {
			t.Error("a healthy module stands there, but not all the sick ones")
		}
		if !regexp.MustCompile(`\n[0-9,]+ more lines left out to keep the output short: see --output json \n$`).MatchString(out) {
			t.Errorf("the end is %q", out[len(out)-100:])
		}
	}
	var healthyToo []status.Module
	for i := range 200 {
		healthyToo = append(healthyToo, module(fmt.Sprintf("Made.Up%03d", i), "FinalState", "NormalState"))
	}
	out := render(options(), settings(), input(pool("pool01", append(healthyToo, broken)...)))
	if !strings.Contains(out, "[CRITICAL] ConfServices.DataConf") || !strings.Contains(out, "(event 4042)") {
		t.Errorf("a problem was left out for something healthy:\n%s", out)
	}
}

func TestPoolNameNeverBecomesACommand(t *testing.T) {
	for name, want := range map[string]string{
		"pool01.contoso.com": " -PoolFqdn pool01.contoso.com", "": " -PoolFqdn FQDN", "a; Remove-Item x": " -PoolFqdn FQDN",
		"-Force": " -PoolFqdn FQDN", "$(x)": " -PoolFqdn FQDN", "pöol": " -PoolFqdn FQDN",
	} {
		t.Run(name, func(t *testing.T) {
			if got := poolParameter(name); got != want {
				t.Errorf("%q: %q", name, got)
			}
		})
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 40 * time.Second: "40 s", 119 * time.Second: "119 s", 2 * time.Minute: "2 min", 119 * time.Minute: "119 min",
		2 * time.Hour: "2 h", 47 * time.Hour: "47 h", 48 * time.Hour: "2 days",
	} {
		t.Run(d.String(), func(t *testing.T) {
			if got := duration(d); got != want {
				t.Errorf("%v: %q, want %q", d, got, want)
			}
		})
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// FuzzRender: whatever was read, the output keeps the output contract of docs/engines.md.
func FuzzRender(f *testing.F) {
	f.Add("pool01", "ConfServices.DataConf", "ErrorState", "NormalState", "", "status.json", uint8(0))
	f.Add("a|b", "x='1'::\n", "\x1b[31m", "[OK]", "Access is denied.\r\n", "\xff\xfe", uint8(3))
	f.Add(" ", "\t", "\xf2", "\x00", "\x00", " ", uint8(3)) // names of blanks alone: labels must not be empty
	f.Add("<script>", "…", "", "\u202e", "\x00", strings.Repeat("long ", 1000), uint8(200))
	f.Add("\u3164", "\u2800", "a\ufe0f", "\u115f", `C:\temp\new`, `\\fs01\csbackup$`, uint8(12))
	f.Fuzz(func(t *testing.T, name, identity, export, imports, failure, origin string, n uint8) {
		in := thresholds.Input{Snapshot: status.Snapshot{Origin: origin, CollectedAt: now.Add(-time.Duration(n) * time.Minute),
			CMSMaster: name}}
		for i := range int(n) {
			in.Pools = append(in.Pools, status.Pool{Name: name + strconv.Itoa(i), Backup: name, ActiveMachine: origin,
				Modules: []status.Module{
					module(identity, status.State(export), status.State(imports)),
					module(identity+"x", status.State(imports), status.State(export)),
				}})
		}
		in.Pools = append(in.Pools, status.Pool{Name: name, Err: failure,
			Modules: []status.Module{module(identity, status.State(export), status.State(imports))}})
		in.Losses = append(in.Losses, status.Loss{Line: int(n), What: failure, Advice: origin})
		inputs := []thresholds.Input{in, {Snapshot: status.Snapshot{Origin: origin}, Err: errors.New(failure)}}
		s := settings()
		s.Expect, s.Profile = []thresholds.Pattern{thresholds.Pattern(imports)}, thresholds.Failover
		j := thresholds.Judge(inputs, s, now)
		if code := j.Severity.Code(); code < 0 || code > 3 || code == 0 {
			t.Errorf("exit code %d", code)
		}
		o := options()
		o.Verbose, o.Prefix = int(n%4), n%2 == 0
		o.PerfData = []PerfData{PerfModules, PerfPools, PerfCounts}[n%3]
		checkContract(t, Render(j, o), o.Verbose)
		o.Format = JSON
		checkJSON(t, Render(j, o))
	})
}

// checkContract is the output contract of docs/engines.md as a strict reader has it.
func checkContract(t *testing.T, out string, verbose int) {
	t.Helper()
	if !utf8.ValidString(out) {
		t.Error("not valid UTF-8")
	}
	if strings.Count(out, "|") > 1 {
		t.Errorf("more than one |: %q", out)
	}
	for _, r := range out {
		if r != '\n' && unicode.IsControl(r) || r == '<' || r == '>' || r == '\\' || unicode.Is(unicode.Bidi_Control, r) ||
			status.IsInvisible(r) {
			t.Errorf("%q in %q", r, out)
		}
	}
	if budget := map[bool]int{false: 8 << 10, true: 64 << 10}[verbose >= 3]; len(out) > budget {
		t.Errorf("%d bytes", len(out))
	}
	first, _, _ := strings.Cut(out, "\n")
	text, perf, found := strings.Cut(first, " | ")
	if !strings.HasPrefix(text, "CS BACKUP ") || !found {
		t.Fatalf("first line: %q", first)
	}
	if len([]rune(text)) > 400 {
		t.Errorf("a first line of %d characters", len([]rune(text)))
	}
	if len(perf) > perfBudget {
		t.Errorf("%d bytes of performance data", len(perf))
	}
	checkPerfdata(t, strings.TrimSuffix(perf, " "))
}

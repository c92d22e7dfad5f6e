package main

import (
	"errors"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/report"
	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// flags is the command line, for kong.
type flags struct {
	File           []string  `group:"source" short:"f" placeholder:"PATH"`
	PowerShell     bool      `group:"source" name:"powershell"`
	Hostname       sshTarget `group:"source" short:"H" placeholder:"HOST"`
	SSHOption      []string  `group:"source" name:"ssh-option" placeholder:"OPT"`
	PowerShellPath string    `group:"source" name:"powershell-path" placeholder:"EXE"`
	Category       []string  `group:"source" placeholder:"NAME" enum:"CMS,UserData,RGS"`
	Pair           bool      `group:"source"`
	NoEvents       bool      `group:"source" name:"no-events"`

	Pool      []hostName           `group:"what" short:"P" placeholder:"FQDN"`
	CMSMaster cmsMaster            `group:"what" name:"cms-master" placeholder:"FQDN" default:"auto"`
	Expect    []thresholds.Pattern `group:"what" placeholder:"MODULE"`
	Ignore    []thresholds.Pattern `group:"what" placeholder:"MODULE"`

	Profile   thresholds.Profile  `group:"how" placeholder:"NAME" enum:"default,failover" default:"default"`
	Rule      []thresholds.Rule   `group:"how" short:"r" placeholder:"RULE"`
	MaxAge    *thresholds.Span    `group:"how" placeholder:"TIME"`
	OnStale   thresholds.Severity `group:"how" placeholder:"SEVERITY" default:"critical"`
	OnMissing thresholds.Severity `group:"how" placeholder:"SEVERITY" default:"critical"`
	OnFailure thresholds.Severity `group:"how" placeholder:"SEVERITY" default:"unknown"`
	OnTimeout thresholds.Severity `group:"how" placeholder:"SEVERITY" default:"unknown"`

	StateFile string             `group:"time" placeholder:"PATH"`
	Critical  []thresholds.Limit `group:"time" short:"c" placeholder:"LIMIT"`

	Timeout *thresholds.Span `group:"run" short:"t" placeholder:"TIME"`

	Output         report.Format   `group:"run" short:"o" placeholder:"FORMAT" enum:"nagios,json" default:"nagios"`
	Perfdata       report.PerfData `group:"run" placeholder:"AMOUNT" default:"modules" enum:"modules,pools,counts,none"`
	Verbose        int             `group:"run" short:"v" type:"counter"`
	PrintCollector bool            `group:"run"`
	Help           bool            `group:"run" short:"h"`
	Version        bool            `group:"run" short:"V"`

	known []*kong.Flag // all of them
}

// helpTexts says what each flag is for. They hold no |, which engines take for the begin of performance data. As tags
// of the fields they would be read anew by each check.
func helpTexts() map[string]string {
	return map[string]string{
		"file": "Read a saved status: a file, a folder, a glob pattern, or - for standard input. " +
			"Repeatable; one result comes from all.",
		"powershell": "Ask Get-CsBackupServiceStatus here; the default without --file and --hostname. Needs " +
			"--pool.",
		"hostname": "Ask it on this host, through ssh: user@host, or a name from the ssh configuration. " +
			"Needs --pool.",
		"ssh-option":      "Pass -o OPT to ssh. Repeatable.",
		"powershell-path": "Which PowerShell. Default: Windows PowerShell, or pwsh where this is not Windows.",
		"category":        "Ask for this category alone: CMS, UserData or RGS. Repeatable.",
		"pair":            "Ask for each pool's backup pool too.",
		"no-events":       "Do not look for the Backup Service's own events where something is not healthy.",
		"pool": "Evaluate only this pool; if it is absent, that is a fault. Names the pool of a status " +
			"that names none. Repeatable.",
		"cms-master": "The pool that is the active CMS master, or auto: what the collector found, or none. " +
			"Default: auto.",
		"expect":  "Each pool must have this module; * is any run of characters. Repeatable.",
		"ignore":  "Show this module, but leave it out of the verdict; * is any run of characters. Repeatable.",
		"profile": "The rules to start from: default (day by day) or failover (is it safe to fail over now?).",
		"rule": "A rule on top: [MODULE/][DIRECTION:]STATE=SEVERITY, with * as any run of characters, " +
			"DIRECTION export or import, SEVERITY ok, warning, critical or unknown. Repeatable; the last that " +
			"matches wins.",
		"max-age": "A status older than this is stale, and if given, so is one whose age is not known: " +
			"900, 15m, 2h, 1d; 0 turns it off. Default: 15m.",
		"on-stale":   "What a stale status means. Default: critical.",
		"on-missing": "What an absent pool or module means. Default: critical.",
		"on-failure": "What a status that can't be read or fetched means. Default: unknown.",
		"on-timeout": "What a status that does not arrive in time means. Default: unknown.",
		"state-file": "Remember in this file since when each module is unhealthy. It is made where it is not " +
			"there.",
		"critical": "What the rules call WARNING is CRITICAL once it has lasted longer: [MODULE=]TIME, " +
			"such as 30m or CentralMgmt.CMSMaster=5m, with * in MODULE as any run of characters. Repeatable; the " +
			"last that matches wins. Needs --state-file.",
		"timeout": "End the check after this time: 30, 30s. Default: 10s for files, 55s for PowerShell, ssh " +
			"and standard input.",
		"output": "nagios, or json: the whole result, for scripts. Default: nagios.",
		"perfdata": "How much performance data: of all modules, of pools, counts alone, or none. Default: " +
			"modules.",
		"verbose": "More detail in the long output: -v, -vv, -vvv.",
		"print-collector": "Print the script that collects a status, for a scheduled task, and exit with 0. Takes " +
			"--pool, --category, --pair and --no-events.",
		"help":    "Show this help and exit with 3.",
		"version": "Show the version and exit with 3.",
	}
}

// textSeverity is what a run that only prints a text exits with. Help and version are no result of a check, so they are
// UNKNOWN, as both plugin guidelines ask; the collector goes into a file, by a shell that looks at the exit code.
func (f *flags) textSeverity() thresholds.Severity {
	if f.PrintCollector && !f.Help && !f.Version {
		return thresholds.OK
	}
	return thresholds.Unknown
}

// The default of --max-age.
const defaultMaxAge = 15 * time.Minute

// The defaults of --timeout. Nagios and check_nrpe take 10 s for granted; a live run imports a PowerShell module that
// needs most of a minute on a busy front end, and Icinga ends a check after 60 s.
const (
	fileTimeout = 10 * time.Second
	liveTimeout = 55 * time.Second
)

// validate finds what no single flag can know.
func (f *flags) validate() error {
	live, asksFailover := len(f.File) == 0, f.Profile == thresholds.Failover
	excuses := []thresholds.Severity{f.OnStale, f.OnMissing, f.OnFailure, f.OnTimeout}
	switch {
	case f.PowerShell && f.Hostname != "":
		return errors.New("--powershell and --hostname: choose one")
	case f.PowerShell && !live:
		return errors.New("--powershell and --file: choose one")
	case f.Hostname != "" && !live:
		return errors.New("--hostname and --file: choose one")
	case len(f.SSHOption) > 0 && f.Hostname == "":
		return errors.New("--ssh-option is for --hostname")
	case !live && f.Pair:
		return errors.New("--pair is for asking PowerShell, not for --file: have the collector ask for both (-Pair)")
	case !live && (f.NoEvents || len(f.Category) > 0 || f.PowerShellPath != ""):
		return errors.New("--no-events, --category and --powershell-path are for asking PowerShell, not for --file")
	case f.Hostname != "" && len(f.Pool) == 0:
		return errors.New("--hostname needs --pool FQDN: the pool to ask for there")
	case f.PowerShell && len(f.Pool) == 0:
		return errors.New("--powershell needs --pool FQDN: the pool to ask for")
	case live && len(f.Pool) == 0:
		return errors.New("nothing to check: give --file PATH to read a saved status, " +
			"or --pool FQDN to ask PowerShell for one")
	// What would make a pair ready of which nobody knows whether it is.
	case asksFailover && len(f.Category) > 0:
		return errors.New("--category and --profile failover: a failover needs all categories")
	case asksFailover && slices.Contains(excuses, thresholds.OK):
		return errors.New("--on-… ok and --profile failover: what is not known is not ready for a failover")
	case len(f.Critical) > 0 && f.StateFile == "":
		return errors.New("--critical needs --state-file PATH, which remembers since when a module is unhealthy")
	case f.StateFile == source.Stdin:
		return errors.New("--state-file: - is no file; one of that name is ./-")
	case f.Timeout != nil && *f.Timeout == 0:
		return errors.New("--timeout: 0 leaves no time")
	}
	return nil
}

// timeout is how long the check may take. What is piped into standard input may come from a live run.
func (f *flags) timeout() time.Duration {
	switch {
	case f.Timeout != nil:
		return time.Duration(*f.Timeout)
	case f.waits():
		return liveTimeout
	default:
		return fileTimeout
	}
}

// patience is how long the check goes on without taking over signals: nothing that only reads files takes so long but a
// share that hangs, and no engine gives up so early.
func (f *flags) patience() time.Duration {
	if f.waits() {
		return 0
	}
	return 50 * time.Millisecond
}

// waits reports whether somebody else has to do something first: a PowerShell, or who writes to standard input.
func (f *flags) waits() bool { return len(f.File) == 0 || slices.Contains(f.File, source.Stdin) }

func (f *flags) maxAge() time.Duration {
	if f.MaxAge != nil {
		return time.Duration(*f.MaxAge)
	}
	return defaultMaxAge
}

func (f *flags) source(stdin *os.File) source.Source {
	switch {
	case len(f.File) > 0:
		return source.Files(f.File, stdin)
	case f.Hostname != "":
		return source.SSH(string(f.Hostname), f.SSHOption, f.PowerShellPath, f.query())
	default:
		return source.PowerShell(f.PowerShellPath, f.query())
	}
}

func (f *flags) query() source.Query {
	return source.Query{
		Pools: texts(f.Pool), Categories: f.Category, Pair: f.Pair,
		MasterKnown: f.CMSMaster != "auto", NoEvents: f.NoEvents,
	}
}

func (f *flags) rules() thresholds.Settings {
	return thresholds.Settings{
		Profile: f.Profile, Rules: f.Rule, Pools: texts(f.Pool), Pair: f.Pair, Expect: f.Expect, Ignore: f.Ignore,
		CMSMaster: string(f.CMSMaster), MaxAge: f.maxAge(), DateNeeded: f.MaxAge != nil,
		OnStale: f.OnStale, OnMissing: f.OnMissing, OnFailure: f.OnFailure, OnTimeout: f.OnTimeout,
		Critical: f.Critical,
	}
}

func (f *flags) report() report.Options {
	return report.Options{
		Format: f.Output, Verbose: f.Verbose, Prefix: len(f.Pool) != 1 || f.Pair, PerfData: f.Perfdata,
		MaxAge: f.maxAge(), OnStale: f.OnStale, Version: version,
		Times: f.StateFile != "", Critical: f.Critical,
	}
}

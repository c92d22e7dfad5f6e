package main

import (
	"errors"
	"os"
	"strings"
	"time"

	"check_cs_backup/check/report"
	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// flags is the command line, for kong. What each flag is for stands in help.go: kong takes its tags apart at every
// start, and long ones cost more time than the check of a saved status.
type flags struct {
	File           []nonEmpty `short:"f" type:"repeatable"`
	PowerShell     bool       `name:"powershell"`
	PowerShellPath nonEmpty   `name:"powershell-path"`
	Hostname       nonEmpty   `short:"H"`
	SSHOption      []nonEmpty `name:"ssh-option" type:"repeatable"`
	Category       []category `type:"repeatable"`
	Pair           bool

	Pool      []nonEmpty           `short:"P" type:"repeatable"`
	CMSMaster nonEmpty             `name:"cms-master" default:"auto"`
	Expect    []nonEmpty           `type:"repeatable"`
	Ignore    []thresholds.Pattern `type:"repeatable"`

	Profile   thresholds.Profile  `enum:"default,failover" default:"default"`
	Rule      []thresholds.Rule   `short:"r" type:"repeatable"`
	MaxAge    duration            `default:"15m"`
	OnStale   thresholds.Severity `default:"critical"`
	OnMissing thresholds.Severity `default:"critical"`
	OnFailure thresholds.Severity `default:"unknown"`
	OnTimeout thresholds.Severity `default:"unknown"`

	Timeout        *timeout      `short:"t"`
	Output         report.Format `short:"o" enum:"nagios,json" default:"nagios"`
	Verbose        int           `short:"v" type:"counter"`
	PrintCollector bool
	Help           bool `short:"h"`
	Version        bool `short:"V"`
}

// textSeverity is what a run that only prints a text exits with. Help and version are no result of a check, so they are
// UNKNOWN, as both plugin guidelines ask; the collector goes into a file, by a shell that looks at the exit code.
func (f *flags) textSeverity() thresholds.Severity {
	if f.PrintCollector {
		return thresholds.OK
	}
	return thresholds.Unknown
}

// The defaults of --timeout. Nagios and check_nrpe take 10 s for granted; a live run imports a PowerShell module that
// needs most of a minute on a busy front end, and Icinga ends a check after 60 s.
const (
	fileTimeout = 10 * time.Second
	liveTimeout = 55 * time.Second
)

// validate finds what no single flag can know.
func (f *flags) validate() error {
	live := len(f.File) == 0
	switch {
	case f.PowerShell && f.Hostname != "":
		return errors.New("--powershell and --hostname: choose one")
	case f.PowerShell && !live:
		return errors.New("--powershell and --file: choose one")
	case f.Hostname != "" && !live:
		return errors.New("--hostname and --file: choose one")
	case len(f.SSHOption) > 0 && f.Hostname == "":
		return errors.New("--ssh-option is for --hostname")
	case !live && (f.Pair || len(f.Category) > 0 || f.PowerShellPath != ""):
		return errors.New("--pair, --category and --powershell-path are for asking PowerShell, not for --file")
	case live && len(f.Pool) == 0:
		return errors.New("nothing to check: give --file PATH to read a saved status, or --pool FQDN to ask PowerShell for one")
	}
	return nil
}

func (f *flags) timeout() time.Duration {
	switch {
	case f.Timeout != nil:
		return time.Duration(*f.Timeout)
	case len(f.File) > 0:
		return fileTimeout
	default:
		return liveTimeout
	}
}

func (f *flags) source(stdin *os.File) source.Source {
	switch {
	case len(f.File) > 0:
		return source.Files(texts(f.File), stdin)
	case f.Hostname != "":
		return source.SSH(string(f.Hostname), texts(f.SSHOption), string(f.PowerShellPath), f.query())
	default:
		return source.PowerShell(string(f.PowerShellPath), f.query())
	}
}

func (f *flags) query() source.Query {
	return source.Query{
		Pools: texts(f.Pool), Categories: texts(f.Category), Pair: f.Pair,
		MasterKnown: !strings.EqualFold(string(f.CMSMaster), "auto"),
	}
}

func (f *flags) rules() thresholds.Settings {
	return thresholds.Settings{
		Profile: f.Profile, Rules: f.Rule, Pools: texts(f.Pool), Pair: f.Pair, Expect: texts(f.Expect), Ignore: f.Ignore,
		CMSMaster: string(f.CMSMaster), MaxAge: time.Duration(f.MaxAge),
		OnStale: f.OnStale, OnMissing: f.OnMissing, OnFailure: f.OnFailure, OnTimeout: f.OnTimeout,
	}
}

func (f *flags) report() report.Options {
	return report.Options{
		Format: f.Output, Verbose: f.Verbose, Several: len(f.File) > 1 || len(f.Pool) > 1 || f.Pair,
		MaxAge: time.Duration(f.MaxAge), OnStale: f.OnStale, Version: version,
	}
}

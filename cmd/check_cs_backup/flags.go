package main

import (
	"errors"
	"os"
	"time"

	"check_cs_backup/check/report"
	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

// flags is the command line, for kong. What each flag is for stands in help.go: kong takes its tags apart at every
// start, and long ones cost more time than the check of a saved status.
type flags struct {
	File []nonEmpty `short:"f" type:"repeatable"`

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

	Timeout *timeout      `short:"t"`
	Output  report.Format `short:"o" enum:"nagios,json" default:"nagios"`
	Verbose int           `short:"v" type:"counter"`
	Help    bool          `short:"h"`
	Version bool          `short:"V"`
}

// fileTimeout is the default for saved statuses: what Nagios and check_nrpe take for granted.
const fileTimeout = 10 * time.Second

// validate finds what no single flag can know.
func (f *flags) validate() error {
	if len(f.File) == 0 {
		return errors.New("no status to read: give --file PATH")
	}
	return nil
}

func (f *flags) timeout() time.Duration {
	if f.Timeout != nil {
		return time.Duration(*f.Timeout)
	}
	return fileTimeout
}

func (f *flags) source(stdin *os.File) source.Source {
	return source.Files(texts(f.File), stdin)
}

func (f *flags) rules() thresholds.Settings {
	return thresholds.Settings{
		Profile: f.Profile, Rules: f.Rule, Pools: texts(f.Pool), Expect: texts(f.Expect), Ignore: f.Ignore,
		CMSMaster: string(f.CMSMaster), MaxAge: time.Duration(f.MaxAge),
		OnStale: f.OnStale, OnMissing: f.OnMissing, OnFailure: f.OnFailure, OnTimeout: f.OnTimeout,
	}
}

func (f *flags) report() report.Options {
	return report.Options{
		Format: f.Output, Verbose: f.Verbose, Several: len(f.File) > 1 || len(f.Pool) > 1,
		MaxAge: time.Duration(f.MaxAge), OnStale: f.OnStale, Version: version,
	}
}

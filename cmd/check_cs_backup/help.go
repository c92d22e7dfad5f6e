package main

import (
	"io"

	"github.com/alecthomas/kong"
)

// helpWidth is how wide the help is at most, wherever it is printed.
const helpWidth = 80

// flagHelp is the help of one flag: the group it stands in, what its value is called, and what it is for.
type flagHelp struct{ group, value, text string }

// The groups, in the order of the help.
const (
	groupSource = "Where the status comes from:"
	groupWhat   = "What is judged:"
	groupHow    = "How it is judged:"
	groupRun    = "The run and what it prints:"
)

// helpOf is the help of all flags.
func helpOf(flag string) flagHelp {
	return map[string]flagHelp{
		"file":            {groupSource, "PATH", "Read a saved status: a file, a folder, a glob pattern, or - for standard input. Repeatable; one result comes from all."},
		"powershell":      {groupSource, "", "Ask Get-CsBackupServiceStatus here; the default without --file and --hostname. Needs --pool."},
		"hostname":        {groupSource, "HOST", "Ask it on this host, through ssh: user@host, or a name from the ssh configuration. Needs --pool."},
		"ssh-option":      {groupSource, "OPT", "Pass -o OPT to ssh. Repeatable."},
		"powershell-path": {groupSource, "EXE", "Which PowerShell. Default: Windows PowerShell, or pwsh where this is not Windows."},
		"category":        {groupSource, "NAME", "Ask for this category alone: CMS, UserData or RGS. Repeatable."},
		"pair":            {groupSource, "", "Ask for each pool's backup pool too."},

		"pool":       {groupWhat, "FQDN", "Judge only this pool; if it is absent, that is a fault. Names the pool of a status that names none. Repeatable."},
		"cms-master": {groupWhat, "FQDN", "The pool that is the active CMS master, or auto: what the collector found, or none. Default: auto."},
		"expect":     {groupWhat, "MODULE", "Each pool must have this module. Repeatable."},
		"ignore":     {groupWhat, "MODULE", "Show this module, but leave it out of the verdict; * is any run of characters. Repeatable."},

		"profile":    {groupHow, "NAME", "The rules to start from: default (day by day) or failover (is it safe to fail over now?)."},
		"rule":       {groupHow, "RULE", "A rule on top: [MODULE/][export:|import:]STATE=SEVERITY, with * as any run of characters, SEVERITY ok, warning, critical or unknown. Repeatable; the last that matches wins."},
		"max-age":    {groupHow, "TIME", "A status older than this is stale: 900, 15m, 2h; 0 turns it off. Default: 15m."},
		"on-stale":   {groupHow, "SEVERITY", "What a stale status means. Default: critical."},
		"on-missing": {groupHow, "SEVERITY", "What an absent pool or module means. Default: critical."},
		"on-failure": {groupHow, "SEVERITY", "What a status that can't be had means. Default: unknown."},
		"on-timeout": {groupHow, "SEVERITY", "What a status that isn't had in time means. Default: unknown."},

		"timeout":         {groupRun, "TIME", "End the check after this time: 30, 30s. Default: 10s for --file, else 55s."},
		"output":          {groupRun, "FORMAT", "nagios, or json: the whole result, for scripts. Default: nagios."},
		"verbose":         {groupRun, "", "More detail in the long output: -v, -vv, -vvv."},
		"print-collector": {groupRun, "", "Print the script that collects a status, for a scheduled task, and exit with 0. Takes --pool, --category and --pair."},

		"help":    {groupRun, "", "Show this help and exit with 3."},
		"version": {groupRun, "", "Show the version and exit with 3."},
	}[flag]
}

const description = `Watches the Backup Service of Lync Server 2013 and Skype for Business Server: judges what Get-CsBackupServiceStatus says of paired front-end pools.`

const examples = `
Every flag can come from the environment: --max-age as CHECK_CS_BACKUP_MAX_AGE;
one that is repeatable takes a value a line.

Examples:
  check_cs_backup -f C:\check_cs_backup\status.json
      judge the status that the collector's scheduled task saves
  check_cs_backup -f /var/spool/cs_backup -P pool01.contoso.com
      judge one pool from a folder of statuses
  check_cs_backup -P pool01.contoso.com --pair
      ask PowerShell on this front end for a pool and its backup pool
  check_cs_backup -H fe01 -P pool01.contoso.com
      the same for one pool, from elsewhere through ssh
  check_cs_backup -f status.json --profile failover
      is it safe to fail over now?
  check_cs_backup -f status.json -r ConfServices.*/NonSteadyState=critical
      a backlog of conference data is critical

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (help and version too).
`

// printHelp gives kong the texts and lets it print them.
func printHelp(ctx *kong.Context) error {
	ctx.Model.Help = description
	for _, flag := range ctx.Model.Flags {
		help := helpOf(flag.Name)
		flag.Help, flag.PlaceHolder = help.text, help.value
		flag.Group = &kong.Group{Key: help.group, Title: help.group}
	}
	options := kong.HelpOptions{WrapUpperBound: helpWidth, ValueFormatter: func(v *kong.Value) string { return v.Help }}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := io.WriteString(ctx.Stdout, examples)
	return err
}

package main

import (
	"io"

	"github.com/alecthomas/kong"
)

// helpWidth is how wide the help is at most, wherever it is printed.
const helpWidth = 80

// The keys of the groups of flags that are checked together.
const (
	sourceGroup = "source"
	howGroup    = "how"
	timeGroup   = "time"
)

// groups are the headings of the help; it has them in the order of the flags.
var groups = []kong.Group{
	{Key: sourceGroup, Title: "Where the status comes from:"},
	{Key: "what", Title: "What is judged:"},
	{Key: howGroup, Title: "How it is judged:"},
	{Key: timeGroup, Title: "How long it may last:"},
	{Key: "run", Title: "The run and what it prints:"},
}

const description = `Watches the Backup Service of Lync Server 2013 and Skype for Business Server: judges what Get-CsBackupServiceStatus says of paired front-end pools.`

const examples = `
Every flag but the last three can come from the environment: --max-age as
CHECK_CS_BACKUP_MAX_AGE; one that is repeatable takes a value a line.

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
  check_cs_backup -f status.json --state-file state.json -c 30m
      a backlog is a warning at once, and critical after half an hour

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (help and version too).
`

// printHelp lets kong print its help, and adds the examples.
func printHelp(ctx *kong.Context) error {
	options := kong.HelpOptions{WrapUpperBound: helpWidth, ValueFormatter: func(v *kong.Value) string { return v.Help }}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := io.WriteString(ctx.Stdout, examples)
	return err
}

# Completion for PowerShell. Made from the flags by `make completion`: change those, not this.
# Run it from your profile: . C:\...\check_cs_backup.ps1

Register-ArgumentCompleter -Native -CommandName 'check_cs_backup', 'check_cs_backup.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $flags = @(
        @{ Name = '--file'; Short = '-f'; Value = $true; Choices = @()
            Help = 'Read a saved status: a file, a folder, a glob pattern, or - for standard input. Repeatable; one result comes from all.' }
        @{ Name = '--powershell'; Short = ''; Value = $false; Choices = @()
            Help = 'Ask Get-CsBackupServiceStatus here; the default without --file and --hostname. Needs --pool.' }
        @{ Name = '--hostname'; Short = '-H'; Value = $true; Choices = @()
            Help = 'Ask it on this host, through ssh: user@host, or a name from the ssh configuration. Needs --pool.' }
        @{ Name = '--ssh-option'; Short = ''; Value = $true; Choices = @()
            Help = 'Pass -o OPT to ssh. Repeatable.' }
        @{ Name = '--powershell-path'; Short = ''; Value = $true; Choices = @()
            Help = 'Which PowerShell. Default: Windows PowerShell, or pwsh where this is not Windows.' }
        @{ Name = '--category'; Short = ''; Value = $true; Choices = @('CMS', 'UserData', 'RGS')
            Help = 'Ask for this category alone: CMS, UserData or RGS. Repeatable.' }
        @{ Name = '--pair'; Short = ''; Value = $false; Choices = @()
            Help = 'Ask for each pool''s backup pool too.' }
        @{ Name = '--no-events'; Short = ''; Value = $false; Choices = @()
            Help = 'Do not look for the Backup Service''s own events where something is not healthy.' }
        @{ Name = '--pool'; Short = '-P'; Value = $true; Choices = @()
            Help = 'Judge only this pool; if it is absent, that is a fault. Names the pool of a status that names none. Repeatable.' }
        @{ Name = '--cms-master'; Short = ''; Value = $true; Choices = @()
            Help = 'The pool that is the active CMS master, or auto: what the collector found, or none. Default: auto.' }
        @{ Name = '--expect'; Short = ''; Value = $true; Choices = @()
            Help = 'Each pool must have this module; * is any run of characters. Repeatable.' }
        @{ Name = '--ignore'; Short = ''; Value = $true; Choices = @()
            Help = 'Show this module, but leave it out of the verdict; * is any run of characters. Repeatable.' }
        @{ Name = '--profile'; Short = ''; Value = $true; Choices = @('default', 'failover')
            Help = 'The rules to start from: default (day by day) or failover (is it safe to fail over now?).' }
        @{ Name = '--rule'; Short = '-r'; Value = $true; Choices = @()
            Help = 'A rule on top: [MODULE/][DIRECTION:]STATE=SEVERITY, with * as any run of characters, DIRECTION export or import, SEVERITY ok, warning, critical or unknown. Repeatable; the last that matches wins.' }
        @{ Name = '--max-age'; Short = ''; Value = $true; Choices = @()
            Help = 'A status older than this is stale, and if given, so is one whose age is not known: 900, 15m, 2h, 1d; 0 turns it off. Default: 15m.' }
        @{ Name = '--on-stale'; Short = ''; Value = $true; Choices = @('ok', 'warning', 'critical', 'unknown')
            Help = 'What a stale status means. Default: critical.' }
        @{ Name = '--on-missing'; Short = ''; Value = $true; Choices = @('ok', 'warning', 'critical', 'unknown')
            Help = 'What an absent pool or module means. Default: critical.' }
        @{ Name = '--on-failure'; Short = ''; Value = $true; Choices = @('ok', 'warning', 'critical', 'unknown')
            Help = 'What a status that can''t be had means. Default: unknown.' }
        @{ Name = '--on-timeout'; Short = ''; Value = $true; Choices = @('ok', 'warning', 'critical', 'unknown')
            Help = 'What a status that isn''t had in time means. Default: unknown.' }
        @{ Name = '--state-file'; Short = ''; Value = $true; Choices = @()
            Help = 'Remember in this file since when each module is unhealthy. It is made where it is not there.' }
        @{ Name = '--critical'; Short = '-c'; Value = $true; Choices = @()
            Help = 'What the rules judge WARNING is CRITICAL once it has lasted longer: [MODULE=]TIME, such as 30m or CentralMgmt.CMSMaster=5m, with * in MODULE as any run of characters. Repeatable; the last that matches wins. Needs --state-file.' }
        @{ Name = '--timeout'; Short = '-t'; Value = $true; Choices = @()
            Help = 'End the check after this time: 30, 30s. Default: 10s for files, 55s for PowerShell and standard input.' }
        @{ Name = '--output'; Short = '-o'; Value = $true; Choices = @('nagios', 'json')
            Help = 'nagios, or json: the whole result, for scripts. Default: nagios.' }
        @{ Name = '--perfdata'; Short = ''; Value = $true; Choices = @('modules', 'pools', 'counts', 'none')
            Help = 'How much performance data: of all modules, of pools, counts alone, or none. Default: modules.' }
        @{ Name = '--verbose'; Short = '-v'; Value = $false; Choices = @()
            Help = 'More detail in the long output: -v, -vv, -vvv.' }
        @{ Name = '--print-collector'; Short = ''; Value = $false; Choices = @()
            Help = 'Print the script that collects a status, for a scheduled task, and exit with 0. Takes --pool, --category, --pair and --no-events.' }
        @{ Name = '--help'; Short = '-h'; Value = $false; Choices = @()
            Help = 'Show this help and exit with 3.' }
        @{ Name = '--version'; Short = '-V'; Value = $false; Choices = @()
            Help = 'Show the version and exit with 3.' }
    )
    $previous = [string] ($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | Select-Object -Last 1)
    $flag = $flags | Where-Object { $_.Value -and ($_.Name -ceq $previous -or $_.Short -ceq $previous) }
    if ($flag) {
        # Without choices there is nothing to offer, and PowerShell completes files.
        $flag.Choices | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
            [Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $flag.Help)
        }
    } else {
        $flags | Where-Object { $_.Name -like "$wordToComplete*" } | ForEach-Object {
            [Management.Automation.CompletionResult]::new($_.Name, $_.Name, 'ParameterName', $_.Help)
        }
    }
}

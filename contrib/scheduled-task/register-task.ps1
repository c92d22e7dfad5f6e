# .SYNOPSIS
# Registers the scheduled task that saves a status.
#
# .DESCRIPTION
# Run it as an administrator, on Windows Server 2012 or later, with collector.ps1 beside it. It makes the folder, or
# takes over its owner and its rights with all that is in it, copies the collector there, registers the task, and starts
# it. Run again, it replaces the task.
#
# The account must be allowed to run Get-CsBackupServiceStatus: by default that is a member of RTCUniversalServerAdmins.
# It needs the right 'Log on as a batch job'.
#
# .PARAMETER Account
# The account that the task runs as. Windows keeps its password with the task and asks for it; a name that ends in $ is
# a group managed service account (gMSA), which has none to ask for.
#
# .PARAMETER Pool
# The FQDNs of the pools to ask for, with commas between them.
#
# .PARAMETER Pair
# Asks for each pool's backup pool too.
#
# .PARAMETER NoEvents
# Leaves out the Backup Service's own events.
#
# .PARAMETER Folder
# Where collector.ps1 and status.json are: nobody but administrators and the account may write there.
#
# .PARAMETER Minutes
# How often the task runs. The check takes a status for stale after 15 minutes unless it is told otherwise.
#
# .PARAMETER Test
# Waits for the first run and shows its result; exit code 1 where it failed.
#
# .EXAMPLE
# .\register-task.ps1 -Account CONTOSO\svc-cs-backup -Pool pool01.contoso.com -Pair -Test
#
# .EXAMPLE
# .\register-task.ps1 -Account 'CONTOSO\gmsa-cs-backup$' -Pool pool01.contoso.com -Pair

param(
    [Parameter(Mandatory = $true)] [string] $Account,
    [Parameter(Mandatory = $true)] [string[]] $Pool,
    [switch] $Pair,
    [switch] $NoEvents,
    [string] $Folder = 'C:\check_cs_backup',
    [int] $Minutes = 5,
    [switch] $Test
)

$ErrorActionPreference = 'Stop'

# Ends where a program of Windows failed.
function Assert-Done([string] $What) {
    if ($LASTEXITCODE) { throw "$What failed with exit code $LASTEXITCODE" }
}

# Ends where a folder is a junction or a link, which any user can make: what is done to it would be done elsewhere.
function Assert-NoLink($Folders) {
    foreach ($one in $Folders) {
        if ($one.Attributes -band [IO.FileAttributes]::ReparsePoint) { throw "$($one.FullName) is a link: remove it" }
    }
}

# Makes the folder one in which only administrators, SYSTEM and the account may write, and users may read. What lies
# there is run, so whoever made it, or a file in it, must have no say in it any more. The numbers are Administrators,
# SYSTEM and Users in all languages.
function Protect-Folder {
    $null = New-Item -ItemType Directory -Force -Path $Folder
    Assert-NoLink (Get-Item -LiteralPath $Folder -Force)
    $null = takeown.exe /F $Folder /A
    Assert-Done 'takeown.exe'
    $null = icacls.exe $Folder /reset
    Assert-Done 'icacls.exe /reset'
    $null = icacls.exe $Folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' `
        "${Account}:(OI)(CI)M" '*S-1-5-32-545:(OI)(CI)RX'
    Assert-Done 'icacls.exe /grant'
    if (-not (Get-ChildItem -LiteralPath $Folder -Force)) { return }
    # Only now can nobody put another file beside those that are taken over.
    Assert-NoLink (Get-ChildItem -LiteralPath $Folder -Recurse -Force -Directory)
    $null = takeown.exe /F $Folder /A /R
    Assert-Done 'takeown.exe /R'
    $null = icacls.exe (Join-Path $Folder '*') /reset /T
    Assert-Done 'icacls.exe /reset /T'
}

# The command line of the task.
function Get-CommandLine([string] $Collector, [string] $Status) {
    $run = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{0}" -Path "{1}" -Pool {2}' -f
        $Collector, $Status, ($Pool -join ',')
    if ($Pair) { $run += ' -Pair' }
    if ($NoEvents) { $run += ' -NoEvents' }
    return $run
}

function Register-Task([string] $Arguments) {
    $task = @{
        TaskName = 'check_cs_backup'
        Action   = New-ScheduledTaskAction -Execute powershell.exe -Argument $Arguments
        Trigger  = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes $Minutes) `
            -RepetitionDuration (New-TimeSpan -Days 3650)
        # The collector ends itself after 240 seconds (-Limit) and then writes what it has.
        Settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Minutes 5)
    }
    if ($Account.EndsWith('$')) {
        $principal = New-ScheduledTaskPrincipal -UserId $Account -LogonType Password
        $null = Register-ScheduledTask @task -Principal $principal -Force
        return
    }
    $credential = Get-Credential -UserName $Account -Message 'The account that the task check_cs_backup runs as'
    $null = Register-ScheduledTask @task -User $credential.UserName `
        -Password $credential.GetNetworkCredential().Password -Force
}

# Waits until the task has run, and says how that went: an empty text where it went well.
function Wait-Task([string] $Status) {
    for ($seconds = 0; $seconds -lt 300; $seconds += 2) {
        Start-Sleep -Seconds 2
        $state = [string] (Get-ScheduledTask -TaskName check_cs_backup).State
        if ($state -ne 'Running' -and $state -ne 'Queued') { break }
    }
    $result = (Get-ScheduledTaskInfo -TaskName check_cs_backup).LastTaskResult
    if ($result -eq 0 -and (Test-Path -LiteralPath $Status)) { return '' }
    $why = 'The task failed, its last result is 0x{0:X}' -f $result
    if (Test-Path -LiteralPath "$Status.err") { $why += ': ' + (@(Get-Content -LiteralPath "$Status.err") -join '; ') }
    if (-not (Test-Path -LiteralPath $Status)) { $why += "; there is no $Status" }
    return $why
}

if (-not (Get-Command Register-ScheduledTask -ErrorAction SilentlyContinue)) {
    throw 'this Windows has no Register-ScheduledTask: the head of collector.ps1 has a line for schtasks.exe'
}
foreach ($name in $Pool) {
    if ($name -notmatch '^[A-Za-z0-9._-]+$') { throw "-Pool '$name' is not the FQDN of a pool" }
}

Protect-Folder
$here = Join-Path $PSScriptRoot 'collector.ps1'
$collector = Join-Path $Folder 'collector.ps1'
$status = Join-Path $Folder 'status.json'
if ($here -ne $collector) { Copy-Item -LiteralPath $here -Destination $collector -Force }
Register-Task (Get-CommandLine $collector $status)
Start-ScheduledTask -TaskName check_cs_backup
"The task check_cs_backup saves $status every $Minutes minutes, now for the first time."
if ($Test) {
    $failed = Wait-Task $status
    if ($failed) {
        $failed
        exit 1
    }
    "The task ran, its last result is 0, and $status is of $((Get-Item -LiteralPath $status).LastWriteTime)."
}

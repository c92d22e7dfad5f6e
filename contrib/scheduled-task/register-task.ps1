# Registers the scheduled task that saves a status. Run it as an administrator, on Windows Server 2012 or later, with
# collector.ps1 beside it:
#
#   .\register-task.ps1 -Account CONTOSO\svc-cs-backup -Pool pool01.contoso.com -Pair
#
# It asks for the account's password, which Windows keeps with the task. The account must be allowed to run
# Get-CsBackupServiceStatus: by default that is a member of RTCUniversalServerAdmins. Run again, it replaces the task.

param(
    [Parameter(Mandatory = $true)] [string] $Account,
    [Parameter(Mandatory = $true)] [string[]] $Pool,
    # Ask for each pool's backup pool too.
    [switch] $Pair,
    # Leave out the Backup Service's own events.
    [switch] $NoEvents,
    # Where the task's script and status.json are: nobody but administrators and the account may write there.
    [string] $Folder = 'C:\check_cs_backup',
    # How often it runs. The check takes a status for stale after 15 minutes unless it is told otherwise.
    [int] $Minutes = 5
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Register-ScheduledTask -ErrorAction SilentlyContinue)) {
    throw 'this Windows has no Register-ScheduledTask: the head of collector.ps1 has a line for schtasks.exe'
}
foreach ($name in $Pool) {
    if ($name -notmatch '^[A-Za-z0-9._-]+$') { throw "-Pool '$name' is not the FQDN of a pool" }
}

$null = New-Item -ItemType Directory -Force -Path $Folder
$here = Join-Path $PSScriptRoot 'collector.ps1'
$collector = Join-Path $Folder 'collector.ps1'
if ($here -ne $collector) { Copy-Item -LiteralPath $here -Destination $collector -Force }
# Administrators and the system may do all, the account may write, users may read; nothing comes from the folder above.
$null = icacls.exe $Folder /inheritance:r /grant:r '*S-1-5-32-544:(OI)(CI)F' '*S-1-5-18:(OI)(CI)F' `
    "${Account}:(OI)(CI)M" '*S-1-5-32-545:(OI)(CI)RX'
if ($LASTEXITCODE) { throw "icacls.exe could not set who may write to $Folder" }

$run = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "{0}" -Path "{1}" -Pool {2}' -f
    $collector, (Join-Path $Folder 'status.json'), ($Pool -join ',')
if ($Pair) { $run += ' -Pair' }
if ($NoEvents) { $run += ' -NoEvents' }
$action = New-ScheduledTaskAction -Execute powershell.exe -Argument $run
$trigger = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes $Minutes) `
    -RepetitionDuration (New-TimeSpan -Days 3650)
$settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Minutes 4)
$credential = Get-Credential -UserName $Account -Message 'The account that the task check_cs_backup runs as'
$null = Register-ScheduledTask -TaskName check_cs_backup -Action $action -Trigger $trigger -Settings $settings `
    -User $credential.UserName -Password $credential.GetNetworkCredential().Password -Force
Start-ScheduledTask -TaskName check_cs_backup
"The task check_cs_backup saves $(Join-Path $Folder 'status.json') every $Minutes minutes, now for the first time."

# check_cs_backup: the collector. It asks the Backup Service of Lync Server / Skype for Business Server for the status
# of each pool and prints one JSON document, schema check_cs_backup/1. It changes nothing.
#
# It needs Windows PowerShell 3.0 or later, the PowerShell module SkypeForBusiness or Lync, and an account that may run
# Get-CsBackupServiceStatus: by default a member of RTCUniversalServerAdmins.
#
#   collector.ps1                        prints one ASCII line: begin marker, base64 of the document, end marker
#   collector.ps1 -Path C:\...\file      writes the document to that file, in one step
#   collector.ps1 -Pool A,B -Pair        asks for other pools than the ones below; -Pair: and for their backup pools
#
# As a scheduled task on a front end (as an administrator; put your own folder and account in):
#
#   $run      = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\check_cs_backup\collector.ps1'
#   $action   = New-ScheduledTaskAction -Execute powershell.exe -Argument "$run -Path C:\check_cs_backup\status.json"
#   $trigger  = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 5) `
#                   -RepetitionDuration (New-TimeSpan -Days 3650)
#   $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Minutes 4)
#   $account  = Get-Credential CONTOSO\svc-cs-backup
#   Register-ScheduledTask -TaskName check_cs_backup -Action $action -Trigger $trigger -Settings $settings `
#       -User $account.UserName -Password $account.GetNetworkCredential().Password
#
# Windows Server 2008 R2 has none of these cmdlets. There, and everywhere else too, in one line of cmd.exe:
#
#   schtasks.exe /Create /TN check_cs_backup /SC MINUTE /MO 5 /RU CONTOSO\svc-cs-backup /RP *
#       /TR "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\check_cs_backup\collector.ps1 -Path C:\check_cs_backup\status.json"
#
# The folder must be writable by that account and by nobody else who is no administrator: what lies there is run.

param(
    [string] $Path,
    [string[]] $Pool,
    [string[]] $Category,
    [switch] $Pair
)

# Where the plugin runs this, these reach into the modules too. $ErrorActionPreference is left alone for that reason:
# what a module shrugs off must not end it.
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$VerbosePreference = 'SilentlyContinue'
$DebugPreference = 'SilentlyContinue'
Set-StrictMode -Off

# What is asked when the command line does not say otherwise: names with blanks between them, every character that is
# more than a letter, a digit or . - _ written as \uXXXX. So they are data, whatever stands in them.
$PoolNames = ''
$CategoryNames = ''
$WithBackup = $false
$Progress = $false

function Get-Names([string] $Text) {
    foreach ($name in $Text.Split(' ')) { [regex]::Unescape($name) }
}

# Tells what is under way, on the error stream, so that a run that is ended from outside can say where it was. Only a
# run that the plugin started asks for it.
function Write-Step([string] $Step) {
    if ($Progress) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($Step)
        [Console]::Error.WriteLine('-----CHECK_CS_BACKUP STEP-----' + [Convert]::ToBase64String($bytes))
    }
}

# The message of a caught error with those of the errors behind it: the cmdlets wrap the cause, and "access denied" may
# stand in the innermost one only.
function Get-Reason($Caught) {
    $reason = ''
    $exception = $Caught.Exception
    while ($null -ne $exception) {
        $message = ([string] $exception.Message).Trim()
        if ($message -and -not $reason.Contains($message)) {
            if ($reason) { $reason = $reason.TrimEnd('.') + ': ' }
            $reason += $message
        }
        $exception = $exception.InnerException
    }
    if (-not $reason) { $reason = [string] $Caught }
    return $reason
}

function Import-CsModule {
    $failed = ''
    foreach ($name in 'SkypeForBusiness', 'Lync') {
        Write-Step "importing the PowerShell module $name"
        $caught = $null
        try {
            # A module that complains and comes all the same is good enough.
            $null = Import-Module -Name $name -DisableNameChecking -ErrorAction SilentlyContinue -ErrorVariable problems
            if (Get-Module -Name $name) { return $name }
            $caught = @($problems)[0]
        } catch {
            $caught = $_
        }
        if ($caught -and [string] $caught.FullyQualifiedErrorId -notlike 'Modules_ModuleNotFound*') {
            if ($failed) { $failed += '; ' }
            $failed += "the PowerShell module $name could not be imported: " + (Get-Reason $caught)
        }
    }
    if ($failed) { throw $failed }
    throw 'neither of the PowerShell modules SkypeForBusiness and Lync was found'
}

# The text of a property that not every version has, or null.
function Get-Text($Object, [string] $Name) {
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    $text = [string] $property.Value
    if ($text) { return $text }
    return $null
}

function New-Entry([string] $Fqdn) {
    return [ordered]@{
        poolFqdn          = $Fqdn
        backupPoolFqdn    = $null
        activeMachineFqdn = $null
        modules           = [object[]] @()
        error             = $null
    }
}

# Asks for one pool and writes into its entry. The cmdlet takes one category at a time.
function Read-Pool($Entry, $Categories) {
    Write-Step ('asking for pool ' + $Entry.poolFqdn)
    $modules = New-Object Collections.ArrayList
    try {
        foreach ($one in $Categories) {
            $ask = @{ PoolFqdn = $Entry.poolFqdn; ErrorAction = 'Stop' }
            if ($one) { $ask.Category = $one }
            foreach ($status in @(Get-CsBackupServiceStatus @ask)) {
                # What a cmdlet prints besides its answer is no answer.
                if ($null -eq $status -or $null -eq $status.PSObject.Properties['BackupModules']) { continue }
                if (-not $Entry.activeMachineFqdn) { $Entry.activeMachineFqdn = Get-Text $status 'ActiveMachineFqdn' }
                foreach ($module in @($status.BackupModules)) {
                    if ($null -eq $module) { continue }
                    # States are an enum, which ConvertTo-Json would print as a number.
                    $null = $modules.Add([ordered]@{
                        identity     = [string] $module.Identity
                        exportStatus = [string] $module.ExportStatus
                        importStatus = [string] $module.ImportStatus
                    })
                }
            }
        }
    } catch {
        $Entry.error = Get-Reason $_
    }
    $Entry.modules = $modules.ToArray()
}

# The backup pool of a pool. The members of Microsoft.Rtc.Management.Hadr.BackupService.BackupRelation are not
# published, so this counts on no name: the partner is the one other pool that a member names, and a member with Backup
# in its name is heard first.
function Find-BackupPool([string] $Fqdn) {
    Write-Step "asking for the backup pool of $Fqdn"
    $first = @{}
    $second = @{}
    foreach ($relation in @(Get-CsPoolBackupRelationship -PoolFqdn $Fqdn -ErrorAction Stop)) {
        if ($null -eq $relation) { continue }
        foreach ($property in $relation.PSObject.Properties) {
            $value = $property.Value
            if ($null -eq $value -or -not ($value -is [string] -or $value.GetType().Name -like '*Fqdn*')) { continue }
            $name = ([string] $value).Trim()
            if ($name -notmatch '^[\w-]+(\.[\w-]+)*\.[\w-]*[^\W\d][\w-]*$') { continue }
            if ($name -eq $Fqdn -or $name -like ($Fqdn + '.*')) { continue }
            if ($property.Name -like '*Backup*') { $first[$name] = $true } else { $second[$name] = $true }
        }
    }
    foreach ($names in $first, $second) {
        if ($names.Count -eq 1) { return [string] @($names.Keys)[0] }
        if ($names.Count -gt 1) { throw 'its backup relationship names several other pools' }
    }
    throw 'its backup relationship names no other pool'
}

# The pool that is the active host of the Central Management Store.
function Find-CmsMaster {
    Write-Step 'asking for the CMS master'
    $names = @{}
    foreach ($service in @(Get-CsService -CentralManagement -ErrorAction Stop)) {
        if ($null -ne $service -and [string] $service.Active -eq 'True' -and [string] $service.PoolFqdn) {
            $names[[string] $service.PoolFqdn] = $true
        }
    }
    if ($names.Count -eq 1) { return [string] @($names.Keys)[0] }
    if ($names.Count -gt 1) { throw 'several pools are active' }
    throw 'no pool is active'
}

# Puts the text in the place of the file in one step, so that a reader sees the old document or the new one, whole.
function Set-Document([string] $File, [string] $Text) {
    $File = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($File)
    $new = $File + '.' + [Diagnostics.Process]::GetCurrentProcess().Id + '.tmp'
    try {
        [IO.File]::WriteAllText($new, $Text, (New-Object Text.UTF8Encoding $false))
        for ($try = 1; ; $try++) {
            try {
                if ([IO.File]::Exists($File)) {
                    [IO.File]::Replace($new, $File, [NullString]::Value)
                } else {
                    [IO.File]::Move($new, $File)
                }
                return
            } catch {
                # A reader that has the old file open is in the way for a moment.
                if ($try -ge 10) { throw }
                Start-Sleep -Milliseconds 300
            }
        }
    } finally {
        if ([IO.File]::Exists($new)) { [IO.File]::Delete($new) }
    }
}

if ($Pool) { $asked = $Pool -split ',' } else { $asked = Get-Names $PoolNames }
if ($Category) { $categories = $Category -split ',' } else { $categories = Get-Names $CategoryNames }
$categories = @($categories | ForEach-Object { ([string] $_).Trim() } | Where-Object { $_ })
if ($categories.Count -eq 0) { $categories = @('') }

# One entry for each pool, whatever happens below; hashtable keys know no case, like names of machines.
$entries = @()
$known = @{}
foreach ($fqdn in $asked) {
    $fqdn = ([string] $fqdn).Trim()
    if ($fqdn -and -not $known.ContainsKey($fqdn)) {
        $entry = New-Entry $fqdn
        $entries += $entry
        $known[$fqdn] = $entry
    }
}
if ($entries.Count -eq 0) { throw 'no pool is named: say -Pool FQDN' }

$document = [ordered]@{
    schema      = 'check_cs_backup/1'
    collectedAt = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
    host        = [Environment]::MachineName
    module      = $null
    cmsMaster   = $null
    pools       = [object[]] @()
    notes       = [object[]] @()
}
$notes = @()
try {
    $document.module = Import-CsModule
    foreach ($entry in @($entries)) {
        Read-Pool $entry $categories
    }
    if ($Pair -or $WithBackup) {
        foreach ($entry in @($entries)) {
            if ($entry.backupPoolFqdn) { continue }
            try {
                $backup = Find-BackupPool $entry.poolFqdn
                $entry.backupPoolFqdn = $backup
                $partner = $known[$backup]
                if ($null -eq $partner) {
                    $partner = New-Entry $backup
                    $entries += $partner
                    $known[$backup] = $partner
                    Read-Pool $partner $categories
                }
                # A pair is mutual.
                if (-not $partner.backupPoolFqdn) { $partner.backupPoolFqdn = $entry.poolFqdn }
            } catch {
                $notes += 'the backup pool of ' + $entry.poolFqdn + ' is not known: ' + (Get-Reason $_)
            }
        }
    }
    try {
        $document.cmsMaster = Find-CmsMaster
    } catch {
        $notes += 'the CMS master is not known: ' + (Get-Reason $_)
    }
} catch {
    # Nothing could be asked: every pool that is not told yet says why.
    $reason = Get-Reason $_
    foreach ($entry in $entries) {
        if (-not $entry.error -and $entry.modules.Length -eq 0) { $entry.error = $reason }
    }
}
$document.pools = [object[]] $entries
$document.notes = [object[]] $notes

Write-Step 'printing the document'
$json = ConvertTo-Json -InputObject $document -Depth 5 -Compress
if ($Path) {
    # The last result of the scheduled task shows that something is amiss.
    try {
        Set-Document $Path $json
    } catch {
        [Console]::Error.WriteLine("collector.ps1: could not write ${Path}: " + (Get-Reason $_))
        exit 1
    }
    if (@($entries | Where-Object { $_.error }).Count) { exit 1 }
    exit 0
}
# ASCII in one line: no code page, no byte order mark and nothing that a module prints can spoil it.
$line = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
[Console]::Out.WriteLine('-----BEGIN CHECK_CS_BACKUP-----' + $line + '-----END CHECK_CS_BACKUP-----')
[Console]::Out.Flush()

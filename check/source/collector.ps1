# check_cs_backup: the collector. It asks the Backup Service of Lync Server / Skype for Business Server for the status
# of each pool and makes one JSON document of it, schema check_cs_backup/1. It changes nothing.
#
# It needs Windows PowerShell 3.0 or later, the PowerShell module SkypeForBusiness or Lync, and an account that may run
# Get-CsBackupServiceStatus: by default a member of RTCUniversalServerAdmins.
#
#   collector.ps1                        puts out one ASCII line: begin marker, base64 of the document, end marker
#   collector.ps1 -Path C:\...\file      writes the document to that file, in one step
#   collector.ps1 -Pool A,B -Pair        asks for other pools than the ones below; -Pair: and for their backup pools
#   collector.ps1 -NoEvents              leaves out the Backup Service's own events. Otherwise they are looked for where
#                                        something is not healthy: in the log 'Lync Server' of the front end, which takes
#                                        a member of 'Event Log Readers' there
#   collector.ps1 -Limit SECONDS         ends its PowerShell, with exit code 1, when it is not done by then; with -Path
#                                        the limit is 240, otherwise there is none
#
# Exit code 1: a pool could not be asked, or a backup pool was not found (the document says which and why), or the
# document could not be written; then the old file stays as it is.
#
# As a scheduled task on a front end, in a PowerShell of an administrator; put your own names in. First the folder:
# what lies there is run, so only administrators, SYSTEM and the task's account may write to it. The numbers are
# Administrators and SYSTEM in all languages. Who reads the file besides these gets the right R.
#
#   New-Item -ItemType Directory -Path C:\check_cs_backup
#   icacls.exe C:\check_cs_backup /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" `
#       "CONTOSO\svc-cs-backup:(OI)(CI)M"
#
# The account needs the right 'Log on as a batch job' on that machine (local security policy, User Rights Assignment),
# which group policies often hand out.
#
#   $run      = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\check_cs_backup\collector.ps1"'
#   $run     += ' -Path "C:\check_cs_backup\status.json"'
#   $action   = New-ScheduledTaskAction -Execute powershell.exe -Argument $run
#   $trigger  = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes 5) `
#                   -RepetitionDuration (New-TimeSpan -Days 3650)
#   $settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit (New-TimeSpan -Minutes 5)
#   $account  = Get-Credential -Credential CONTOSO\svc-cs-backup
#   Register-ScheduledTask -TaskName check_cs_backup -Action $action -Trigger $trigger -Settings $settings `
#       -User $account.UserName -Password $account.GetNetworkCredential().Password
#
# With a group managed service account (gMSA), which has no password that anybody knows, in the place of the last two:
#
#   $principal = New-ScheduledTaskPrincipal -UserId 'CONTOSO\gmsa-cs-backup$' -LogonType Password
#   Register-ScheduledTask -TaskName check_cs_backup -Action $action -Trigger $trigger -Settings $settings `
#       -Principal $principal
#
# Windows Server 2008 R2 has none of these cmdlets for tasks. There, and everywhere else too; the command in /TR may
# have 261 characters. A task made so may run for 72 hours, but the collector ends itself before the next run (-Limit).
# The second line makes the same task with a limit of its own, from contrib/scheduled-task/task.xml:
#
#   $run = 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File C:\check_cs_backup\collector.ps1'
#   schtasks.exe /Create /TN check_cs_backup /SC MINUTE /MO 5 /RU CONTOSO\svc-cs-backup /RP * `
#       /TR "$run -Path C:\check_cs_backup\status.json"
#   schtasks.exe /Create /TN check_cs_backup /XML task.xml /RU CONTOSO\svc-cs-backup /RP *
#
# In /TR a path with blanks stands between \" and \"; in task.xml and above it stands in quotes as it is.
#
# -ExecutionPolicy Bypass counts for nothing where a group policy sets the policy (Get-ExecutionPolicy -List shows it):
# with AllSigned the script must be signed, with Restricted no script runs. Where AppLocker or App Control forces
# ConstrainedLanguage, the policy must allow this script.

[CmdletBinding(PositionalBinding = $false)]
param(
    [string] $Path,
    [string[]] $Pool,
    [string[]] $Category,
    [switch] $Pair,
    [switch] $NoEvents,
    [int] $Limit = 240
)

# A limited language lacks what the rest needs, so this comes first.
if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') {
    $mode = $ExecutionContext.SessionState.LanguageMode
    Write-Error ("The collector cannot run: PowerShell is in $mode mode here, " +
        'and a policy such as AppLocker or App Control must allow it FullLanguage.')
    exit 1
}

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
$WithMaster = $true
$WithEvents = $true
$Progress = $false

function Get-Names([string] $Text) {
    foreach ($name in $Text.Split(' ')) { [regex]::Unescape($name) }
}

# Ends with exit code 1 and a reason.
function Stop-Collector([string] $Why) {
    Write-Error $Why
    exit 1
}

# Names of machines know no case, and no language either: a Turkish Windows has another small I.
function New-NameTable {
    return New-Object Collections.Hashtable ([StringComparer]::OrdinalIgnoreCase)
}

$Clock = [Diagnostics.Stopwatch]::StartNew()

# What is under way; the watchdog reads it too.
$Now = [Collections.Hashtable]::Synchronized(@{ Step = 'starting' })

# Tells of the work on the error stream. Only a run that the plugin started does so.
function Send-Progress([string] $Kind, [string] $Text) {
    if ($Progress) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($Text)
        [Console]::Error.WriteLine("-----CHECK_CS_BACKUP $Kind-----" + [Convert]::ToBase64String($bytes))
    }
}

# Tells what is under way, so that a run that is ended from outside can say where it was.
function Write-Step([string] $Step) {
    $Now.Step = $Step
    Send-Progress 'STEP' $Step
}

# Ends this process when it is not done in time: a question that hangs cannot be ended otherwise. It sleeps in a
# runspace of its own, until its event is set.
function Start-Watchdog([int] $Seconds) {
    $done = New-Object Threading.ManualResetEvent $false
    $watch = {
        param($Done, $Seconds, $Now)
        if (-not $Done.WaitOne(1000 * $Seconds)) {
            [Console]::Error.WriteLine("The collector was not done after $Seconds seconds while " + $Now.Step)
            # Should a thread that hangs keep even the next line from ending it.
            $kill = '[Threading.Thread]::Sleep(5000); [Diagnostics.Process]::GetCurrentProcess().Kill()'
            $null = [PowerShell]::Create().AddScript($kill).BeginInvoke()
            [Environment]::Exit(1)
        }
    }
    $shell = [PowerShell]::Create().AddScript($watch.ToString())
    $shell = $shell.AddArgument($done).AddArgument($Seconds).AddArgument($Now)
    return @{ Done = $done; Shell = $shell; Run = $shell.BeginInvoke() }
}

function Stop-Watchdog($Watchdog) {
    $null = $Watchdog.Done.Set()
    $null = $Watchdog.Shell.EndInvoke($Watchdog.Run)
    $Watchdog.Shell.Dispose()
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

# What kind of error it is, in no language: type and HRESULT of the exception and of those behind it, then the
# FullyQualifiedErrorId, which for a thrown exception is only its message.
function Get-ErrorId($Caught) {
    $ids = @()
    $messages = @()
    $exception = $Caught.Exception
    while ($null -ne $exception) {
        $id = $exception.GetType().FullName
        # Before .NET 4.5 it is not to be seen.
        if ($null -ne $exception.HResult) { $id += ' 0x{0:X8}' -f $exception.HResult }
        $ids += $id
        $messages += [string] $exception.Message
        $exception = $exception.InnerException
    }
    $named = [string] $Caught.FullyQualifiedErrorId
    if ($named -and $messages -cnotcontains $named) { $ids += $named }
    return $ids -join '; '
}

function Import-CsModule {
    $failed = ''
    $first = $null
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
            if ($null -eq $first) { $first = $caught.Exception }
        }
    }
    # The error behind it tells of what kind it is.
    if ($failed) { throw (New-Object InvalidOperationException $failed, $first) }
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
        backupPoolError   = $null
        activeMachineFqdn = $null
        modules           = [object[]] @()
        events            = [object[]] @()
        error             = $null
        errorId           = $null
    }
}

# Asks for one pool and writes into its entry. The cmdlet takes one category at a time.
function Read-Pool($Entry, $Categories) {
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
        $Entry.errorId = Get-ErrorId $_
    }
    $Entry.modules = $modules.ToArray()
}

# The FQDNs that a value names: a text, an object that turns into one, one of its members, each of several. References
# to services are written Role:FQDN. What turns into the name of its own type has no text.
function Get-Fqdns($Value, [int] $Levels) {
    if ($null -eq $Value) { return }
    if ($Value -is [Collections.IEnumerable] -and $Value -isnot [string]) {
        foreach ($one in $Value) {
            if ($one -is [string] -or $one -isnot [Collections.IEnumerable]) { Get-Fqdns $one $Levels }
        }
        return
    }
    $text = ([string] $Value).Trim()
    $isName = $text -match '^(?:\w+:)?([\w-]+(?:\.[\w-]+)*\.[\w-]*[^\W\d][\w-]*)\.?$'
    if ($isName -and $text -cne $Value.GetType().FullName) { return $Matches[1] }
    if ($Levels -eq 0 -or $Value -is [string] -or $Value -is [ValueType]) { return }
    foreach ($property in $Value.PSObject.Properties) { Get-Fqdns $property.Value ($Levels - 1) }
}

# The one other pool that the members of these objects name. The members of
# Microsoft.Rtc.Management.Hadr.BackupService.BackupRelation are not published, so this counts on no name, but a member
# with Backup in its name is heard first.
function Select-OtherPool([string] $Fqdn, $Objects, [string] $What) {
    $first = New-NameTable
    $second = New-NameTable
    foreach ($object in $Objects) {
        if ($null -eq $object) { continue }
        foreach ($property in $object.PSObject.Properties) {
            # The machine that answered, in a remote session.
            if ($property.Name -eq 'PSComputerName') { continue }
            foreach ($name in @(Get-Fqdns $property.Value 1)) {
                # Asked for by its short name, it is not another one either.
                if ("$name.".StartsWith("$Fqdn.", [StringComparison]::OrdinalIgnoreCase)) { continue }
                if ($property.Name -like '*Backup*') { $first[$name] = $true } else { $second[$name] = $true }
            }
        }
    }
    foreach ($names in $first, $second) {
        if ($names.Count -eq 1) { return [string] @($names.Keys)[0] }
        if ($names.Count -gt 1) { throw "$What names several other pools" }
    }
    throw "$What names no other pool"
}

# The backup pool of a pool: the one in its backup relationship, else its backup registrar, for paired pools are each
# other's.
function Find-BackupPool([string] $Fqdn) {
    Write-Step "asking for the backup pool of $Fqdn"
    try {
        $relations = @(Get-CsPoolBackupRelationship -PoolFqdn $Fqdn -ErrorAction Stop)
        return Select-OtherPool $Fqdn $relations 'its backup relationship'
    } catch {
        $failed = Get-Reason $_
    }
    Write-Step "asking for the backup registrar of $Fqdn"
    try {
        # A registrar names other services too, so only this member counts.
        $registrars = @(Get-CsService -Registrar -PoolFqdn $Fqdn -ErrorAction Stop)
        return Select-OtherPool $Fqdn @($registrars | Select-Object -Property BackupRegistrar) 'its registrar'
    } catch {
        throw "$failed; " + (Get-Reason $_)
    }
}

# The pools that are an active host of the Central Management Store.
function Find-CmsMasters {
    Write-Step 'asking for the CMS master'
    $names = New-NameTable
    foreach ($service in @(Get-CsService -CentralManagement -ErrorAction Stop)) {
        if ($null -ne $service -and [string] $service.Active -eq 'True' -and [string] $service.PoolFqdn) {
            $names[[string] $service.PoolFqdn] = $true
        }
    }
    return @($names.Keys)
}

# Whether all that is known of a pool is as the documentation has it for a healthy one, so that nothing needs a reason.
function Test-Healthy($Entry, [string] $Master) {
    if ($Entry.error -or $Entry.modules.Length -eq 0) { return $false }
    foreach ($module in $Entry.modules) {
        $normal = 'FinalState', 'SteadyState'
        $isMaster = [string]::Equals($Entry.poolFqdn, $Master, [StringComparison]::OrdinalIgnoreCase)
        if ($module.identity -eq 'CentralMgmt.CMSMaster' -and -not $isMaster) { $normal += 'NotInitialized' }
        if ($normal -notcontains $module.exportStatus -or $module.importStatus -ne 'NormalState') { return $false }
    }
    return $true
}

# Whether a name is that of this machine.
function Test-ThisMachine([string] $Name) {
    $here = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    foreach ($own in $here.HostName, ($here.HostName + '.' + $here.DomainName)) {
        if ([string]::Equals($own, $Name.TrimEnd('.'), [StringComparison]::OrdinalIgnoreCase)) { return $true }
    }
    return $false
}

# The newest events of the Backup Service on a machine, or the error why they can't be read. An empty name is this
# machine.
$FindEvents = {
    param($Machine)
    # What hangs in here keeps no PowerShell from ending.
    [Threading.Thread]::CurrentThread.IsBackground = $true
    $where = @{}
    if ($Machine) { $where.ComputerName = $Machine }
    $filter = @{
        LogName = 'Lync Server'; ProviderName = 'LS Backup Service'; Level = 2, 3; StartTime = (Get-Date).AddHours(-1)
    }
    try {
        foreach ($record in @(Get-WinEvent -FilterHashtable $filter -MaxEvents 3 -ErrorAction Stop @where)) {
            $text = [string] $record.Message
            # Where the texts of the source are not installed, its words are there all the same.
            if (-not $text) { $text = @($record.Properties | ForEach-Object { $_.Value }) -join ' ' }
            $module = $null
            if ($text -match 'Backup Module Identity:\s*([\w.-]+)') { $module = $Matches[1] }
            $text = ($text -replace '\s+', ' ').Trim()
            if ($text.Length -gt 500) { $text = $text.Substring(0, 500) }
            $level = 'Error'
            if ($record.Level -eq 3) { $level = 'Warning' }
            $at = $record.TimeCreated.ToUniversalTime()
            [ordered]@{
                id      = [int] $record.Id
                level   = $level
                at      = $at.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
                machine = [string] $record.MachineName
                module  = $module
                text    = $text
            }
        }
    } catch {
        # That there are none is said as an error.
        if ([string] $_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { $_ }
    }
}

# Looks for the events of a pool and writes them into its entry. A machine that does not answer is not waited for
# longer than some milliseconds: a call to it cannot be ended.
function Read-Events($Entry, [int] $Patience) {
    # The pool's name is that of its front end on a Standard Edition server, and leads to one of them elsewhere.
    $machine = $Entry.activeMachineFqdn
    if (-not $machine) { $machine = $Entry.poolFqdn }
    Write-Step "looking for events of pool $($Entry.poolFqdn) on $machine"
    if (Test-ThisMachine $machine) { $asked = '' } else { $asked = $machine }
    $shell = [PowerShell]::Create().AddScript($FindEvents.ToString()).AddArgument($asked)
    $run = $shell.BeginInvoke()
    if (-not $run.AsyncWaitHandle.WaitOne($Patience)) {
        $null = $shell.BeginStop($null, $null)
        throw "$machine did not answer within $([Math]::Ceiling($Patience / 1000)) seconds"
    }
    $events = @()
    $failed = ''
    foreach ($found in $shell.EndInvoke($run)) {
        if ($found.PSObject.BaseObject -is [Management.Automation.ErrorRecord]) {
            $failed = $machine + ': ' + (Get-Reason $found)
            if ($found.Exception -is [UnauthorizedAccessException]) {
                $failed += " (the account must be one of the 'Event Log Readers' there)"
            }
        } else {
            $events += $found.PSObject.BaseObject
        }
    }
    $shell.Dispose()
    $Entry.events = [object[]] $events
    if ($failed) { throw $failed }
}

# Looks for events of the pools that are not healthy. All of that takes 10 seconds at most, and half of the time that is
# left at most: it must not cost the status.
function Find-Events($Document) {
    $left = 500 * $Limit - $Clock.ElapsedMilliseconds / 2
    $until = $Clock.ElapsedMilliseconds + [Math]::Min(10000, $left)
    foreach ($entry in $Document.pools) {
        if (Test-Healthy $entry $Document.cmsMaster) { continue }
        try {
            $patience = $until - $Clock.ElapsedMilliseconds
            if ($patience -le 0) { throw 'there was no time left' }
            # What is known by now must not wait for it.
            Send-Part $Document
            Read-Events $entry $patience
        } catch {
            $Document.notes += "the events of pool $($entry.poolFqdn) could not be read: " + (Get-Reason $_)
        }
    }
}

# The document as JSON. A text that ConvertTo-Json did not make is no document: then this throws.
function Get-Json($Document) {
    $json = ConvertTo-Json -InputObject $Document -Depth 5 -Compress -ErrorAction Stop
    if ($json -is [string] -and $json.StartsWith('{"schema":"check_cs_backup/1",', [StringComparison]::Ordinal) -and
        $json.EndsWith('}', [StringComparison]::Ordinal)) {
        return $json
    }
    throw 'ConvertTo-Json made no document of the status'
}

# Hands on what is known so far, so that a later question that hangs costs only itself.
function Send-Part($Document) {
    if ($Progress) { Send-Progress 'PART' (Get-Json $Document) }
}

# Puts the text in the place of the file in one step, so that a reader sees the old document or the new one, whole.
function Set-Document([string] $File, [string] $Text) {
    $File = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($File)
    Remove-OldFiles $File
    $new = $File + '.' + [Diagnostics.Process]::GetCurrentProcess().Id + '.tmp'
    try {
        [IO.File]::WriteAllText($new, $Text, (New-Object Text.UTF8Encoding $false))
        for ($try = 1; ; $try++) {
            try {
                if ([IO.File]::Exists($File)) {
                    # Without the last argument it wants to copy the permissions too, which takes more than the right to
                    # change files on a share.
                    [IO.File]::Replace($new, $File, [NullString]::Value, $true)
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

# Removes the temporary files of runs that were ended in the middle. Another run may be writing, so only old ones go.
function Remove-OldFiles([string] $File) {
    $ours = '^' + [regex]::Escape([IO.Path]::GetFileName($File)) + '\.[0-9]+\.tmp$'
    try {
        foreach ($old in [IO.Directory]::GetFiles([IO.Path]::GetDirectoryName($File), '*.tmp')) {
            $isOld = [IO.File]::GetLastWriteTimeUtc($old) -lt [DateTime]::UtcNow.AddHours(-1)
            if ($isOld -and [IO.Path]::GetFileName($old) -match $ours) { [IO.File]::Delete($old) }
        }
    } catch {
        # They are in nobody's way.
        return
    }
}

# Arguments that are wrong, or empty because a variable was not filled, must not end in another document than was meant.
if ($PSBoundParameters.ContainsKey('Path') -and -not $Path.Trim()) { Stop-Collector '-Path is empty: name a file.' }
if ($Limit -lt 1 -or $Limit -gt 86400) { Stop-Collector "-Limit ${Limit}: say 1 to 86400 seconds." }
if ($PSBoundParameters.ContainsKey('Pool')) {
    $asked = @($Pool -split ',' | ForEach-Object { $_.Trim() })
    foreach ($name in $asked) {
        if ($name -notmatch '^[\w.-]+$') { Stop-Collector "-Pool: '$name' is no name of a pool." }
    }
    if ($asked.Count -eq 0) { Stop-Collector '-Pool is empty: name a pool.' }
} else {
    $asked = Get-Names $PoolNames
}
if ($PSBoundParameters.ContainsKey('Category')) {
    $categories = @($Category -split ',' | ForEach-Object { $_.Trim() })
    foreach ($name in $categories) {
        if ($name -notmatch '^(CMS|UserData|RGS)$') {
            Stop-Collector "-Category: '$name' is none of CMS, UserData and RGS."
        }
    }
    if ($categories.Count -eq 0) { Stop-Collector '-Category is empty: say CMS, UserData or RGS.' }
} else {
    $categories = @(Get-Names $CategoryNames)
}

# One entry for each pool, whatever happens below.
$entries = @()
$known = New-NameTable
foreach ($fqdn in $asked) {
    $fqdn = ([string] $fqdn).Trim()
    if ($fqdn -and -not $known.ContainsKey($fqdn)) {
        $entry = New-Entry $fqdn
        $entries += $entry
        $known[$fqdn] = $entry
    }
}
if ($entries.Count -eq 0) { Stop-Collector 'No pool is named: say -Pool FQDN.' }

$document = [ordered]@{
    schema         = 'check_cs_backup/1'
    collectedAt    = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
    host           = [Environment]::MachineName
    module         = $null
    cmsMaster      = $null
    cmsMasterError = $null
    pools          = [object[]] @()
    notes          = [object[]] @()
}

$watchdog = $null
# A console that somebody works in is not ended unless that is asked for.
if ($Path -or $Progress -or $PSBoundParameters.ContainsKey('Limit')) { $watchdog = Start-Watchdog $Limit }
try {
    try {
        $document.module = Import-CsModule
        $waiting = @($entries | ForEach-Object { $_.poolFqdn })
        foreach ($entry in @($entries)) {
            $waiting = @($waiting | Select-Object -Skip 1)
            $later = ''
            if ($waiting.Count) { $later = ' (not asked yet: ' + ($waiting -join ', ') + ')' }
            Write-Step ('asking for pool ' + $entry.poolFqdn + $later)
            Read-Pool $entry $categories
            $document.pools += $entry
            Send-Part $document
        }
        if ($Pair -or $WithBackup) {
            foreach ($entry in @($entries)) {
                if ($entry.backupPoolFqdn) { continue }
                try {
                    $backup = Find-BackupPool $entry.poolFqdn
                } catch {
                    $entry.backupPoolError = Get-Reason $_
                    Send-Part $document
                    continue
                }
                $entry.backupPoolFqdn = $backup
                $partner = $known[$backup]
                if ($null -eq $partner) {
                    $partner = New-Entry $backup
                    $entries += $partner
                    $known[$backup] = $partner
                    Write-Step "asking for pool $backup, the backup pool of $($entry.poolFqdn)"
                    Read-Pool $partner $categories
                    $document.pools += $partner
                }
                # A pair is mutual.
                if (-not $partner.backupPoolFqdn) {
                    $partner.backupPoolFqdn = $entry.poolFqdn
                    $partner.backupPoolError = $null
                }
                Send-Part $document
            }
        }
        if ($WithMaster) {
            try {
                $masters = @(Find-CmsMasters)
                if ($masters.Count -eq 1) { $document.cmsMaster = [string] $masters[0] }
                if ($masters.Count -gt 1) {
                    $document.cmsMasterError = 'several pools are active: ' + (($masters | Sort-Object) -join ', ')
                }
                if ($masters.Count -eq 0) { throw 'no pool is active' }
            } catch {
                $document.notes += 'the CMS master is not known: ' + (Get-Reason $_)
            }
        }
        if ($WithEvents -and -not $NoEvents) { Find-Events $document }
    } catch {
        # Nothing could be asked: every pool that is not told yet says why.
        foreach ($entry in $entries) {
            if (-not $entry.error -and $entry.modules.Length -eq 0) {
                $entry.error = Get-Reason $_
                $entry.errorId = Get-ErrorId $_
            }
        }
    }
    $document.pools = [object[]] $entries

    Write-Step 'making the document'
    try {
        $json = Get-Json $document
    } catch {
        Stop-Collector ('No document could be made: ' + (Get-Reason $_))
    }
    if ($Path) {
        # The last result of the scheduled task shows that something is amiss.
        try {
            Set-Document $Path $json
        } catch {
            Stop-Collector ("Could not write ${Path}: " + (Get-Reason $_))
        }
        if (@($entries | Where-Object { $_.error -or $_.backupPoolError }).Count) { exit 1 }
        exit 0
    }
} finally {
    if ($watchdog) { Stop-Watchdog $watchdog }
}
# ASCII in one line: no code page and no byte order mark can spoil it.
$line = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json))
$line = "-----BEGIN CHECK_CS_BACKUP-----$line-----END CHECK_CS_BACKUP-----"
if ($Progress) {
    [Console]::Out.WriteLine($line)
    [Console]::Out.Flush()
} else {
    $line
}

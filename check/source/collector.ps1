# .SYNOPSIS
# Asks the Backup Service of Lync Server or Skype for Business Server for the status of each pool.
#
# .DESCRIPTION
# The collector of check_cs_backup. It makes one JSON document of what Get-CsBackupServiceStatus returns, schema
# check_cs_backup/1, and changes nothing. Without -Path it puts out one ASCII line: begin marker, base64 of the
# document, end marker.
#
# It needs Windows PowerShell 3.0 or later, the PowerShell module SkypeForBusiness or Lync, and an account that may run
# Get-CsBackupServiceStatus: by default a member of RTCUniversalServerAdmins.
#
# Exit code 1: a pool could not be asked in time, what it answered is not known, a backup pool was not found (the
# document says which and why), or the document could not be written; then the old file stays as it is.
#
# .PARAMETER Path
# Writes the document to this file, in one step. What could not be done stands beside it in FILE.err, replaced by each
# run, removed by one that went well. Several collectors may write one file: the last one counts.
#
# .PARAMETER Pool
# The FQDNs of the pools to ask for, with commas between them, in the place of those that are built in.
#
# .PARAMETER Category
# CMS, UserData, RGS: asks for these categories of modules only, with commas between them.
#
# .PARAMETER Pair
# Asks for the backup pool of each pool too.
#
# .PARAMETER NoEvents
# Leaves out the Backup Service's own events. Otherwise they are looked for where something is not healthy: in the log
# 'Lync Server' of the front end, which takes a member of 'Event Log Readers' there.
#
# .PARAMETER Limit
# Ends its PowerShell after so many seconds, with exit code 1; a question that hangs cannot be ended otherwise. With
# -Path the limit is 240, and the document is written with what was had by then. Otherwise there is none.
#
# .EXAMPLE
# .\collector.ps1 -Pool pool01.contoso.com -Pair -Path C:\check_cs_backup\status.json
#
# Writes the status of a pool and of its backup pool to a file, as a scheduled task does.
#
# .EXAMPLE
# .\collector.ps1 -Pool pool01.contoso.com,pool02.contoso.com > status.txt
#
# Saves the line of two pools.
#
# .NOTES
# As a scheduled task on a front end, in a PowerShell of an administrator; put your own names in. First the folder:
# what lies there is run, so only administrators, SYSTEM and the task's account may write to it. The numbers are
# Administrators and SYSTEM in all languages. Who reads the file besides these, such as the
# account of an agent, gets the right (OI)(CI)RX.
#
#   New-Item -ItemType Directory -Path C:\check_cs_backup
#   icacls.exe C:\check_cs_backup /inheritance:r /grant "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-18:(OI)(CI)F" `
#       "CONTOSO\svc-cs-backup:(OI)(CI)M"
#
# The account needs the right 'Log on as a batch job' on that machine (local security policy, User Rights Assignment),
# which group policies often hand out.
#
#   $run      = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "C:\check_cs_backup\collector.ps1"'
#   $run     += ' -Path "C:\check_cs_backup\status.json" -Pool pool01.contoso.com -Pair'
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
#       /TR "$run -Path C:\check_cs_backup\status.json -Pool pool01.contoso.com -Pair"
#   schtasks.exe /Create /TN check_cs_backup /XML task.xml /RU CONTOSO\svc-cs-backup /RP *
#
# In /TR a path with blanks stands between \" and \"; in task.xml and above it stands in quotes as it is.
#
# "is not digitally signed" has two causes. A file that a browser or a mail brought has the mark of the web: where the
# policy is RemoteSigned, Unblock-File takes it away. And -ExecutionPolicy Bypass counts for nothing where a group
# policy sets the policy (Get-ExecutionPolicy -List shows it): with AllSigned the script must be signed, with Restricted
# no script runs. Where AppLocker or App Control forces ConstrainedLanguage, the policy must allow this script.

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
    $why = "The collector cannot run: PowerShell is in $mode mode here, " +
        'and a policy such as AppLocker or App Control must allow it FullLanguage.'
    Write-Error $why
    if ($Path) { Set-Content -LiteralPath "$Path.err" -Value $why -Encoding ASCII }
    exit 1
}

# Where the plugin runs this, these reach into the modules too. $ErrorActionPreference is left alone for that reason:
# what a module shrugs off must not end it.
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$VerbosePreference = 'SilentlyContinue'
$DebugPreference = 'SilentlyContinue'
Set-StrictMode -Off

# That of the plugin it came with.
$Version = '0.1.0'

# What a pool's entry says until it was asked: it is written where the time is over before.
$NotInTime = 'not done in time'

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
    if ($Path.Trim()) { Set-Failure $Path $Why }
    exit 1
}

# The time in the form of the document.
function Get-Time {
    return [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
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

# Tells what is under way, so that a run that is ended from outside can say where it was. For a task it keeps what is to
# be written should that hang: entries say that they were not done in time until they are.
function Write-Step([string] $Step) {
    $Now.Step = $Step
    Send-Progress 'STEP' $Step
    if ($Path) {
        $notes = $document.notes
        $document.notes += "not done in time while $Step"
        $Now.Json = Get-Json $document
        $document.notes = $notes
    }
}

# Ends this process when it is not done in time: a question that hangs cannot be ended otherwise. It sleeps in a
# runspace of its own, until its event is set. For a task it writes what there is by then.
function Start-Watchdog([int] $Seconds, [string] $File) {
    $done = New-Object Threading.ManualResetEvent $false
    $watch = {
        if ($Done.WaitOne(1000 * $Seconds)) { return }
        # Should a thread, a disk or a share that hangs keep the rest from ending it.
        $kill = '[Threading.Thread]::Sleep(15000); [Diagnostics.Process]::GetCurrentProcess().Kill()'
        $null = [PowerShell]::Create().AddScript($kill).BeginInvoke()
        $why = "The collector was not done after $Seconds seconds while " + $Now.Step
        [Console]::Error.WriteLine($why)
        if ($File) {
            try {
                # Without one the document was made, and only writing it took too long.
                if ($Now.Json) { Set-Document $File $Now.Json }
            } catch {
                $why += "; could not write ${File}: " + $_.Exception.Message
            }
            Set-Failure $File $why
        }
        [Environment]::Exit(1)
    }
    # The other runspace knows no function of this one.
    $script = 'param($Done, $Seconds, $Now, $File)' + "`n"
    foreach ($name in 'Get-Time', 'Set-Document', 'Remove-OldFiles', 'Set-Failure') {
        $script += "function $name {`n" + (Get-Command $name).Definition + "`n}`n"
    }
    $shell = [PowerShell]::Create().AddScript($script + $watch.ToString())
    $shell = $shell.AddArgument($done).AddArgument($Seconds).AddArgument($Now).AddArgument($File)
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

# An entry says that it was not done in time until Read-Pool is through with it.
function New-Entry([string] $Fqdn) {
    return [ordered]@{
        poolFqdn          = $Fqdn
        backupPoolFqdn    = $null
        backupPoolError   = $null
        activeMachineFqdn = $null
        modules           = [object[]] @()
        events            = [object[]] @()
        error             = $NotInTime
        errorId           = $null
        timedOut          = $true
    }
}

function Set-Error($Entry, $Caught) {
    $Entry.error = Get-Reason $Caught
    $Entry.errorId = Get-ErrorId $Caught
    $Entry.Remove('timedOut')
}

# What an object is, without its values: its type, and the names and types of its first 20 properties.
function Get-Shape($Object) {
    if ($null -eq $Object) { return [ordered]@{ type = 'null'; properties = [object[]] @() } }
    $properties = @()
    foreach ($property in @($Object.PSObject.Properties | Select-Object -First 20)) {
        # System.Collections.Generic.List`1[[...]] is a List.
        $properties += $property.Name + ' ' + ($property.TypeNameOfValue -replace '`.*$' -replace '^.*\.')
    }
    return [ordered]@{ type = [string] $Object.PSObject.TypeNames[0]; properties = [object[]] $properties }
}

# What a cmdlet returned that was of no use, as a text: its first three kinds.
function Get-ShapeText([string] $Cmdlet, $Objects) {
    $texts = @()
    foreach ($object in $Objects) {
        $shape = Get-Shape $object
        $text = $shape.type
        if ($shape.properties.Length) { $text += ' (' + ($shape.properties -join ', ') + ')' }
        if ($texts -cnotcontains $text -and $texts.Count -lt 3) { $texts += $text }
    }
    if ($texts.Count -eq 0) { return "$Cmdlet returned nothing" }
    return "$Cmdlet returned " + ($texts -join ', ')
}

# Names an object that is not known in what was found; the same kind once, and 20 kinds at most.
function Add-Unread($Found, $Object) {
    $shape = Get-Shape $Object
    $key = $shape.type + ' ' + ($shape.properties -join ' ')
    if (-not $Found.Unread.Contains($key) -and $Found.Unread.Count -lt 20) { $Found.Unread[$key] = $shape }
}

# Whether an object has a text of its own: what has none turns into the name of its type.
function Test-Text($Object, [string] $Text) {
    $types = @($Object.PSObject.TypeNames -replace '^Deserialized\.')
    return $Text -and $types -cnotcontains $Text
}

# Takes a module in any of the forms that it may come in. A list in the list is taken apart.
function Add-Module($Found, $Module, [int] $Levels) {
    if ($Module -is [Collections.IList] -and $Levels) {
        foreach ($one in $Module) { Add-Module $Found $one ($Levels - 1) }
        return
    }
    if ($null -eq $Module) {
        Add-Unread $Found $Module
        return
    }
    $properties = $Module.PSObject.Properties
    if ($properties['Identity'] -and $properties['ExportStatus'] -and $properties['ImportStatus']) {
        # States are an enum, which ConvertTo-Json would print as a number.
        $null = $Found.Modules.Add([ordered]@{
            identity     = [string] $Module.Identity
            exportStatus = [string] $Module.ExportStatus
            importStatus = [string] $Module.ImportStatus
        })
        return
    }
    $text = ([string] $Module -replace '\s+', ' ').Trim()
    if (Test-Text $Module $text) {
        $null = $Found.Modules.Add([ordered]@{ text = $text.Substring(0, [Math]::Min(500, $text.Length)) })
    } else {
        Add-Unread $Found $Module
    }
}

# Takes an object that Get-CsBackupServiceStatus returned. What is not known is named, never dropped.
function Add-Answer($Found, $Answer) {
    if ($Answer -is [string] -or $Answer -is [ValueType]) {
        # What a cmdlet prints besides its answer is none, unless it has the form of a module: Name:[Export,Import].
        if ($Answer -match '^\s*[^\s:\[\]]+\s*:\s*\[') { Add-Module $Found $Answer } else { $Found.Noise += $Answer }
        return
    }
    if ($null -eq $Answer) {
        Add-Unread $Found $Answer
        return
    }
    if (-not $Found.Machine) { $Found.Machine = Get-Text $Answer 'ActiveMachineFqdn' }
    $list = $Answer.PSObject.Properties['BackupModules']
    $isModule = $Answer.PSObject.Properties['ExportStatus'] -or $Answer.PSObject.Properties['ImportStatus']
    if ($list) {
        $modules = $list.Value
        $Found.Empty = 'BackupModules is empty'
        if ($null -eq $modules) { $Found.Empty = 'BackupModules is null' } else { Add-Module $Found @($modules) 3 }
    } elseif ($isModule) {
        Add-Module $Found $Answer
    }
    # A state beside BackupModules is nobody's.
    if ([bool] $list -eq [bool] $isModule) { Add-Unread $Found $Answer }
}

# Asks for one pool and writes into its entry. The cmdlet takes one category at a time.
function Read-Pool($Entry, $Categories) {
    $found = @{ Modules = New-Object Collections.ArrayList; Unread = [ordered]@{}; Noise = @(); Machine = $null }
    $found.Empty = 'Get-CsBackupServiceStatus returned nothing for this pool'
    try {
        foreach ($one in $Categories) {
            $ask = @{ PoolFqdn = $Entry.poolFqdn; ErrorAction = 'Stop' }
            if ($one) { $ask.Category = $one }
            foreach ($answer in @(Get-CsBackupServiceStatus @ask)) { Add-Answer $found $answer }
        }
        $Entry.error = $null
        $Entry.Remove('timedOut')
        if ($found.Modules.Count -eq 0 -and $found.Unread.Count -eq 0) {
            if ($found.Noise.Count -and $found.Empty -like '*nothing*') {
                foreach ($one in $found.Noise) { Add-Unread $found $one }
            } else {
                $Entry.missing = $found.Empty
            }
        }
    } catch {
        Set-Error $Entry $_
    }
    $Entry.activeMachineFqdn = $found.Machine
    $Entry.modules = $found.Modules.ToArray()
    if ($found.Unread.Count) { $Entry.unread = [object[]] @($found.Unread.Values) }
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
# with Backup in its name is heard first. Else it throws and names what Cmdlet returned, which did not help.
function Select-OtherPool([string] $Fqdn, $Objects, [string] $What, [string] $Cmdlet, [string] $Member = '*') {
    $first = New-NameTable
    $second = New-NameTable
    foreach ($object in $Objects) {
        if ($null -eq $object) { continue }
        foreach ($property in $object.PSObject.Properties) {
            # The machine that answered, in a remote session.
            if ($property.Name -eq 'PSComputerName' -or $property.Name -notlike $Member) { continue }
            foreach ($name in @(Get-Fqdns $property.Value 1)) {
                # Asked for by its short name, it is not another one either.
                if ("$name.".StartsWith("$Fqdn.", [StringComparison]::OrdinalIgnoreCase)) { continue }
                if ($property.Name -like '*Backup*') { $first[$name] = $true } else { $second[$name] = $true }
            }
        }
    }
    foreach ($names in $first, $second) {
        if ($names.Count -eq 1) { return [string] @($names.Keys)[0] }
        if ($names.Count -gt 1) { throw "$What names several other pools: " + (Get-ShapeText $Cmdlet $Objects) }
    }
    throw "$What names no other pool: " + (Get-ShapeText $Cmdlet $Objects)
}

# The backup pool of a pool: the one in its backup relationship, else its backup registrar, for paired pools are each
# other's.
function Find-BackupPool([string] $Fqdn) {
    Write-Step "asking for the backup pool of $Fqdn"
    try {
        $relations = @(Get-CsPoolBackupRelationship -PoolFqdn $Fqdn -ErrorAction Stop)
        return Select-OtherPool $Fqdn $relations 'its backup relationship' 'Get-CsPoolBackupRelationship'
    } catch {
        $failed = Get-Reason $_
    }
    Write-Step "asking for the backup registrar of $Fqdn"
    try {
        # A registrar names other services too, so only this member counts.
        $registrars = @(Get-CsService -Registrar -PoolFqdn $Fqdn -ErrorAction Stop)
        return Select-OtherPool $Fqdn $registrars 'its registrar' 'Get-CsService -Registrar' 'BackupRegistrar'
    } catch {
        throw "$failed; " + (Get-Reason $_)
    }
}

# Asks which pools are an active host of the Central Management Store, and writes it into the document.
function Read-CmsMaster($Document) {
    Write-Step 'asking for the CMS master'
    try {
        $names = New-NameTable
        $services = @(Get-CsService -CentralManagement -ErrorAction Stop)
        foreach ($service in $services) {
            if ($null -ne $service -and [string] $service.Active -eq 'True' -and [string] $service.PoolFqdn) {
                $names[[string] $service.PoolFqdn] = $true
            }
        }
        $masters = @($names.Keys | Sort-Object)
        if ($masters.Count -eq 0) {
            throw 'no pool is active: ' + (Get-ShapeText 'Get-CsService -CentralManagement' $services)
        }
        if ($masters.Count -eq 1) {
            $Document.cmsMaster = [string] $masters[0]
        } else {
            $Document.cmsMasterError = 'several pools are active: ' + ($masters -join ', ')
        }
    } catch {
        $Document.notes += 'the CMS master is not known: ' + (Get-Reason $_)
    }
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

# The newest events of the Backup Service on a machine, and an error for each that can't be read, or for all. An empty
# name is this machine.
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
        $problems = @()
        # What comes beside an error comes all the same.
        $records = @(Get-WinEvent -FilterHashtable $filter -MaxEvents 3 -ErrorAction SilentlyContinue `
                -ErrorVariable problems @where)
        # That there are none is said as an error.
        $problems | Where-Object { [string] $_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*' }
    } catch {
        if ([string] $_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { $_ }
        return
    }
    foreach ($record in $records) {
        try {
            $text = [string] $record.Message
            # Where the texts of the source are not installed, its words are there all the same.
            if (-not $text) { $text = @($record.Properties | ForEach-Object { $_.Value }) -join ' ' }
            $module = $null
            if ($text -match 'Backup Module Identity:\s*([\w.-]+)') { $module = $Matches[1] }
            $text = ($text -replace '\s+', ' ').Trim()
            if ($text.Length -gt 500) { $text = $text.Substring(0, 500) }
            $level = 'Error'
            if ($record.Level -eq 3) { $level = 'Warning' }
            if ($null -eq $record.TimeCreated) { throw "event $($record.Id) has no date" }
            $at = $record.TimeCreated.ToUniversalTime()
            [ordered]@{
                id      = [int] $record.Id
                level   = $level
                at      = $at.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
                machine = [string] $record.MachineName
                module  = $module
                text    = $text
            }
        } catch {
            $_
        }
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
            if ($failed) { continue }
            $failed = $machine + ': ' + (Get-Reason $found)
            if (Test-Denied $found) { $failed += " (the account must be one of the 'Event Log Readers' there)" }
        } else {
            $events += $found.PSObject.BaseObject
        }
    }
    $shell.Dispose()
    $Entry.events = [object[]] $events
    if ($failed) { throw $failed }
}

# Whether an error, or one behind it, is that a right is missing.
function Test-Denied($Caught) {
    $exception = $Caught.Exception
    while ($null -ne $exception) {
        if ($exception -is [UnauthorizedAccessException]) { return $true }
        $exception = $exception.InnerException
    }
    return $false
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
            $what = 'the events'
            if ($entry.events.Length) { $what = 'some events' }
            $Document.notes += "$what of pool $($entry.poolFqdn) could not be read: " + (Get-Reason $_)
        }
    }
}

# The document as JSON. A text that ConvertTo-Json did not make is no document: then this throws.
function Get-Json($Document) {
    $json = ConvertTo-Json -InputObject $Document -Depth 8 -Compress -ErrorAction Stop
    if ($json -is [string] -and $json.StartsWith('{"schema":"check_cs_backup/1",', [StringComparison]::Ordinal) -and
        $json.EndsWith('}', [StringComparison]::Ordinal)) {
        return $json
    }
    throw 'ConvertTo-Json made no document of the status'
}

# Hands on what is known so far, so that a later question that hangs costs only itself: the pools that were asked.
function Send-Part($Document) {
    if (-not $Progress) { return }
    $all = $Document.pools
    $Document.pools = [object[]] @($all | Where-Object { -not $_.timedOut })
    Send-Progress 'PART' (Get-Json $Document)
    $Document.pools = $all
}

# Puts the text in the place of the file in one step, so that a reader sees the old document or the new one, whole.
function Set-Document([string] $File, [string] $Text) {
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
                [Threading.Thread]::Sleep(300)
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

# Says in FILE.err what could not be done, or removes it. Where that can't be written either, nobody can be told.
function Set-Failure([string] $File, [string] $Why) {
    try {
        if ($Why) { Set-Document "$File.err" ((Get-Time) + " $Why`n") } else { [IO.File]::Delete("$File.err") }
    } catch {
        return
    }
}

# What could not be done, a line for each.
function Get-Problems($Document) {
    foreach ($entry in $Document.pools) {
        foreach ($text in $entry.error, $entry.missing, $entry.backupPoolError) {
            if ($text) { $entry.poolFqdn + ': ' + ($text -replace '\s+', ' ') }
        }
        if ($entry.unread) {
            "$($entry.poolFqdn): Get-CsBackupServiceStatus returned an object that is not known: " +
                $entry.unread[0].type
        }
    }
}

# Asks for the pools, and with WithPair for their backup pools too. Each is asked for its own partner; nobody is asked
# further than the partner.
function Read-Pools($Document, $Categories, [bool] $WithPair) {
    $named = $Document.pools
    $waiting = @($named | ForEach-Object { $_.poolFqdn })
    $known = New-NameTable
    foreach ($entry in $named) {
        $known[$entry.poolFqdn] = $true
        $waiting = @($waiting | Select-Object -Skip 1)
        $later = ''
        if ($waiting.Count) { $later = ' (not asked yet: ' + ($waiting -join ', ') + ')' }
        Write-Step ('asking for pool ' + $entry.poolFqdn + $later)
        Read-Pool $entry $Categories
        Send-Part $Document
    }
    if (-not $WithPair) { return }
    foreach ($entry in $named) {
        try {
            $entry.backupPoolFqdn = Find-BackupPool $entry.poolFqdn
            $entry.backupPoolError = $null
        } catch {
            $entry.backupPoolError = Get-Reason $_
        }
        $backup = $entry.backupPoolFqdn
        if ($backup -and -not $known[$backup]) {
            $known[$backup] = $true
            $partner = New-Entry $backup
            $Document.pools += $partner
            Write-Step "asking for pool $backup, the backup pool of $($entry.poolFqdn)"
            Read-Pool $partner $Categories
        }
        Send-Part $Document
    }
    foreach ($partner in @($Document.pools | Select-Object -Skip $named.Length)) {
        try {
            $partner.backupPoolFqdn = Find-BackupPool $partner.poolFqdn
        } catch {
            $partner.backupPoolError = Get-Reason $_
        }
        Send-Part $Document
    }
    Move-PartnerErrors $Document
}

# Where the one half of a pair names the other, that the other does not answer is no fault but a note.
function Move-PartnerErrors($Document) {
    $partners = New-NameTable
    foreach ($entry in $Document.pools) { if ($entry.backupPoolFqdn) { $partners[$entry.backupPoolFqdn] = $true } }
    foreach ($entry in $Document.pools) {
        if ($entry.backupPoolError -and $partners[$entry.poolFqdn]) {
            $Document.notes += "the backup pool of $($entry.poolFqdn) is not known: " + $entry.backupPoolError
            $entry.backupPoolError = $null
        }
    }
}

# Arguments that are wrong, or empty because a variable was not filled, must not end in another document than was meant.
if ($PSBoundParameters.ContainsKey('Path')) {
    if (-not $Path.Trim()) { Stop-Collector '-Path is empty: name a file.' }
    # What .NET and the watchdog take for the current folder is another one.
    $Path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path)
}
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
$withPair = $Pair -or $WithBackup
$entries = @()
$seen = New-NameTable
foreach ($fqdn in $asked) {
    $fqdn = ([string] $fqdn).Trim()
    if ($fqdn -and -not $seen[$fqdn]) {
        $seen[$fqdn] = $true
        $entry = New-Entry $fqdn
        # A run of the plugin is ended by it, and says itself what was not done.
        if ($withPair -and -not $Progress) { $entry.backupPoolError = $NotInTime }
        $entries += $entry
    }
}
if ($entries.Count -eq 0) { Stop-Collector 'No pool is named: say -Pool FQDN.' }

$document = [ordered]@{
    schema         = 'check_cs_backup/1'
    collector      = $Version
    collectedAt    = Get-Time
    host           = [Environment]::MachineName
    module         = $null
    cmsMaster      = $null
    cmsMasterError = $null
    pools          = [object[]] $entries
    notes          = [object[]] @()
}
if ($categories[0]) { $document.categories = [object[]] $categories }

$watchdog = $null
# A console that somebody works in is not ended unless that is asked for.
if ($Path -or $Progress -or $PSBoundParameters.ContainsKey('Limit')) { $watchdog = Start-Watchdog $Limit $Path }
try {
    try {
        $document.module = Import-CsModule
        Read-Pools $document $categories $withPair
        if ($WithMaster) { Read-CmsMaster $document }
        if ($WithEvents -and -not $NoEvents) { Find-Events $document }
    } catch {
        # Nothing could be asked: every pool that is not told yet says why.
        foreach ($entry in $document.pools) {
            if ($entry.timedOut) { Set-Error $entry $_ }
            if ($entry.backupPoolError -eq $NotInTime) { $entry.backupPoolError = $null }
        }
    }

    try {
        Write-Step 'making the document'
        $json = Get-Json $document
    } catch {
        Stop-Collector ('No document could be made: ' + (Get-Reason $_))
    }
    if ($Path) {
        $Now.Json = $null
        $Now.Step = "writing $Path"
        # The last result of the scheduled task shows that something is amiss.
        try {
            Set-Document $Path $json
        } catch {
            Stop-Collector ("Could not write ${Path}: " + (Get-Reason $_))
        }
        $problems = @(Get-Problems $document)
        Set-Failure $Path ($problems -join "`n")
        $problems # for who runs it by hand
        exit [int] [bool] $problems.Count
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

# A made-up Get-WinEvent for the tests where there is none: PowerShell loads this module by itself when the command is
# called. Written by hand; the events say what docs/service.md, "Events", has of the real ones.
#
#   FAKE_CS_EVENTS   what it does: known, long, other, bare, undated, textless, denied, inner, rpc, hang; else there are no events
#   FAKE_CS_ASKED    a file that each question leaves a line in: the machine, or "here"

function New-FakeEvent([int] $Minutes, [int] $Id, [int] $Level, [string] $Message) {
    return New-Object PSObject -Property @{
        Id = $Id; Level = $Level; TimeCreated = (Get-Date).AddMinutes(-$Minutes); MachineName = 'FE01.contoso.com'
        Message = $Message; Properties = @()
    }
}

function Get-WinEvent {
    [CmdletBinding()]
    param([string] $ComputerName, [hashtable] $FilterHashtable, [long] $MaxEvents)
    if ($env:FAKE_CS_ASKED) {
        $where = 'here'
        if ($ComputerName) { $where = $ComputerName }
        [IO.File]::AppendAllText($env:FAKE_CS_ASKED, "Get-WinEvent $where`n")
    }
    $age = (Get-Date) - $FilterHashtable.StartTime
    if ($FilterHashtable.Count -ne 4 -or $FilterHashtable.LogName -ne 'Lync Server' -or
        $FilterHashtable.ProviderName -ne 'LS Backup Service' -or ($FilterHashtable.Level -join ' ') -ne '2 3' -or
        $age.TotalMinutes -lt 60 -or $age.TotalMinutes -gt 62) {
        throw "asked for other events: $($FilterHashtable | Out-String)"
    }
    # None of it is a text of the product: each line begins as docs/service.md says, what stands behind is made up.
    $copying = "An export failed.`r`n" +
        "Backup Module Identity:ConfServices.DataConf`r`nPath one:\\fs01\share\1`r`nPath two:\\fs01\share\2`r`n" +
        "Path three:\\fs02\share\3`r`nException: System.IO.IOException: The network path was not found.`r`n" +
        'Cause: made up'
    $events = @()
    switch ($env:FAKE_CS_EVENTS) {
        'known' {
            $events += New-FakeEvent 2 4042 2 $copying
            $events += New-FakeEvent 12 4069 3 'An update of dbo.batch failed.'
            $events += New-FakeEvent 22 4007 2 'An unhandled exception.'
            $events += New-FakeEvent 32 4070 2 'A SIP address has invalid characters.'
        }
        'long' { $events += New-FakeEvent 2 4042 2 ($copying + "`t" * 10 + 'x' * 1000) }
        'other' { $events += New-FakeEvent 1 4042 2 "Backup Module Identity: Not.OfThisPool`nCause: made up" }
        'bare' {
            $events += New-FakeEvent 1 4042 2 ''
            $events[0].Properties = @(@{ Value = 'Backup Module Identity:ConfServices.DataConf' }, @{ Value = 17 })
        }
        'undated' {
            $events += New-FakeEvent 1 4042 2 $copying
            $events[0].TimeCreated = $null
            $events += New-FakeEvent 2 4069 3 'An update of dbo.batch failed.'
        }
        'textless' {
            # The error of one event comes beside the others.
            Write-Error 'The description of event 4042 could not be found.'
            $events += New-FakeEvent 2 4069 3 'An update of dbo.batch failed.'
        }
        'inner' {
            $right = New-Object UnauthorizedAccessException 'Attempted to perform an unauthorized operation.'
            throw (New-Object InvalidOperationException 'The log could not be opened.', $right)
        }
        'denied' { throw (New-Object UnauthorizedAccessException 'Attempted to perform an unauthorized operation.') }
        'rpc' { throw (New-Object InvalidOperationException 'The RPC server is unavailable') }
        'hang' { while ($true) { [Threading.Thread]::Sleep(1000) } }
    }
    if ($events.Count -eq 0) {
        $none = New-Object Exception 'No events were found that match the specified selection criteria.'
        $PSCmdlet.WriteError((New-Object Management.Automation.ErrorRecord $none, 'NoMatchingEventsFound', 'ObjectNotFound', $null))
    }
    return $events | Select-Object -First $MaxEvents
}

Export-ModuleMember -Function Get-WinEvent

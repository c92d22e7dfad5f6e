# A made-up SkypeForBusiness module for the tests: the three Cs cmdlets with the parameters that are documented, typed
# .NET objects and enum states. Written by hand; no line of it comes from the product.
#
# What a pool does is in the first label of its name; see the switch in Get-CsBackupServiceStatus. Behind that:
#   FAKE_CS          one behaviour for all pools
#   FAKE_CS_IMPORT   what the import does: fail, hang, chatter
#   FAKE_CS_ONLY     the one category that has an answer
#   FAKE_CS_ACTIVE   the machine that the service is active on, or none
#   FAKE_CS_CMS      what Get-CsService -CentralManagement does: throw, both, none, hang
#   FAKE_CS_PAIR     what Get-CsPoolBackupRelationship does: throw, reverse, none, two, role, object, hang, oneway
#   FAKE_CS_REGISTRAR  what Get-CsService -Registrar does: throw, none; else it names the partner as backup registrar
#   FAKE_CS_JSON     what ConvertTo-Json does: throw, nothing, other, two
#   FAKE_CS_PID      a file that the ids of the processes go to
#   FAKE_CS_IMPORTS  a file that each import leaves a line in
#   FAKE_CS_ASKED    a file that each question leaves a line in: pool and category
#   FAKE_CS_DLL      where the compiled types are kept

if ($env:FAKE_CS_PID) { [IO.File]::AppendAllText($env:FAKE_CS_PID, "$PID`n") }
switch ($env:FAKE_CS_IMPORT) {
    'fail' { throw 'the product is not installed right' }
    'hang' { while ($true) { Start-Sleep -Seconds 1 } }
    'chatter' { Write-Host 'import says: hello'; Write-Warning 'import says: beware'; Write-Error 'import says: oh'; 'import says: output' }
}
if ($env:FAKE_CS_IMPORTS) { [IO.File]::AppendAllText($env:FAKE_CS_IMPORTS, "imported`n") }

if ('FakeCs.ExportState' -as [type]) {
} elseif ($env:FAKE_CS_DLL -and (Test-Path $env:FAKE_CS_DLL)) {
    Add-Type -Path $env:FAKE_CS_DLL
} else {
    $types = @'
using System.Collections.Generic;
namespace FakeCs {
    public enum ExportState { NotInitialized, FinalState, SteadyState, NonSteadyState, ErrorState }
    public enum ImportState { NotInitialized, NormalState, ErrorState }
    public class Fqdn {
        private readonly string name;
        public Fqdn(string name) { this.name = name; }
        public override string ToString() { return name; }
    }
    public class Module {
        public string Identity { get; set; }
        public ExportState ExportStatus { get; set; }
        public ImportState ImportStatus { get; set; }
        public override string ToString() { return Identity + ":[" + ExportStatus + "," + ImportStatus + "]"; }
    }
    public class Status {
        public Fqdn ActiveMachineFqdn { get; set; }
        public IList<Module> BackupModules { get; set; }
    }
    public class Service {
        public string Identity { get; set; }
        public Fqdn PoolFqdn { get; set; }
        public bool Active { get; set; }
    }
    public class Reference {
        private readonly string text;
        public Reference(string text) { this.text = text; }
        public override string ToString() { return text; }
    }
    public class Registrar {
        public string Identity { get; set; }
        public Fqdn PoolFqdn { get; set; }
        public Reference UserDatabase { get; set; }
        public Reference BackupRegistrar { get; set; }
    }
    public class Member {
        public Fqdn Fqdn { get; set; }
        public string Site { get; set; }
    }
    public class DeepRelation {
        public Member Pool { get; set; }
        public List<Member> BackupPools { get; set; }
    }
    public class BackupRelation {
        public Fqdn PoolFqdn { get; set; }
        public Fqdn BackupPoolFqdn { get; set; }
        public string Version { get; set; }
        public string Site { get; set; }
        public override string ToString() { return PoolFqdn + "<->" + BackupPoolFqdn; }
    }
}
'@
    # Compiling takes longer than everything else: the tests have it done once.
    if ($env:FAKE_CS_DLL) {
        # Several may do that at once.
        $new = "$env:FAKE_CS_DLL." + [Guid]::NewGuid()
        Add-Type -TypeDefinition $types -OutputAssembly $new
        try { [IO.File]::Move($new, $env:FAKE_CS_DLL) } catch { [IO.File]::Delete($new) }
        Add-Type -Path $env:FAKE_CS_DLL
    } else {
        Add-Type -TypeDefinition $types
    }
}

function New-Module([string] $Identity, $Export, $Import) {
    $module = New-Object FakeCs.Module
    $module.Identity = $Identity
    $module.ExportStatus = $Export
    $module.ImportStatus = $Import
    return $module
}

function Start-Grandchild {
    # Holds standard output open and outlives its parent.
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = [Diagnostics.Process]::GetCurrentProcess().MainModule.FileName
    $start.Arguments = '-NoLogo -NoProfile -NonInteractive -Command "Start-Sleep -Seconds 300"'
    $start.UseShellExecute = $false
    $child = [Diagnostics.Process]::Start($start)
    if ($env:FAKE_CS_PID) { [IO.File]::AppendAllText($env:FAKE_CS_PID, "$($child.Id)`n") }
}

function Get-CsBackupServiceStatus {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $PoolFqdn,
        [ValidateSet('CMS', 'UserData', 'RGS')] [string] $Category,
        [switch] $Force
    )
    $what = $PoolFqdn.Split('.')[0]
    if ($env:FAKE_CS) { $what = $env:FAKE_CS }
    if ($env:FAKE_CS_ASKED) { [IO.File]::AppendAllText($env:FAKE_CS_ASKED, "$PoolFqdn $Category`n") }
    $status = New-Object FakeCs.Status
    $status.ActiveMachineFqdn = New-Object FakeCs.Fqdn 'fe01.contoso.com'
    if ($env:FAKE_CS_ACTIVE) { $status.ActiveMachineFqdn = New-Object FakeCs.Fqdn $env:FAKE_CS_ACTIVE }
    if ($env:FAKE_CS_ACTIVE -eq 'none') { $status.ActiveMachineFqdn = $null }
    $status.BackupModules = New-Object 'Collections.Generic.List[FakeCs.Module]'
    if ($env:FAKE_CS_ONLY -and $env:FAKE_CS_ONLY -ne $Category) { return }
    switch -Wildcard ($what) {
        'sick*' {
            $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'NonSteadyState' 'NormalState'))
            $status.BackupModules.Add((New-Module 'ConfServices.DataConf' 'ErrorState' 'ErrorState'))
            $status.BackupModules.Add((New-Module 'CentralMgmt.CMSMaster' 'NotInitialized' 'NormalState'))
            return $status
        }
        'single*' {
            $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'))
            return $status
        }
        'none*' { return $status }
        'many*' {
            foreach ($i in 1..5000) { $status.BackupModules.Add((New-Module "Module.Number$i" 'SteadyState' 'NormalState')) }
            return $status
        }
        'throwing*' { throw "the pool $PoolFqdn is not in the topology: `"quoted`", 'single' & ümläut €" }
        'denied*' {
            $inner = New-Object UnauthorizedAccessException 'Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))'
            throw (New-Object InvalidOperationException 'Cannot open the backup service.', $inner)
        }
        'verweigert*' {
            # What a German Windows says where an English one says "Access is denied."
            $inner = New-Object UnauthorizedAccessException 'Zugriff verweigert'
            throw (New-Object InvalidOperationException ('Der Sicherungsdienst kann nicht ge' + [char] 0xF6 + 'ffnet werden.'), $inner)
        }
        'soft*' { Write-Error 'a non-terminating error'; return $status }
        # Shapes that the answer may have on a real front end, where nobody has seen it: see testdata/live/shapes.txtar.
        'texts*' {
            return [pscustomobject] @{
                ActiveMachineFqdn = 'fe01.contoso.com'
                BackupModules = 'UserServices.PresenceFocus:[FinalState,NormalState]', 'ConfServices.DataConf:[ErrorState,NormalState]'
            }
        }
        'other*' { return [pscustomobject] @{ ActiveMachineFqdn = 'fe01.contoso.com'; Modules = @(New-Module 'ConfServices.DataConf' 'ErrorState' 'NormalState') } }
        'flat*' {
            New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'
            return New-Module 'ConfServices.DataConf' 'NonSteadyState' 'NormalState'
        }
        'nothing*' { return }
        'null*' { $status.BackupModules = $null; return $status }
        'half*' {
            $modules = [pscustomobject] @{ Identity = 'ConfServices.DataConf'; ExportStatus = 'FinalState' }, (New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState')
            return [pscustomobject] @{ BackupModules = $modules }
        }
        'nested*' {
            $modules = (New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'), (New-Module 'ConfServices.DataConf' 'SteadyState' 'NormalState')
            return [pscustomobject] @{ BackupModules = @(, $modules) }
        }
        'gap*' { return [pscustomobject] @{ BackupModules = (New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'), $null } }
        'beside*' {
            $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'))
            Add-Member -InputObject $status -MemberType NoteProperty -Name ExportStatus -Value 'ErrorState'
            return $status
        }
        'wrapped*' {
            # What a remote session hands over: property bags under the names of their types.
            $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'))
            return [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($status, 3))
        }
        'number*' { return 7 }
        'words*' { return 'all is well', 17 }
        'void*' { return $null }
        'enum*' { return [FakeCs.ExportState]::FinalState }
        'hashtable*' { return @{ BackupModules = @('UserServices.PresenceFocus:[FinalState,NormalState]') } }
        'baretexts*' { return 'UserServices.PresenceFocus:[FinalState,NormalState]', 'ConfServices.DataConf:[ErrorState,NormalState]' }
        'renamed*' { return [pscustomobject] @{ BackupModules = @(New-Object FakeCs.Service) } }
        'shallow*' {
            # The same where it is cut earlier: modules are texts.
            $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'))
            return [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($status, 1))
        }
        'extended*' {
            $module = [pscustomobject] @{ Name = 'ConfServices.DataConf'; ExportStatus = 'ErrorState'; ImportStatus = 'NormalState' }
            $module | Add-Member -MemberType AliasProperty -Name Identity -Value Name
            $answer = [pscustomobject] @{ Modules = @($module) }
            $answer | Add-Member -MemberType ScriptProperty -Name BackupModules -Value { $this.Modules }
            return $answer
        }
        'slow*' { Start-Sleep -Seconds 2 }
        'hang*' { while ($true) { Start-Sleep -Seconds 1 } }
        'grandchild*' { Start-Grandchild }
        'grandchildhang*' { while ($true) { Start-Sleep -Seconds 1 } } # behind the one above
        'exit*' { [Environment]::Exit(7) }
        'chatter*' {
            Write-Host 'chatter: host'
            Write-Host -NoNewline 'chatter: no newline'
            Write-Output 'chatter: output'
            Write-Warning 'chatter: warning'
            Write-Verbose 'chatter: verbose' -Verbose
            [Console]::Error.WriteLine('chatter: error stream')
            [Console]::Out.WriteLine('-----BEGIN CHECK_CS_BACKUP-----')
        }
        'endless*' { while ($true) { [Console]::Out.WriteLine('x' * 60000) } }
        'quotes*' {
            $status.BackupModules.Add((New-Module 'It''s "a" module, <b> & \ / $x `n' 'FinalState' 'NormalState'))
            $status.BackupModules.Add((New-Module ('M' + [char] 0xFC + 'dul ' + [char] 0x20AC + ' ' + [char] 0xD83D + [char] 0xDE00) 'FinalState' 'NormalState'))
            return $status
        }
    }
    if (-not $Category -or $Category -eq 'UserData') {
        $status.BackupModules.Add((New-Module 'UserServices.PresenceFocus' 'FinalState' 'NormalState'))
        $status.BackupModules.Add((New-Module 'ConfServices.DataConf' 'SteadyState' 'NormalState'))
    }
    if (-not $Category -or $Category -eq 'CMS') {
        $status.BackupModules.Add((New-Module 'CentralMgmt.CMSMaster' 'NotInitialized' 'NormalState'))
    }
    return $status
}

# The pool at the other end: partner.contoso.com for all but itself, which is paired with the last one that was asked for.
function Get-Other([string] $PoolFqdn) {
    if ($PoolFqdn -like 'partner*') { return $script:asked }
    $script:asked = $PoolFqdn
    return 'partner.contoso.com'
}

function Get-CsService {
    [CmdletBinding()]
    param([switch] $CentralManagement, [switch] $Registrar, [string] $PoolFqdn)
    if ($env:FAKE_CS_ASKED) {
        $what = 'CentralManagement'
        if ($Registrar) { $what = "Registrar $PoolFqdn" }
        [IO.File]::AppendAllText($env:FAKE_CS_ASKED, "Get-CsService $what`n")
    }
    if ($Registrar) {
        if ($env:FAKE_CS_REGISTRAR -eq 'throw') { throw 'no registrar' }
        $service = New-Object FakeCs.Registrar
        $service.Identity = "Registrar:$PoolFqdn"
        $service.PoolFqdn = New-Object FakeCs.Fqdn $PoolFqdn
        $service.UserDatabase = New-Object FakeCs.Reference 'UserDatabase:sql.contoso.com'
        if ($env:FAKE_CS_REGISTRAR -ne 'none') { $service.BackupRegistrar = New-Object FakeCs.Reference ('Registrar:' + (Get-Other $PoolFqdn)) }
        return $service
    }
    switch ($env:FAKE_CS_CMS) {
        'throw' { throw 'the topology cannot be read' }
        'hang' { while ($true) { Start-Sleep -Seconds 1 } }
    }
    foreach ($name in 'cms-old.contoso.com', 'cms.contoso.com') {
        $service = New-Object FakeCs.Service
        $service.Identity = "CentralManagement:$name"
        $service.PoolFqdn = New-Object FakeCs.Fqdn $name
        $service.Active = ($name -eq 'cms.contoso.com' -or $env:FAKE_CS_CMS -eq 'both') -and $env:FAKE_CS_CMS -ne 'none'
        $service
    }
}

function Get-CsPoolBackupRelationship {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $PoolFqdn)
    if ($env:FAKE_CS_ASKED) { [IO.File]::AppendAllText($env:FAKE_CS_ASKED, "Get-CsPoolBackupRelationship $PoolFqdn`n") }
    $other = Get-Other $PoolFqdn
    switch ($env:FAKE_CS_PAIR) {
        'throw' { throw 'no relationship' }
        'hang' { while ($true) { Start-Sleep -Seconds 1 } }
        'oneway' { if ($PoolFqdn -like 'partner*') { throw 'asked for the partner too' } }
        'object' {
            $relation = New-Object FakeCs.DeepRelation
            $relation.Pool = New-Object FakeCs.Member
            $relation.Pool.Fqdn = New-Object FakeCs.Fqdn $PoolFqdn
            $partner = New-Object FakeCs.Member
            $partner.Fqdn = New-Object FakeCs.Fqdn $other
            $relation.BackupPools = New-Object 'Collections.Generic.List[FakeCs.Member]'
            $relation.BackupPools.Add($partner)
            return $relation
        }
    }
    $relation = New-Object FakeCs.BackupRelation
    $relation.PoolFqdn = New-Object FakeCs.Fqdn $PoolFqdn
    $relation.Version = '7.0.2046.0'
    $relation.Site = 'Site:Redmond'
    switch ($env:FAKE_CS_PAIR) {
        'reverse' {
            $relation.PoolFqdn = New-Object FakeCs.Fqdn $other
            $relation.BackupPoolFqdn = New-Object FakeCs.Fqdn $PoolFqdn
            Add-Member -InputObject $relation -MemberType NoteProperty -Name PSComputerName -Value 'fe01.contoso.com'
        }
        'none' { }
        'role' {
            $relation.PoolFqdn = New-Object FakeCs.Fqdn "Registrar:$PoolFqdn"
            $relation.BackupPoolFqdn = New-Object FakeCs.Fqdn "Registrar:$other"
        }
        'two' {
            $relation.PoolFqdn = New-Object FakeCs.Fqdn 'one.contoso.com'
            $relation.Site = 'two.contoso.com'
        }
        default { $relation.BackupPoolFqdn = New-Object FakeCs.Fqdn $other }
    }
    return $relation
}

if ($env:FAKE_CS_JSON) {
    function ConvertTo-Json {
        [CmdletBinding()]
        param($InputObject, [int] $Depth, [switch] $Compress)
        switch ($env:FAKE_CS_JSON) {
            'throw' { throw 'the JSON cannot be made' }
            'nothing' { }
            'other' { '"System.Collections.Specialized.OrderedDictionary"' }
            'two' { '{"schema":"check_cs_backup/1",'; '"pools":[]}' }
        }
    }
    Export-ModuleMember -Function ConvertTo-Json
}

Export-ModuleMember -Function Get-CsBackupServiceStatus, Get-CsService, Get-CsPoolBackupRelationship

# .SYNOPSIS
# Saves what the cmdlets of the Backup Service return on a real front end, without its names.
#
# .DESCRIPTION
# Nobody who wrote check_cs_backup had a front end, so what you save with this helps. Run it by hand on a front end, as
# an account that may run Get-CsBackupServiceStatus. It changes nothing and sends nothing: it writes files to a new
# folder.
#
# The names of pools, machines, sites, domains and accounts are replaced by made-up ones, the same name by the same one.
# What it can't know for a name stays, so look through the files before you send them.
#
# .PARAMETER Pool
# The FQDNs of the pools to ask for, with commas between them: both halves of a pair, if you can.
#
# .PARAMETER Folder
# The new folder.
#
# .EXAMPLE
# .\collect-sample.ps1 -Pool pool01.contoso.com,pool02.contoso.com

param(
    [Parameter(Mandatory = $true)] [string[]] $Pool,
    [string] $Folder = 'cs-backup-sample'
)

# Nothing is written where something went wrong before: names might be left in it.
$ErrorActionPreference = 'Stop'
$WarningPreference = 'SilentlyContinue'
$FormatEnumerationLimit = -1
# What is to be written: the text of each file, by its name.
$Files = @{}
# Each name with the made-up one in its place, and each word of a name. They know no case.
$Names = New-Object Collections.Hashtable ([StringComparer]::OrdinalIgnoreCase)
$Words = New-Object Collections.Hashtable ([StringComparer]::OrdinalIgnoreCase)
# What is documented is nobody's name.
$Documented = 'FinalState SteadyState NonSteadyState NotInitialized ErrorState NormalState True False UserServices ' +
    'PresenceFocus ConfServices DataConf CentralMgmt CMSMaster ApplicationServer RGSDataStore RGSFileStore Site ' +
    'Registrar UserDatabase CentralManagement BackupServer FrontEnd Microsoft System SkypeForBusiness Lync ' +
    'collect-sample'
$Documented = $Documented.Split(' ')
# What the types of all objects begin with.
$TypeRoots = @{ Microsoft = $true; System = $true }

function Get-MadeUp([string] $Word) {
    if (-not $Words.ContainsKey($Word)) { $Words[$Word] = 'name{0:00}' -f ($Words.Count + 1) }
    return $Words[$Word]
}

# Takes a word for a name.
function Add-Word([string] $Word) {
    $Word = $Word.Trim()
    if ($Word -match '\p{L}' -and $Documented -notcontains $Word) { $Names[$Word] = Get-MadeUp $Word }
}

# Takes an FQDN for a name, with the domains it ends in and the words in it: pool01.contoso.com becomes
# name01.name02.example, contoso.com name02.example, and CONTOSO NAME02.
function Add-Fqdn([string] $Fqdn) {
    $labels = $Fqdn.Split('.')
    for ($from = 0; $from -lt $labels.Length - 1; $from++) {
        Add-Word $labels[$from]
        $madeUp = @($labels[$from..($labels.Length - 2)] | ForEach-Object { Get-MadeUp $_ }) -join '.'
        $Names[$labels[$from..($labels.Length - 1)] -join '.'] = "$madeUp.example"
    }
}

# Takes a text that is a name as a whole: an FQDN, a site, an account. In front may stand a role: Registrar:FQDN.
function Add-Name([string] $Text) {
    foreach ($name in $Text -split '[:;,@\\]') {
        if ($name.Trim() -match '^[\w-]+(\.[\w-]+)+$') { Add-Fqdn $name.Trim() } else { Add-Word $name }
    }
}

# Takes what looks like a name in any text: words with dots between them that are no type, no module and no number; the
# machine of a path \\machine\share; the parts of a distinguished name; DOMAIN\account.
function Add-NamesIn([string] $Text) {
    foreach ($match in [regex]::Matches($Text, '[\w-]+(?:\.[\w-]+)+')) {
        $labels = $match.Value.Split('.')
        if ($match.Value -notmatch '\p{L}' -or $TypeRoots[$labels[0]]) { continue }
        # A pool may be called lync.contoso.com: only what is documented as a whole is none.
        if (@($labels | Where-Object { $Documented -notcontains $_ }).Count) { Add-Fqdn $match.Value }
    }
    $patterns = '(?:\\\\|\b(?:DC|CN|OU)=|[\w.-]@|\bSite:)([\w-]+)', '([\w.+-]+)@[\w-]',
        '(?m)\b(?:(?:CN|OU)=|Site:)([^,;=\r\n]+)(?:[,;\r]|$)'
    foreach ($pattern in $patterns) {
        foreach ($match in [regex]::Matches($Text, $pattern)) { Add-Word $match.Groups[1].Value }
    }
    foreach ($match in [regex]::Matches($Text, '(?<![\\:\w.-])([\w.-]+)\\([\w.$-]+)(?![\w.$\\-])')) {
        Add-Word $match.Groups[1].Value
        Add-Word $match.Groups[2].Value
    }
}

# Looks for names in what was exported: a value with a member whose name says so is one, and what looks like one.
function Find-Names([string] $Xml) {
    $document = New-Object Xml.XmlDocument
    $document.LoadXml($Xml)
    # What has no text of its own turns into the name of its type.
    $types = @($document.SelectNodes("//*[local-name()='T']") | ForEach-Object { $_.InnerText })
    foreach ($type in $types) { $TypeRoots[($type -replace '^Deserialized\.').Split('.')[0]] = $true }
    # The name of a member may be that of a machine.
    foreach ($attribute in $document.SelectNodes('//@N')) { Add-NamesIn $attribute.Value }
    $texts = 'S', 'ToString', 'URI', 'XD', 'SBK' | ForEach-Object { "local-name()='$_'" }
    foreach ($node in $document.SelectNodes("//*[$($texts -join ' or ')]")) {
        if ($types -ccontains $node.InnerText) { continue }
        # A line break stands there as _x000A_.
        $text = $node.InnerText -replace '_x[0-9A-F]{4}_', "`n"
        $member = $node
        while ($member -and $member.GetAttribute -and -not $member.GetAttribute('N')) { $member = $member.ParentNode }
        $name = ''
        if ($member -and $member.GetAttribute) { $name = $member.GetAttribute('N') }
        $whose = '(Site|SiteId|Pool|Fqdn|Domain|Computer|Machine|Server|Host|User|Owner|Account|Display)(Name)?s?$'
        if ($name -match $whose) { Add-Name $text }
        # The identity of a module has a dot too, and is what is wanted.
        $states = $node.SelectNodes("../*[@N='ExportStatus' or @N='ImportStatus']").Count
        if ($name -ne 'Identity' -or $states -eq 0) { Add-NamesIn ($text -replace '\b[\w.]+(?=:\[)') }
    }
}

# Keeps what one cmdlet returned, or the error.
function Save-Answer([string] $Name, [ScriptBlock] $Ask) {
    try {
        $answer = @(& $Ask)
        if ($answer.Count) { Save-Objects $Name $answer } else { $Files["$Name.txt"] = 'nothing' }
    } catch {
        Save-Objects "$Name.error" @($_)
    }
}

# Keeps objects as XML, which holds all of them, and as a text: their types, properties and members.
function Save-Objects([string] $Name, $Objects) {
    $temporary = [IO.Path]::GetTempFileName()
    try {
        Export-Clixml -LiteralPath $temporary -InputObject $Objects -Depth 4 -Encoding UTF8
        $xml = [IO.File]::ReadAllText($temporary)
    } finally {
        [IO.File]::Delete($temporary)
    }
    Find-Names $xml
    $Files["$Name.xml"] = $xml
    $text = ''
    foreach ($object in $Objects) {
        if ($null -eq $object) {
            $text += "null`r`n"
            continue
        }
        $text += ($object.PSObject.TypeNames -join ', ') + "`r`n"
        $text += "as a text: $object`r`n"
        $text += Format-List -InputObject $object -Property * -Force | Out-String -Width 9999
        $text += Get-Member -InputObject $object | Format-Table -AutoSize -Wrap | Out-String -Width 9999
    }
    $Files["$Name.txt"] = $text
}

# The names that the topology has. Where a cmdlet does not answer, what the answers of the others name must do.
function Find-Topology {
    foreach ($ask in { Get-CsSite }, { Get-CsPool }, { Get-CsComputer }, { Get-CsSipDomain }) {
        try {
            foreach ($object in @(& $ask)) {
                foreach ($member in 'Identity', 'Name', 'DisplayName', 'Fqdn', 'Site', 'Pool', 'Computers') {
                    foreach ($value in @($object.$member)) { if ($value) { Add-Name ([string] $value) } }
                }
            }
        } catch {
            continue
        }
    }
}

# Replaces all names in a text at once, the longest first.
function Hide-Names([string] $Text) {
    $patterns = foreach ($name in $Names.Keys) {
        [regex]::Escape($name)
        # As it stands in XML.
        $escaped = [Security.SecurityElement]::Escape($name)
        if ($escaped -cne $name) { [regex]::Escape($escaped) }
    }
    $pattern = '(?<![\p{L}\p{N}])(?:' + (@($patterns | Sort-Object -Property Length -Descending) -join '|') +
        ')(?![\p{L}\p{N}])'
    $replace = {
        param($Match)
        $found = $Match.Value
        if (-not $Names.ContainsKey($found)) {
            $found = $found.Replace('&lt;', '<').Replace('&gt;', '>').Replace('&quot;', '"').Replace('&apos;', "'")
            $found = $found.Replace('&amp;', '&')
        }
        [string] $Names[$found]
    }
    # What PowerShell shortened may be the half of a name.
    $Text = $Text -replace '[\w.-]*(?:\u2026|\.{3})[\w.-]*', '...'
    $evaluator = [Text.RegularExpressions.MatchEvaluator] $replace
    $Text = [regex]::Replace($Text, $pattern, $evaluator, 'IgnoreCase, CultureInvariant')
    # The numbers of accounts, and addresses. In XML _ may stand beside them, as in _x000A_.
    $Text = $Text -replace 'S-1-5-21(-\d+)+', 'S-1-5-21-0'
    $address = '(?:1\d\d|2[0-2]\d|[1-9]\d)(?:\.\d{1,3}){3}'
    return $Text -replace "(?<![\p{L}\p{N}.]|Version=)$address(?![\p{L}\p{N}])", '192.0.2.1'
}

$asked = @($Pool -split ',' | ForEach-Object { $_.Trim() })
foreach ($name in $asked) {
    if ($name -notmatch '^[\w.-]+$') { throw "-Pool: '$name' is no name of a pool" }
}
$Folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
if (Test-Path -LiteralPath $Folder) { throw "$Folder is there already: name another one with -Folder" }

$module = $null
foreach ($name in 'SkypeForBusiness', 'Lync') {
    if ($module) { continue }
    try {
        Import-Module -Name $name -DisableNameChecking -ErrorAction SilentlyContinue
    } catch {
        $_
    }
    $module = Get-Module -Name $name
}
if (-not $module) { throw 'neither of the PowerShell modules SkypeForBusiness and Lync was found' }

$asked | ForEach-Object { Add-Name $_ }
$here = [Environment]
foreach ($name in $here::MachineName, $here::UserName, $here::UserDomainName, $env:USERDNSDOMAIN) {
    if ($name) { Add-Name $name }
}
Find-Topology
$number = 0
foreach ($fqdn in $asked) {
    $number++
    Save-Answer "status-$number" { Get-CsBackupServiceStatus -PoolFqdn $fqdn -ErrorAction Stop }
    Save-Answer "relationship-$number" { Get-CsPoolBackupRelationship -PoolFqdn $fqdn -ErrorAction Stop }
    Save-Answer "registrar-$number" { Get-CsService -Registrar -PoolFqdn $fqdn -ErrorAction Stop }
}
Save-Answer 'central-management' { Get-CsService -CentralManagement -ErrorAction Stop }
$Files['versions.txt'] = "Windows: $([Environment]::OSVersion.VersionString)`r`n" +
    "module: $($module.Name) $($module.Version)`r`n" + ($PSVersionTable | Out-String -Width 9999)

$null = New-Item -ItemType Directory -Path $Folder
foreach ($name in @($Files.Keys)) {
    [IO.File]::WriteAllText((Join-Path $Folder $name), (Hide-Names $Files[$name]), (New-Object Text.UTF8Encoding $true))
}
"$($Files.Count) files are in $Folder."
'Names of pools, machines, sites, domains and accounts are replaced. Look through the files before you send them.'

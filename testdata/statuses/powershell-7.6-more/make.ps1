param($Out)
$ErrorActionPreference='Stop'
Add-Type @'
namespace Made.Up {
  using System.Collections.Generic;
  public enum ExportState { FinalState, SteadyState, NonSteadyState, NotInitialized, ErrorState }
  public enum ImportState { NormalState, ErrorState }
  public class EnumModule { public string Identity {get;set;} public ExportState ExportStatus {get;set;} public ImportState ImportStatus {get;set;}
    public override string ToString() { return Identity + ":[" + ExportStatus + "," + ImportStatus + "]"; } }
  public class TextModule { public string Identity {get;set;} public string ExportStatus {get;set;} public string ImportStatus {get;set;}
    public override string ToString() { return Identity + ":[" + ExportStatus + "," + ImportStatus + "]"; } }
  public class Status<T> { public List<T> BackupModules {get;set;} }
}
'@
$manifest = [System.Collections.Generic.List[string]]::new(); $manifest.Add("file`tcommand`tmodules")
$sets=@{
  broken = 'UserServices.PresenceFocus FinalState NormalState', 'ConfServices.DataConf ErrorState ErrorState', 'CentralMgmt.CMSMaster NotInitialized NormalState'
  healthy = 'UserServices.PresenceFocus FinalState NormalState', 'ConfServices.DataConf FinalState NormalState', 'CentralMgmt.CMSMaster NotInitialized NormalState'
  rgs = 'UserServices.PresenceFocus FinalState NormalState', 'ConfServices.DataConf FinalState NormalState', 'CentralMgmt.CMSMaster NotInitialized NormalState', 'ApplicationServer.RGSDataStore SteadyState NormalState', 'ApplicationServer.RGSFileStore ErrorState NormalState'
}
function New-Status($rows, [string]$kind = 'Text') {
  $type = "Made.Up.${kind}Module"
  $list = New-Object "System.Collections.Generic.List[$type]"
  foreach ($r in $rows) { $i, $e, $m = $r -split ' '; $list.Add((New-Object $type -Property @{Identity = $i; ExportStatus = $e; ImportStatus = $m})) }
  New-Object "Made.Up.Status[$type]" -Property @{BackupModules = $list}
}
function Save($file, $what, $set, [scriptblock]$text) {
  $result = & $text
  if ($null -ne $result) { [IO.File]::WriteAllText("$Out/$file", ($result -join "`n")) }
  $in = if ($sets[$set]) { $sets[$set] -join ', ' } else { $set }
  $manifest.Add("$file`t$what`t$in")
}
$s = New-Status $sets.broken; $e = New-Status $sets.broken 'Enum'; $r = New-Status $sets.rgs
Save 'enum-depth4.clixml' '$status | Export-Clixml -Depth 4, states are enums' broken { $e | Export-Clixml -Depth 4 "$Out/enum-depth4.clixml" }
Save 'enum-modules.clixml' '$status.BackupModules | Export-Clixml, states are enums' broken { $e.BackupModules | Export-Clixml "$Out/enum-modules.clixml" }
Save 'depth1.clixml' '$status | Export-Clixml -Depth 1 (modules become text)' broken { $s | Export-Clixml -Depth 1 "$Out/depth1.clixml" }
Save 'hashtables.clixml' 'modules as ordered hashtables | Export-Clixml' broken { ($s.BackupModules | % { [ordered]@{Identity=$_.Identity;ExportStatus=$_.ExportStatus;ImportStatus=$_.ImportStatus} }) | Export-Clixml "$Out/hashtables.clixml" }
Save 'list-narrow.txt' '$status | Format-List | Out-String -Width 60 (the value goes on in the next lines)' broken { $s | Format-List | Out-String -Width 60 }
Save 'list-narrow-30.txt' '$status.BackupModules | Format-List | Out-String -Width 24' broken { $s.BackupModules | Format-List | Out-String -Width 24 }
$FormatEnumerationLimit=-1
Save 'list-unlimited.txt' '$FormatEnumerationLimit=-1; $status | Format-List | Out-String -Width 80' rgs { $r | Format-List | Out-String -Width 80 }
$FormatEnumerationLimit=4
Save 'table-wrap-identity.txt' '$status.BackupModules | Format-Table -Wrap | Out-String -Width 34 (the identity is wrapped too)' broken { $s.BackupModules | Format-Table -Wrap | Out-String -Width 34 }
Save 'table-wrap-enum.txt' 'Format-Table -Wrap | Out-String -Width 34, states are enums' broken { $e.BackupModules | Format-Table -Wrap | Out-String -Width 34 }
Save 'table-wrap-props.txt' 'Format-Table with widths (Identity 14, states 12) -Wrap' broken { $s.BackupModules | Format-Table @{n='Identity';e={$_.Identity};width=14},@{n='ExportStatus';e={$_.ExportStatus};width=12},@{n='ImportStatus';e={$_.ImportStatus};width=12} -Wrap | Out-String -Width 60 }
Save 'object-table-wrap.txt' '$status | Format-Table -Wrap | Out-String -Width 60' broken { $s | Format-Table -Wrap | Out-String -Width 60 }
Save 'object-table-narrow.txt' '$status | Format-Table | Out-String -Width 60 (the cell is cut)' broken { $s | Format-Table | Out-String -Width 60 }
foreach ($enc in 'ascii','ansi','oem','unicode','utf8') { $s.BackupModules | Format-Table | Out-File "$Out/table-narrow-$enc.txt" -Encoding $enc -Width 40; $manifest.Add("table-narrow-$enc.txt`tFormat-Table | Out-File -Width 40 -Encoding $enc`t$($sets.broken -join ', ')") }
foreach ($enc in 'ascii','oem') { $r | Format-List | Out-File "$Out/rgs-object-list-$enc.txt" -Encoding $enc -Width 400; $manifest.Add("rgs-object-list-$enc.txt`t`$status | Format-List | Out-File -Encoding $enc`t$($sets.rgs -join ', ')") }
$two = 'pool01.contoso.com: healthy; pool02.contoso.com: broken'
$many = foreach ($p in @(@('pool01.contoso.com','healthy'),@('pool02.contoso.com','broken'))) { (New-Status $sets[$p[1]]).BackupModules | Select-Object @{n='PoolFqdn';e={$p[0]}}, Identity, ExportStatus, ImportStatus }
$objs = foreach ($p in @(@('pool01.contoso.com','healthy'),@('pool02.contoso.com','broken'))) { New-Status $sets[$p[1]] | Select-Object @{n='PoolFqdn';e={$p[0]}}, BackupModules }
Save 'two-pools-list-group.txt' 'modules with a PoolFqdn | Format-List -GroupBy PoolFqdn -Property Identity, ExportStatus, ImportStatus' $two { $many | Format-List -GroupBy PoolFqdn -Property Identity, ExportStatus, ImportStatus | Out-String -Width 120 }
Save 'two-pools-objects.json' 'status objects with a PoolFqdn | ConvertTo-Json -Depth 4' $two { $objs | ConvertTo-Json -Depth 4 }
Save 'two-pools-objects-list.txt' 'status objects with a PoolFqdn | Format-List' $two { $objs | Format-List | Out-String -Width 400 }
Save 'two-pools-objects-table.txt' 'status objects with a PoolFqdn | Format-Table' $two { $objs | Format-Table | Out-String -Width 400 }
$objs | Export-Clixml -Depth 4 "$Out/two-pools-objects.clixml"; $manifest.Add("two-pools-objects.clixml`tstatus objects with a PoolFqdn | Export-Clixml -Depth 4`t$two")
Save 'two-pools-objects.csv' 'status objects with a PoolFqdn, the modules cast to text | ConvertTo-Csv' $two { $objs | Select-Object PoolFqdn, @{n='BackupModules';e={[string]$_.BackupModules}} | ConvertTo-Csv }
Save 'two-pools-custom.txt' 'status objects with a PoolFqdn | Format-Custom' $two { $objs | Format-Custom | Out-String -Width 120 }
Save 'enum-custom.txt' '$status | Format-Custom, states are enums' broken { $e | Format-Custom | Out-String -Width 120 }
Save 'rgs-custom.txt' '$status | Format-Custom (five modules)' rgs { $r | Format-Custom | Out-String -Width 120 }
Save 'custom-modules.txt' '$status.BackupModules | Format-Custom' broken { $s.BackupModules | Format-Custom | Out-String -Width 120 }
Save 'list-enum.txt' '$status.BackupModules | Format-List, states are enums' broken { $e.BackupModules | Format-List | Out-String -Width 120 }
Save 'modules-depth0.json' '$status.BackupModules | ConvertTo-Json -Depth 0' broken { $s.BackupModules | ConvertTo-Json -Depth 0 -WarningAction SilentlyContinue }
Save 'strings.txt' '$status.BackupModules | ForEach-Object { "$_" }' broken { $s.BackupModules | ForEach-Object { "$_" } }
Save 'table-double-spaced.txt' 'Format-Table, a blank line added after every line' broken { ($s.BackupModules | Format-Table | Out-String -Width 120) -replace "`n","`n`n" }
Save 'list-double-spaced.txt' 'Format-List, a blank line added after every line' broken { ($s.BackupModules | Format-List | Out-String -Width 120) -replace "`n","`n`n" }
Save 'table-collapsed.txt' 'Format-Table, runs of blanks made one' broken { ($s.BackupModules | Format-Table | Out-String -Width 120) -replace " +"," " }
Save 'list-collapsed.txt' 'Format-List, runs of blanks made one' broken { ($s.BackupModules | Format-List | Out-String -Width 120) -replace " +"," " }
Save 'wide-names.txt' 'Format-Table with an identity in wide characters' 'データ.バックアップ FinalState NormalState, ConfServices.DataConf FinalState NormalState' { (New-Status @('データ.バックアップ FinalState NormalState', 'ConfServices.DataConf FinalState NormalState')).BackupModules | Format-Table | Out-String -Width 120 }
Save 'array-of-strings.json' '[string[]]$status.BackupModules | ConvertTo-Json' broken { ,([string[]]$s.BackupModules) | ConvertTo-Json }
Save 'pscustom-object.json' '[pscustomobject]@{BackupModules=@()} | ConvertTo-Json with an ETS-decorated string' broken { $s.BackupModules | % { $x=$_; $st = [psobject]$x.ExportStatus | Add-Member -PassThru NoteProperty PSComputerName 'fe01'; [pscustomobject]@{Identity=$x.Identity; ExportStatus=$st; ImportStatus=$x.ImportStatus} } | ConvertTo-Json -Depth 4 }
$manifest | Set-Content "$Out/MANIFEST.tsv"

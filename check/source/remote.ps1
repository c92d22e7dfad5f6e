# Runs the collector on the other machine and ends this process when that takes too long: an ssh that goes away ends
# nothing here.
$limit = -1
$encoded = ''
$runspace = [RunspaceFactory]::CreateRunspace($Host)
$runspace.Open()
$shell = [PowerShell]::Create()
$shell.Runspace = $runspace
$null = $shell.AddScript([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($encoded)))
$run = $shell.BeginInvoke()
if (-not $run.AsyncWaitHandle.WaitOne($limit)) { [Diagnostics.Process]::GetCurrentProcess().Kill() }
$null = $shell.EndInvoke($run)

# Runs the script that comes on standard input, as base64 of UTF-8, and ends this process when it takes too long: an ssh
# that goes away ends nothing on the other side. $input is the way that all versions read standard input with, also
# where sshd's default shell is PowerShell itself.
$limit = -1
$script = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(-join @($input)))
$runspace = [RunspaceFactory]::CreateRunspace($Host)
$runspace.Open()
$shell = [PowerShell]::Create()
$shell.Runspace = $runspace
$null = $shell.AddScript($script)
$run = $shell.BeginInvoke()
if (-not $run.AsyncWaitHandle.WaitOne($limit)) { [Diagnostics.Process]::GetCurrentProcess().Kill() }
$null = $shell.EndInvoke($run)

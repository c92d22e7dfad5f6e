# The command line for the other machine: runs the script that comes on standard input, as base64 of UTF-8. $input is
# the way to read it that all versions have, also where sshd's shell is PowerShell itself: that one leaves the input
# alone, because its own command does not name it.
& ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(-join @($input)))))

//go:build unix

package source

// commandLineLimit is how many bytes a program's arguments may have: Linux takes 128 KiB in one.
const commandLineLimit = 128<<10 - 1

func defaultPowerShell() string { return "pwsh" }

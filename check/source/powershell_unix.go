//go:build unix

package source

// scriptLimit is how many bytes a variable may have: Linux takes 128 KiB, less some for its name.
const scriptLimit = 128<<10 - 64

func defaultPowerShell() string { return "pwsh" }

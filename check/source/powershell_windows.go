package source

import (
	"os"
	"path/filepath"
)

// scriptLimit is how many UTF-16 units a variable may have, less some for its name.
const scriptLimit = 32767 - 64

// defaultPowerShell returns the path of Windows PowerShell. A 32-bit process sees the 64-bit one, which alone has the
// Cs modules, only as Sysnative.
func defaultPowerShell() string {
	windows := os.Getenv("SystemRoot")
	for _, folder := range []string{"Sysnative", "System32"} {
		exe := filepath.Join(windows, folder, "WindowsPowerShell", "v1.0", "powershell.exe")
		if _, err := os.Stat(exe); err == nil && windows != "" {
			return exe
		}
	}
	return "powershell.exe"
}

package source

import (
	"os"

	"golang.org/x/sys/windows"
)

const errDiskFull = windows.ERROR_DISK_FULL

// giveAway has nothing to do here: a new file has the rights of its folder.
func giveAway(*os.File, string) error { return nil }

package source

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

const errDiskFull = windows.ERROR_DISK_FULL

// isPassing reports whether an error may be gone in a moment, because somebody replaces the file or has locked it, or
// opens what was just written, as scanners and backups do. A file that is replaced can be absent for that time, or it
// waits to be deleted, which looks like a want of rights.
func isPassing(err error) bool {
	for _, passing := range []error{
		windows.ERROR_SHARING_VIOLATION, windows.ERROR_LOCK_VIOLATION, windows.ERROR_DELETE_PENDING,
		windows.ERROR_ACCESS_DENIED, windows.ERROR_FILE_NOT_FOUND,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// giveAway has nothing to do here: a new file has the rights of its folder.
func giveAway(*os.File, string) error { return nil }

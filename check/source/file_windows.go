package source

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"golang.org/x/sys/windows"
)

// isHidden reports whether Windows hides a file, or its name says that it is hidden elsewhere.
func isHidden(entry fs.DirEntry) bool {
	if strings.HasPrefix(entry.Name(), ".") {
		return true
	}
	info, err := entry.Info()
	if err != nil {
		return false // reading it will say why
	}
	data, ok := info.Sys().(*syscall.Win32FileAttributeData)
	return ok && data.FileAttributes&syscall.FILE_ATTRIBUTE_HIDDEN != 0
}

// isPattern reports whether an error about a path may come from its being a pattern: * and ? are in no name on Windows.
func isPattern(err error) bool { return errors.Is(err, windows.ERROR_INVALID_NAME) }

// isPassing reports whether an error may be gone in a moment, because somebody replaces the file or has locked it. A
// file that is replaced can be absent for that time, or it waits to be deleted, which looks like a want of rights.
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

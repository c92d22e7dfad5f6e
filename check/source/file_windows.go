package source

import (
	"io/fs"
	"strings"
	"syscall"
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

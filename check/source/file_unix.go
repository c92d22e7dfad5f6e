//go:build !windows

package source

import (
	"io/fs"
	"strings"
)

// isHidden reports whether the name of a file says that it is hidden.
func isHidden(entry fs.DirEntry) bool { return strings.HasPrefix(entry.Name(), ".") }

//go:build !windows

package source

import (
	"io/fs"
	"strings"
)

// isHidden reports whether the name of a file says that it is hidden.
func isHidden(entry fs.DirEntry) bool { return strings.HasPrefix(entry.Name(), ".") }

// isPattern reports false: what is no name of a file does not exist.
func isPattern(error) bool { return false }

// isPassing reports false: a file is replaced in one step, and locks keep no reader out.
func isPassing(error) bool { return false }

//go:build !windows

package source

// isPattern reports false: what is no name of a file does not exist.
func isPattern(error) bool { return false }

// isPassing reports false: a file is replaced in one step, and locks keep no reader out.
func isPassing(error) bool { return false }

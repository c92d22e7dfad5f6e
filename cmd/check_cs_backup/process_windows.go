package main

import "io"

// wasClosed has nothing to find here: writing to a closed standard output is an error.
func wasClosed(io.Writer) bool { return false }

// roomForFiles has nothing to find here: Windows has no such limit.
func roomForFiles() error { return nil }

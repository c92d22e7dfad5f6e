//go:build unix

package main

import (
	"io"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// wasClosed reports whether the standard output was closed when the process began. The Go runtime opens /dev/null in
// its place, so that writing to it is no error; but it opens it for reading too, which a shell's > /dev/null does not.
func wasClosed(stdout io.Writer) bool {
	file, isFile := stdout.(*os.File)
	if !isFile {
		return false
	}
	flags, err := unix.FcntlInt(file.Fd(), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE != unix.O_RDWR {
		return false
	}
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return false
	}
	info, err := file.Stat()
	return err == nil && os.SameFile(null, info)
}

// spareFiles is how many files the smallest check opens at once: two of the Go runtime's, a folder and a file in it.
const spareFiles = 4

// roomForFiles tries whether the process may open them. Where the runtime can't, it ends the process with exit code 2
// and nothing on standard output, and an engine takes that for a failed service.
func roomForFiles() error {
	for range spareFiles {
		file, err := syscall.Dup(0)
		if err != nil {
			return err
		}
		defer syscall.Close(file)
	}
	return nil
}

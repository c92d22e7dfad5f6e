//go:build unix

package source

import (
	"os"
	"path/filepath"
	"syscall"
)

const errDiskFull = syscall.ENOSPC

// isPassing reports false: a file is replaced in one step, and locks keep no reader out.
func isPassing(error) bool { return false }

// giveAway gives a file that root made just now to the owner of the one at path, or where that is not there or root's
// to the owner of its folder. So a check that root makes by hand does not lock out the account that makes it every day.
func giveAway(made *os.File, path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, like := range []string{path, filepath.Dir(path)} {
		var owner syscall.Stat_t
		if err := syscall.Stat(like, &owner); err == nil && owner.Uid != 0 {
			return made.Chown(int(owner.Uid), int(owner.Gid))
		}
	}
	return nil
}

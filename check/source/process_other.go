//go:build unix && !linux

package source

import "syscall"

// dieWithParent does nothing: only Linux knows how.
func dieWithParent(*syscall.SysProcAttr) {}

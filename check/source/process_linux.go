package source

import "syscall"

// dieWithParent has the kernel end the process when this one is killed: an engine that ends a plugin with SIGKILL
// leaves no time to do it ourselves, and the process is in a group of its own.
func dieWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }

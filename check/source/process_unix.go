//go:build unix

package source

import (
	"os/exec"
	"reflect"
	"syscall"
)

// scriptLimit is how many bytes a variable may have: Linux takes 128 KiB, less some for its name.
const scriptLimit = 128<<10 - 64

func defaultPowerShell() string { return "pwsh" }

// startTree starts a process that can be ended with all that it starts: as the leader of a process group. It is in a
// session of its own, too: without a terminal nothing can ask there and wait for an answer, as the ssh for a jump host
// would. When the process is over, end ends what is left; the group keeps its number as long as one process is in it.
func startTree(cmd *exec.Cmd) (end func(), err error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	// Where it is known (Linux), the kernel ends the process when this one is killed: SIGKILL leaves no time to do it.
	if signal := reflect.ValueOf(cmd.SysProcAttr).Elem().FieldByName("Pdeathsig"); signal.IsValid() {
		signal.SetInt(int64(syscall.SIGKILL))
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return func() { cmd.Cancel() }, cmd.Start()
}

//go:build unix

package source

import (
	"os/exec"
	"syscall"
)

// A tree is a process with all that it starts: on Unix a process group.
type tree struct{ cmd *exec.Cmd }

// newTree has cmd start as the leader of a group of its own, in a session of its own: without a terminal nothing can
// ask there and wait for an answer, as the ssh for a jump host would.
func newTree(cmd *exec.Cmd) (tree, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	dieWithParent(cmd.SysProcAttr)
	return tree{cmd}, nil
}

// started is called once the process runs.
func (t tree) started() error { return nil }

// kill ends all processes of the group, also those that ignore SIGTERM.
func (t tree) kill() error { return syscall.Kill(-t.cmd.Process.Pid, syscall.SIGKILL) }

// end ends what is left. The group keeps its number as long as one process is in it, so this reaches no other.
func (t tree) end() {
	if t.cmd.Process != nil {
		t.kill()
	}
}

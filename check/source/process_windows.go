package source

import (
	"fmt"
	"os/exec"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// A tree is a process with all that it starts: on Windows a job object. The system ends all of it when its last handle
// is closed, so also when this process is killed.
type tree struct {
	cmd *exec.Cmd
	job windows.Handle
}

// newTree has cmd start without running yet, so that it starts nothing before it is in the job.
func newTree(cmd *exec.Cmd) (tree, error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return tree{}, fmt.Errorf("create a job object: %w", err)
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		windows.CloseHandle(job)
		return tree{}, fmt.Errorf("set up a job object: %w", err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED, HideWindow: true}
	return tree{cmd, job}, nil
}

// started puts the process into the job and lets it run.
func (t tree) started() error {
	var assignErr error
	err := t.cmd.Process.WithHandle(func(handle uintptr) {
		assignErr = windows.AssignProcessToJobObject(t.job, windows.Handle(handle))
	})
	if err == nil {
		err = assignErr
	}
	if err != nil {
		return fmt.Errorf("put the process into a job object: %w", err)
	}
	if err := resume(uint32(t.cmd.Process.Pid)); err != nil {
		return fmt.Errorf("let the process run: %w", err)
	}
	return nil
}

// resume lets the threads of a process run that was started suspended: there is one.
func resume(pid uint32) error {
	snapshot, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPTHREAD, 0)
	if err != nil {
		return err
	}
	defer windows.CloseHandle(snapshot)
	entry := windows.ThreadEntry32{Size: uint32(unsafe.Sizeof(windows.ThreadEntry32{}))}
	found := false
	for err = windows.Thread32First(snapshot, &entry); err == nil; err = windows.Thread32Next(snapshot, &entry) {
		if entry.OwnerProcessID != pid {
			continue
		}
		thread, err := windows.OpenThread(windows.THREAD_SUSPEND_RESUME, false, entry.ThreadID)
		if err != nil {
			return err
		}
		_, err = windows.ResumeThread(thread)
		windows.CloseHandle(thread)
		if err != nil {
			return err
		}
		found = true
	}
	if !found {
		return err
	}
	return nil
}

// kill ends all processes of the job, and the process itself, which may not be in it yet.
func (t tree) kill() error {
	windows.TerminateJobObject(t.job, 1)
	return t.cmd.Process.Kill()
}

// end ends what is left.
func (t tree) end() {
	windows.TerminateJobObject(t.job, 1)
	windows.CloseHandle(t.job)
}

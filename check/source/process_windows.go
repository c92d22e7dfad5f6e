package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// scriptLimit is how many UTF-16 units a variable may have, less some for its name.
const scriptLimit = 32767 - 64

// defaultPowerShell returns the path of Windows PowerShell. A 32-bit process sees the 64-bit one, which alone has the
// Cs modules, only as Sysnative.
func defaultPowerShell() string {
	windows := os.Getenv("SystemRoot")
	for _, folder := range []string{"Sysnative", "System32"} {
		exe := filepath.Join(windows, folder, "WindowsPowerShell", "v1.0", "powershell.exe")
		if _, err := os.Stat(exe); err == nil && windows != "" {
			return exe
		}
	}
	return "powershell.exe"
}

// resumeProcess lets a process run that was started without running yet.
var resumeProcess = windows.NewLazySystemDLL("ntdll.dll").NewProc("NtResumeProcess")

// startTree starts a process that can be ended with all that it starts: in a job object. The system ends all of it when
// the last handle of the job is closed, so also when this process is killed. The process does not run before it is in
// the job, so that it starts nothing outside. When it is over, end ends what is left.
func startTree(cmd *exec.Cmd) (end func(), err error) {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("create a job object: %w", err)
	}
	end = func() {
		windows.TerminateJobObject(job, 1)
		windows.CloseHandle(job)
	}
	var limits windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	limits.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits)))
	if err != nil {
		end()
		return nil, fmt.Errorf("set up a job object: %w", err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_SUSPENDED, HideWindow: true}
	cmd.Cancel = func() error {
		windows.TerminateJobObject(job, 1)
		return cmd.Process.Kill() // which may not be in the job
	}
	if err := cmd.Start(); err != nil {
		end()
		return nil, err
	}
	var started error
	err = cmd.Process.WithHandle(func(handle uintptr) {
		if started = windows.AssignProcessToJobObject(job, windows.Handle(handle)); started != nil {
			return
		}
		if code, _, _ := resumeProcess.Call(handle); code != 0 {
			started = windows.NTStatus(code)
		}
	})
	if err == nil {
		err = started
	}
	if err != nil {
		cmd.Cancel()
		cmd.Wait()
		end()
		return nil, fmt.Errorf("run the process in a job object: %w", err)
	}
	return end, nil
}

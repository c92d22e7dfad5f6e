package source

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"
)

const (
	// grace is how long a process may go on after its document is whole.
	grace = time.Second
	// drain is how long the streams are read on when the process is gone: a grandchild may hold them for ever.
	drain = 900 * time.Millisecond
)

// A process is what a run of a program left behind.
type process struct {
	out *output
	// told is the error stream.
	told *progress
	// startErr is why the program could not be started.
	startErr error
	// code is its exit code: -1 where it was ended from outside.
	code int
	// state says how it ended, for people.
	state string
}

// A program is what to start: its path, arguments, variables beside those of this process, and standard input.
type program struct {
	path                   string
	arguments, environment []string
	stdin                  io.Reader
}

// run starts a program and waits for a document on its standard output, for the program's end, or for the end of ctx,
// whichever is first. When it returns nothing of what it started is left.
func (g program) run(ctx context.Context) process {
	// On Linux a child can be told to die with the thread that started it, so this one has to stay.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	p := process{out: newOutput(Limit), told: newProgress(Limit), code: -1}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(ctx, g.path, g.arguments...)
	cmd.Env = append(os.Environ(), g.environment...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = g.stdin, p.out, p.told
	cmd.WaitDelay = drain
	end, err := startTree(cmd)
	if err != nil {
		p.startErr = err
		return p
	}
	defer end()
	go endEarly(ctx, stop, p.out)
	// What Wait returns does not matter, for the document counts: an exit code may come from anything a module does.
	cmd.Wait()
	p.code, p.state = cmd.ProcessState.ExitCode(), cmd.ProcessState.String()
	p.told.end()
	return p
}

// endEarly ends a process that has nothing more to say: at once when it says too much, after a while when its document
// is whole.
func endEarly(ctx context.Context, stop context.CancelFunc, out *output) {
	select {
	case <-ctx.Done():
		return
	case <-out.ended:
	}
	if out.document != "" {
		select {
		case <-ctx.Done():
		case <-time.After(grace):
		}
	}
	stop()
}

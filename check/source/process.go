package source

import (
	"context"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// grace is how long a process may go on after its document is whole.
	grace = time.Second
	// drain is how long the streams may be silent after the process is gone: a grandchild may hold them for ever.
	drain = 500 * time.Millisecond
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
	var streams streams
	defer streams.close()
	cmd := exec.CommandContext(ctx, g.path, g.arguments...)
	cmd.Env = append(os.Environ(), g.environment...)
	cmd.Stdin, cmd.WaitDelay = g.stdin, drain // that nobody may read to its end
	tree, err := newTree(cmd)
	if err != nil {
		p.startErr = err
		return p
	}
	defer tree.end()
	cmd.Cancel = tree.kill
	if p.startErr = streams.start(cmd, p.out, p.told); p.startErr != nil {
		return p
	}
	if err := tree.started(); err != nil {
		stop()
		cmd.Wait()
		p.startErr = err
		return p
	}
	go endEarly(ctx, stop, p.out)
	// What Wait returns does not matter, for the document counts: an exit code may come from anything a module does.
	cmd.Wait()
	if cmd.ProcessState != nil {
		p.code, p.state = cmd.ProcessState.ExitCode(), cmd.ProcessState.String()
	}
	streams.drain(ctx)
	p.told.end()
	return p
}

// streams are the two that a process writes to, as they are read here. They are not left to exec.Cmd, which stops
// reading a fixed time after the process is gone: on a busy machine a large document is not read by then.
type streams struct {
	readers []*os.File
	copying sync.WaitGroup
	reads   atomic.Int64
}

// start starts a command and copies what it writes.
func (s *streams) start(cmd *exec.Cmd, out, told io.Writer) error {
	var writers []*os.File
	for _, to := range []io.Writer{out, told} {
		r, w, err := os.Pipe()
		if err != nil {
			return err
		}
		defer w.Close() // the process has its own
		s.readers, writers = append(s.readers, r), append(writers, w)
		s.copying.Go(func() { s.copy(to, r) })
	}
	cmd.Stdout, cmd.Stderr = writers[0], writers[1]
	return cmd.Start()
}

// copy copies until the end, or until nothing more is wanted.
func (s *streams) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		s.reads.Add(1)
		if _, unwanted := to.Write(buffer[:n]); err != nil || unwanted != nil {
			return
		}
	}
}

// drain reads on as long as something comes, and until ctx ends.
func (s *streams) drain(ctx context.Context) {
	read := make(chan struct{})
	go func() { s.copying.Wait(); close(read) }()
	for before := int64(-1); before != s.reads.Load(); {
		before = s.reads.Load()
		select {
		case <-read:
			return
		case <-time.After(drain):
		}
		if ctx.Err() != nil {
			break
		}
	}
	s.close()
	<-read
}

func (s *streams) close() {
	for _, reader := range s.readers {
		reader.Close()
	}
}

// endEarly ends a process that has nothing more to say: at once when it says too much, after a while when its document
// is whole.
func endEarly(ctx context.Context, stop context.CancelFunc, out *output) {
	select {
	case <-ctx.Done():
		return
	case <-out.ended:
	}
	if out.isWhole() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
	}
	stop()
}

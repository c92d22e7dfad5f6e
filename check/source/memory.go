package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"

	"check_cs_backup/check/status"
)

// Beside the file of a memory stand its lock, which stays there, and while it is written the file to be.
const (
	lockEnding       = ".lock"
	unfinishedEnding = ".tmp"
)

// lockRetry is how long to wait before a lock is tried again that somebody else holds: about as long as they need.
const lockRetry = 10 * time.Millisecond

// A MemoryFile is the file in which one check leaves what it remembers for the next. It is locked from OpenMemory to
// Close, so that no check overwrites what another one wrote. All its errors are a status.Loss.
type MemoryFile struct {
	// Data is what the file holds; nil where there is no file.
	Data []byte
	path string
	lock *flock.Flock
	// busy: writing was given up, but may still go on in the background.
	busy bool
}

// OpenMemory locks the file at path and reads it, in half of the time that is left. What is no regular file, a symbolic
// link too, is left alone.
func OpenMemory(ctx context.Context, path string) (*MemoryFile, error) {
	if ctx.Err() != nil {
		return nil, status.Loss{What: "no time was left for it", Advice: "--timeout sets the limit"}
	}
	ctx, cancel := halfTime(ctx)
	defer cancel()
	file, err := inTime(ctx, true, func() (*MemoryFile, error) { return openMemory(ctx, path) })
	if ctx.Err() != nil && err != nil {
		return nil, status.Loss{
			What: "could not be locked and read in time",
			Advice: "see which process holds " + path + lockEnding + ", or whether the file share answers; " +
				"--timeout sets the limit",
		}
	}
	return file, err
}

func openMemory(ctx context.Context, path string) (*MemoryFile, error) {
	for _, ending := range []string{"", lockEnding} {
		if _, err := regular(path, ending); err != nil {
			return nil, err
		}
	}
	file := &MemoryFile{path: path, lock: flock.New(path + lockEnding)}
	if _, err := file.lock.TryLockContext(ctx, lockRetry); err != nil {
		return nil, memoryError("can't be locked", err, "name a file with --state-file where locks work, and where there is room")
	}
	err := file.read()
	if err == nil {
		err = ctx.Err() // nobody waits any longer
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func (f *MemoryFile) read() error {
	info, err := regular(f.path, "")
	if err != nil || info == nil {
		return err
	}
	if info.Size() > Limit {
		return tooMuchToRemember()
	}
	file, err := os.Open(f.path)
	if err != nil {
		return memoryError("can't be read", err, "see to its disk or file share")
	}
	defer file.Close()
	if opened, err := file.Stat(); err != nil || !os.SameFile(info, opened) {
		return status.Loss{What: "was replaced by another program while it was read", Advice: "name a file of its own with --state-file", Err: err}
	}
	f.Data, err = readAll(file, info.Size())
	return err
}

// Replace writes the file anew, so that at every moment it is either the old or the new one as a whole. Only its owner
// may read it.
func (f *MemoryFile) Replace(ctx context.Context, data []byte) error {
	if f.Data != nil && bytes.Equal(data, f.Data) {
		return nil
	}
	if len(data) > Limit {
		return tooMuchToRemember()
	}
	_, err := inTime(ctx, true, func() (struct{}, error) { return struct{}{}, f.replace(data) })
	if ctx.Err() != nil && err != nil {
		f.busy = true
		return status.Loss{
			What: "could not be written back in time", Advice: "see whether the file share answers; --timeout sets the limit",
		}
	}
	return err
}

func (f *MemoryFile) replace(data []byte) error {
	old, err := regular(f.path, "")
	if err != nil {
		return err
	}
	unfinished := f.path + unfinishedEnding
	// Under the lock, one that is there was left behind by a check that was ended.
	if left, err := regular(f.path, unfinishedEnding); err != nil {
		return err
	} else if left != nil {
		os.Remove(unfinished)
	}
	err = write(unfinished, data, old)
	if err == nil {
		err = os.Rename(unfinished, f.path)
	}
	if err != nil {
		os.Remove(unfinished)
		return memoryError("could not be written back", err, "see whether the disk is full")
	}
	return nil
}

// write makes a file that is on the disk when it returns. It belongs to the owner of the old one, if there is any.
func write(path string, data []byte, old fs.FileInfo) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := keepOwner(file, old); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	return file.Close()
}

// Close lets others at the file, unless it may still be written: then the end of the process does.
func (f *MemoryFile) Close() {
	if !f.busy {
		f.lock.Close()
	}
}

// regular returns what the path of a memory, or with an ending one beside it, is; nil where there is nothing. It is an
// error where that is no regular file, or nothing can be said.
func regular(path, ending string) (fs.FileInfo, error) {
	info, err := os.Lstat(path + ending)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, memoryError("can't be looked at", err, "see to its folder, or name another file with --state-file")
	case info.Mode().IsRegular():
		return info, nil
	}
	what := "is no regular file, so it is left alone"
	switch {
	case info.IsDir():
		what = "is a folder"
	case info.Mode()&fs.ModeSymlink != 0:
		what = "is a symbolic link, which is not followed"
	}
	if ending != "" {
		what = "its " + ending + " " + what
	}
	return nil, status.Loss{What: what, Advice: "name a regular file with --state-file, or one that is yet to be made"}
}

// memoryError leaves the path out of an error, since it is known, and adds what to do, which is the advice where the
// error itself does not tell.
func memoryError(what string, err error, advice string) error {
	loss := status.Loss{What: what, Advice: advice, Err: err}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		loss.Err = pathError.Err
	}
	if linkError, ok := errors.AsType[*os.LinkError](err); ok {
		loss.Err = linkError.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		loss.Advice = "make its folder, and let the account that runs the check write to it"
	case errors.Is(err, fs.ErrPermission):
		loss.Advice = "let the account that runs the check write to the folder, and own the file and its " + lockEnding
	}
	return loss
}

func tooMuchToRemember() error {
	return status.Loss{
		What:   fmt.Sprintf("is more than %d MiB", Limit>>20),
		Advice: "a memory has some KiB: move it away, and name a file for each of the checks",
	}
}

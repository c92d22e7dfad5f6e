package source

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/gofrs/flock"

	"check_cs_backup/check/status"
)

// Beside a state file stand its lock, which stays there, and while it is written the file to be.
const (
	lockEnding       = ".lock"
	unfinishedEnding = ".check_cs_backup.tmp"
)

// A StateFile is the file in which one check leaves what it remembers for the next. It is locked from OpenStateFile to
// Close, so that no check overwrites what another one wrote. All its errors are a status.Loss.
type StateFile struct {
	// Data is what the file holds; empty where there is no file.
	Data []byte
	path string
	lock *flock.Flock
	// busy: writing was given up, but may still go on in the background.
	busy bool
}

// OpenStateFile locks the file at path and reads it, in half of the time that is left. What is no regular file, a
// symbolic link too, is left alone.
func OpenStateFile(ctx context.Context, path string) (*StateFile, error) {
	ctx, cancel := halfTime(ctx)
	defer cancel()
	file, err := inTime(ctx, true, func() (*StateFile, error) { return openStateFile(ctx, path) })
	if err != nil && ctx.Err() != nil {
		return nil, status.Loss{
			What: "could not be locked and read in time",
			Advice: "see which process holds " + path + lockEnding + ", or whether the file share answers; " +
				"--timeout sets the limit",
		}
	}
	return file, err
}

func openStateFile(ctx context.Context, path string) (*StateFile, error) {
	for _, ending := range []string{"", lockEnding} {
		if _, err := regular(path, ending); err != nil {
			return nil, err
		}
	}
	file := &StateFile{path: path, lock: flock.New(path+lockEnding, flock.SetFlag(os.O_RDONLY))}
	err := patiently(ctx, func() error { return makeLock(path) })
	if err == nil {
		err = patiently(ctx, func() error { _, err := file.lock.TryLockContext(ctx, retryPause); return err })
	}
	if err != nil {
		return nil, stateError("can't be locked", err, "name a file with --state-file where locks work")
	}
	if err := patiently(ctx, file.read); err != nil {
		file.Close()
		return nil, stateError("can't be read", err, "see to its disk or file share")
	}
	return file, nil
}

// makeLock makes the lock, unless it is there.
func makeLock(path string) error {
	file, err := os.OpenFile(path+lockEnding, os.O_RDONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer file.Close()
	return giveAway(file, path)
}

func (f *StateFile) read() error {
	info, err := regular(f.path, "")
	if err != nil || info == nil {
		return err
	}
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer file.Close()
	text, err := readText(file, info.Size())
	f.Data = []byte(text)
	return err
}

// Replace writes the file anew, in half of the time that is left, so that at every moment it is either the old or the
// new one as a whole. Only its owner may read it.
func (f *StateFile) Replace(ctx context.Context, data []byte) error {
	switch {
	case bytes.Equal(data, f.Data):
		return nil
	case len(data) > Limit:
		return tooLarge()
	}
	ctx, cancel := halfTime(ctx)
	defer cancel()
	_, err := inTime(ctx, true, func() (struct{}, error) { return struct{}{}, f.replace(ctx, data) })
	if err != nil && ctx.Err() != nil {
		f.busy = true
		return status.Loss{
			What:   "could not be written back in time",
			Advice: "see whether the file share answers; --timeout sets the limit",
		}
	}
	return err
}

func (f *StateFile) replace(ctx context.Context, data []byte) error {
	unfinished := f.path + unfinishedEnding
	for _, ending := range []string{"", unfinishedEnding} {
		if _, err := regular(f.path, ending); err != nil {
			return err
		}
	}
	os.Remove(unfinished) // under the lock, one that is there was left behind by a check that was ended
	err := write(unfinished, data, f.path)
	if err == nil {
		err = patiently(ctx, func() error { return os.Rename(unfinished, f.path) })
	}
	if err != nil {
		os.Remove(unfinished)
		return stateError("could not be written back", err, "see whether the disk is full")
	}
	return nil
}

// write makes a file that is on the disk when it returns, in the place of the one at path.
func write(unfinished string, data []byte, path string) error {
	file, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = giveAway(file, path)
	}
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// Close lets others at the file, unless it may still be written: then the end of the process does.
func (f *StateFile) Close() {
	if !f.busy {
		f.lock.Close()
	}
}

// regular returns what the path of a state file, or with an ending one beside it, is; nil where there is nothing. It is
// an error where that is no regular file, or nothing can be said.
func regular(path, ending string) (fs.FileInfo, error) {
	info, err := os.Lstat(path + ending)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, stateError("can't be looked at", err, "see to its folder, or name another file with --state-file")
	case !info.Mode().IsRegular():
		return nil, status.Loss{
			What:   strings.TrimSpace(ending + " is no regular file (a folder, a link, a device)"),
			Advice: "name a regular file with --state-file, or one that is yet to be made",
		}
	}
	return info, nil
}

// remedies are what to do about errors of the system that have a known cause.
var remedies = []struct {
	err    error
	advice string
}{
	{fs.ErrNotExist, "make its folder, and let the account that runs the check write to it"},
	{syscall.EBUSY, "a single file is mounted there, which can't be replaced: mount its folder"},
	{syscall.EROFS, "the folder is read-only: a service that systemd runs may write only where its ReadWritePaths= " +
		"say so"},
	{errDiskFull, "make room on the disk"},
	{fs.ErrPermission, "let the account that runs the check own the file and its " + lockEnding +
		", and write to the folder; with SELinux (RHEL) it must be a folder that the agent's domain may write to, " +
		"such as /var/lib/icinga2/check_cs_backup"},
}

// stateError adds what to do to an error of the system: the advice where the error itself does not tell.
func stateError(what string, err error, advice string) error {
	for _, r := range remedies {
		if errors.Is(err, r.err) {
			advice = r.advice
			break
		}
	}
	return pathless(what, err, advice)
}

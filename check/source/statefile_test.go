package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"check_cs_backup/check/status"
)

// remember replaces what is in a state file by what change makes of it.
func remember(ctx context.Context, path string, change func([]byte) []byte) error {
	file, err := OpenStateFile(ctx, path)
	if err != nil {
		return err
	}
	defer file.Close()
	return file.Replace(ctx, change(file.Data))
}

func always(text string) func([]byte) []byte { return func([]byte) []byte { return []byte(text) } }

// content is what is in a file, "nothing" where there is none.
func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return "nothing"
	} else if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestStateFileIsReplaced(t *testing.T) {
	path := filepath.Join(tempDir(t), "state.json")
	var seen []string
	for _, text := range []string{"one", "two", "two", ""} { // the last is one of no bytes, which is as good as none
		err := remember(t.Context(), path, func(old []byte) []byte {
			seen = append(seen, fmt.Sprintf("%q %v", old, old == nil))
			return []byte(text)
		})
		if err != nil || content(t, path) != text {
			t.Errorf("%q: %v, %q", text, err, content(t, path))
		}
	}
	if got := strings.Join(seen, ", "); got != `"" true, "one" false, "two" false, "two" false` {
		t.Errorf("read %s", got)
	}
	if runtime.GOOS != "windows" { // there the folder's rights count
		for _, file := range []string{path, path + lockEnding} {
			if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
				t.Errorf("%s: %v, %v", file, info.Mode(), err)
			}
		}
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 2 {
		t.Errorf("beside it: %v, %v", left, err)
	}
}

// TestStateFileThatIsUnfinished: what a check left that was ended in the middle is no obstacle, and no memory. Somebody
// else's file of a similar name is not touched.
func TestStateFileThatIsUnfinished(t *testing.T) {
	path := filepath.Join(tempDir(t), "state.json")
	for name, text := range map[string]string{path: "whole", path + unfinishedEnding: "hal", path + ".tmp": "foreign"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err := remember(t.Context(), path, func(old []byte) []byte { return append(old, " again"...) })
	if err != nil || content(t, path) != "whole again" || content(t, path+unfinishedEnding) != "nothing" ||
		content(t, path+".tmp") != "foreign" {
		t.Errorf("%v: %q, %q", err, content(t, path), content(t, path+unfinishedEnding))
	}
}

// TestStateFileThatCannotBe: it is told what is wrong and what to do, and nothing is changed.
func TestStateFileThatCannotBe(t *testing.T) {
	folder := tempDir(t)
	at := func(name string) string { return filepath.Join(folder, name) }
	for _, name := range []string{"folder", "locked.lock", "unwritten" + unfinishedEnding} {
		if err := os.Mkdir(at(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(at("file"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	large, err := os.Create(at("large"))
	if err == nil {
		err = errors.Join(large.Truncate(Limit+1), large.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		at("folder"):         "is no regular file (a folder, a link, a device)",
		at("locked"):         ".lock is no regular file (a folder, a link, a device)",
		at("unwritten"):      ".check_cs_backup.tmp is no regular file (a folder, a link, a device)",
		at("absent/x"):       "can't be locked: ", // and what the system says
		at("file/x"):         "can't be ",
		at("large"):          fmt.Sprintf("more than %d MiB", Limit>>20),
		filepath.Dir(folder): "is no regular file (a folder, a link, a device)",
	} {
		called := false
		err := remember(t.Context(), path, func([]byte) []byte { called = true; return []byte("new") })
		loss, isLoss := errors.AsType[status.Loss](err)
		if !isLoss || !strings.HasPrefix(loss.Error(), want) || loss.Advice == "" || strings.Contains(loss.Error(), folder) {
			t.Errorf("%s: %v", path, err)
		}
		if called != (path == at("unwritten")) {
			t.Errorf("%s: changed: %v", path, called)
		}
	}
	if err := remember(t.Context(), at("new"), always(strings.Repeat("x", Limit+1))); err == nil || content(t, at("new")) != "nothing" {
		t.Errorf("too much: %v", err)
	}
	if content(t, at("file")) != "x" || content(t, at("unwritten")) != "nothing" {
		t.Error("something was written")
	}
}

// TestStateFileThatIsLocked: the time for it is bounded, and half of it stays for the answer.
func TestStateFileThatIsLocked(t *testing.T) {
	path := filepath.Join(tempDir(t), "state.json")
	lock := flock.New(path + lockEnding)
	if locked, err := lock.TryLock(); !locked {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	err := remember(ctx, path, always("x"))
	if loss, isLoss := errors.AsType[status.Loss](err); !isLoss || loss.What != "could not be locked and read in time" || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := remember(t.Context(), path, always("x")); err != nil || content(t, path) != "x" {
		t.Errorf("once the lock is free: %v", err)
	}
}

// TestStateFileWithoutTime: nothing is touched once the time is over.
func TestStateFileWithoutTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	path := filepath.Join(tempDir(t), "state.json")
	if err := remember(ctx, path, always("x")); err == nil || content(t, path) != "nothing" || content(t, path+lockEnding) != "nothing" {
		t.Errorf("%v", err)
	}
}

// TestStateFileOfManyAtOnce: nobody overwrites what another one wrote.
func TestStateFileOfManyAtOnce(t *testing.T) {
	path := filepath.Join(tempDir(t), "state.json")
	const many = 24
	var wait sync.WaitGroup
	for i := range many {
		wait.Go(func() {
			err := remember(t.Context(), path, func(old []byte) []byte { return fmt.Appendf(bytes.Clone(old), "<%d>", i) })
			if err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	text := content(t, path)
	for i := range many {
		if strings.Count(text, fmt.Sprintf("<%d>", i)) != 1 {
			t.Errorf("%d is lost: %s", i, text)
		}
	}
}

// TestStateErrors: what the system says decides on the advice, and no path stands in it twice.
func TestStateErrors(t *testing.T) {
	for _, tt := range []struct {
		err          error
		text, advice string
	}{
		{&os.LinkError{Op: "rename", Old: "a", New: "b", Err: syscall.EBUSY}, syscall.EBUSY.Error(), "mount its folder"},
		{&fs.PathError{Op: "open", Path: "a", Err: syscall.EROFS}, syscall.EROFS.Error(), "ReadWritePaths="},
		{&fs.PathError{Op: "write", Path: "a", Err: errDiskFull}, errDiskFull.Error(), "make room on the disk"},
		{&fs.PathError{Op: "open", Path: "a", Err: syscall.EACCES}, syscall.EACCES.Error(), "SELinux"},
		{&fs.PathError{Op: "open", Path: "a", Err: syscall.ENOENT}, syscall.ENOENT.Error(), "make its folder"},
		{&fs.PathError{Op: "write", Path: "a", Err: errors.New("odd")}, "odd", "see to it"},
	} {
		loss, _ := errors.AsType[status.Loss](stateError("can't be", tt.err, "see to it"))
		if loss.Error() != "can't be: "+tt.text || !strings.Contains(loss.Advice, tt.advice) {
			t.Errorf("%v: %v; %s", tt.err, loss, loss.Advice)
		}
	}
}

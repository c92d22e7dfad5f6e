//go:build unix

package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// TestFilesThatHang: they leave time for those behind them, and each of them is told.
// TestFolderLeavesOutFolders: linked ones too.
func TestFolderLeavesOutFolders(t *testing.T) {
	folder := t.TempDir()
	for _, err := range []error{
		os.Mkdir(filepath.Join(folder, "a"), 0o700),
		os.Symlink("a", filepath.Join(folder, "b")),
		os.WriteFile(filepath.Join(folder, "status.json"), []byte("{}"), 0o600),
		os.Symlink("status.json", filepath.Join(folder, "linked.json")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	for item := range Files([]string{folder}, nil)(t.Context()) {
		names = append(names, filepath.Base(item.Name))
	}
	if want := []string{"linked.json", "status.json"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

func TestFilesThatHang(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: FIFOs that nobody writes to")
	}
	folder := t.TempDir()
	var paths []string
	for i := range 3 {
		fifo := filepath.Join(folder, "fifo"+strconv.Itoa(i))
		if err := syscall.Mkfifo(fifo, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, fifo)
	}
	file := filepath.Join(folder, "status.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	var read []string
	for item := range Files(append(paths, file), nil)(ctx) {
		name := filepath.Base(item.Name)
		if errors.Is(item.Err, context.DeadlineExceeded) {
			name += " timed out"
		}
		read = append(read, name+" "+string(item.Data))
	}
	want := "fifo0 timed out ,fifo1 timed out ,fifo2 timed out ,status.json {}"
	if got := strings.Join(read, ","); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestTaskErrThatIsNoFile: a FIFO as FILE.err is not waited for, so it costs no status its verdict.
func TestTaskErrThatIsNoFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "status.json")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(file+".err", 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	for item := range Files([]string{file}, nil)(ctx) {
		if item.Err != nil || item.Data != "{}" || item.TaskErr != "" {
			t.Errorf("got %q, %q, %v", item.Data, item.TaskErr, item.Err)
		}
	}
}

// TestFilesWithoutTime: what the source did not get to is told too, and nothing of it is opened.
func TestFilesWithoutTime(t *testing.T) {
	ctx, cancel := context.WithDeadline(context.Background(), time.Now())
	defer cancel()
	var names []string
	for item := range Files([]string{"absent1", "absent2"}, nil)(ctx) {
		if _, isLoss := errors.AsType[status.Loss](item.Err); !isLoss || !errors.Is(item.Err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", item.Name, item.Err)
		}
		names = append(names, item.Name)
	}
	if got := strings.Join(names, " "); got != "absent1 absent2" {
		t.Errorf("got %s", got)
	}
}

//go:build unix

package source

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

// TestFilesThatHang: they leave time for those behind them, and each of them is told.
func TestFilesThatHang(t *testing.T) {
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
	ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
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

// TestPatternTellsWhereItCouldNotLook: filepath.Glob passes over a folder that it can't read.
func TestPatternTellsWhereItCouldNotLook(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a", "c"} {
		if err := os.Mkdir(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name, "status.json"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	loop := filepath.Join(folder, "b") // a folder without rights would not stop root
	if err := os.Symlink("b", loop); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]string{
		"*/status.json": loop, "b/*.json": loop, "[a-c]/*": loop,
		"a/*.json": "", "[ac]/*": "", "*": "", "fil*/x": "", "absent/*": "", "*/*/x": loop,
	} {
		err := lookInto(filepath.Join(folder, pattern))
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasPrefix(err.Error(), "can't look into "+want+": ")) {
			t.Errorf("%s: got %v, want %q", pattern, err, want)
		}
	}
	names, err := expand(context.Background(), filepath.Join(folder, "*", "*.json"))
	if len(names) != 2 || err == nil {
		t.Errorf("got %q, %v", names, err)
	}
}

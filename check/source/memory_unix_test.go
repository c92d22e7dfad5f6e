//go:build unix

package source

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestMemoryThatIsNoFile: what is no regular file is not read, not followed, and not replaced.
func TestMemoryThatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	if err := os.WriteFile(at("target"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"link": "target", "dangling": "nowhere", "a" + lockEnding: "nowhere", "b" + unfinishedEnding: "target",
	} {
		if err := os.Symlink(target, at(link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(at("fifo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"link":     "is a symbolic link, which is not followed",
		"dangling": "is a symbolic link, which is not followed",
		"a":        "its .lock is a symbolic link, which is not followed",
		"b":        "its .tmp is a symbolic link, which is not followed",
		"fifo":     "is no regular file, so it is left alone",
	} {
		if err := remember(t.Context(), at(name), always("new")); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if content(t, at("target")) != "x" || content(t, at("nowhere")) != "nothing" {
		t.Error("a link was followed")
	}
	for name, mode := range map[string]os.FileMode{"link": os.ModeSymlink, "dangling": os.ModeSymlink, "fifo": os.ModeNamedPipe} {
		if info, err := os.Lstat(at(name)); err != nil || info.Mode().Type() != mode {
			t.Errorf("%s was replaced: %v, %v", name, info, err)
		}
	}
}

// TestMemoryInAFolderWithoutRights says whose rights are missing.
func TestMemoryInAFolderWithoutRights(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere; testdata/scripts/memory.txtar has a file in the place of the folder")
	}
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	err := remember(t.Context(), filepath.Join(folder, "state.json"), always("x"))
	if err == nil || !strings.HasPrefix(err.Error(), "can't be locked: permission denied") {
		t.Error(err)
	}
}

// TestMemoryKeepsItsOwner: root, by hand, does not lock out the account that makes the check every day.
func TestMemoryKeepsItsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("nobody but root can give a file away")
	}
	path := filepath.Join(t.TempDir(), "state.json")
	if err := remember(t.Context(), path, always("one")); err != nil {
		t.Fatal(err)
	}
	const owner = 12345 // whoever that is
	if err := os.Chown(path, owner, owner); err != nil {
		t.Fatal(err)
	}
	if err := remember(t.Context(), path, always("two")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if stat := info.Sys().(*syscall.Stat_t); stat.Uid != owner || stat.Gid != owner || info.Mode() != 0o600 {
		t.Errorf("%d:%d %v", stat.Uid, stat.Gid, info.Mode())
	}
}

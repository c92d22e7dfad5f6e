//go:build unix

package source

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestStateFileThatIsNoFile: what is no regular file is not read, not followed, and not replaced.
func TestStateFileThatIsNoFile(t *testing.T) {
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
		"link":     "is no regular file (a folder, a link, a device)",
		"dangling": "is no regular file (a folder, a link, a device)",
		"a":        ".lock is no regular file (a folder, a link, a device)",
		"b":        ".check_cs_backup.tmp is no regular file (a folder, a link, a device)",
		"fifo":     "is no regular file (a folder, a link, a device)",
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

// TestStateFileInAFolderWithoutRights says whose rights are missing.
func TestStateFileInAFolderWithoutRights(t *testing.T) {
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

// TestStateFileKeepsItsOwner: root, by hand, does not lock out the account that makes the check every day. What was there
// already is given to nobody.
func TestStateFileKeepsItsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("nobody but root can give a file away")
	}
	const daily, other = 12345, 12346 // whoever they are
	for name, tt := range map[string]struct {
		folder, file, lock int // their owners; -1 where there is none
		want, wantLock     int
	}{
		"nothing there":                         {daily, -1, -1, daily, daily},
		"all there":                             {daily, daily, daily, daily, daily},
		"the lock alone had gone":               {daily, daily, -1, daily, daily},
		"root's file in the folder":             {daily, 0, 0, daily, 0},
		"the folder is root's":                  {0, daily, -1, daily, daily},
		"all is root's":                         {0, -1, -1, 0, 0},
		"the file is another's than the folder": {daily, other, -1, other, other},
	} {
		path := filepath.Join(t.TempDir(), "state.json")
		for made, owner := range map[string]int{path: tt.file, path + lockEnding: tt.lock} {
			if owner < 0 {
				continue
			}
			if err := errors.Join(os.WriteFile(made, []byte("old"), 0o600), os.Chown(made, owner, owner)); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chown(filepath.Dir(path), tt.folder, tt.folder); err != nil {
			t.Fatal(err)
		}
		if err := remember(t.Context(), path, always("new")); err != nil {
			t.Fatal(err)
		}
		for made, owner := range map[string]int{path: tt.want, path + lockEnding: tt.wantLock} {
			info, err := os.Stat(made)
			if err != nil {
				t.Fatal(err)
			}
			if stat := info.Sys().(*syscall.Stat_t); int(stat.Uid) != owner || int(stat.Gid) != owner || info.Mode() != 0o600 {
				t.Errorf("%s: %s is %d:%d %v", name, filepath.Base(made), stat.Uid, stat.Gid, info.Mode())
			}
		}
	}
}

// TestHardLinkIsNotGivenAway: somebody's file by another name is read at most.
func TestHardLinkIsNotGivenAway(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("nobody but root can give a file away")
	}
	folder := t.TempDir()
	secret, path := filepath.Join(folder, "secret"), filepath.Join(folder, "state.json")
	if err := errors.Join(os.Chown(folder, 12345, 12345), os.WriteFile(secret, []byte("root's"), 0o600),
		os.Link(secret, path), os.Link(secret, path+lockEnding)); err != nil {
		t.Fatal(err)
	}
	if err := remember(t.Context(), path, always("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(secret)
	if err != nil || info.Sys().(*syscall.Stat_t).Uid != 0 || content(t, secret) != "root's" {
		t.Errorf("%v, %v, %s", err, info, content(t, secret))
	}
}

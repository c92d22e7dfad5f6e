package source

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/windows"
)

// replaceSlowly puts a text in the place of a file the way a writer may that has no better one: the file is locked for
// a moment, and absent for another.
func replaceSlowly(t *testing.T, file, text string) {
	if err := os.WriteFile(file+".tmp", []byte(text), 0o600); err != nil {
		t.Error(err)
	}
	name, err := windows.UTF16PtrFromString(file)
	if err != nil {
		t.Error(err)
	}
	// A reader may be in the way of the one who replaces too.
	for {
		lock, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
		if err == nil {
			time.Sleep(20 * time.Millisecond)
			windows.CloseHandle(lock)
			break
		}
		time.Sleep(time.Millisecond)
	}
	for os.Remove(file) != nil {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
	for os.Rename(file+".tmp", file) != nil {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(40 * time.Millisecond) // there in peace
}

package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"check_cs_backup/check/status"
)

// MaxFiles is how many files a folder or a pattern may stand for.
const MaxFiles = 10_000

// Stdin is the path that stands for standard input, and StdinName what that is called.
const (
	Stdin     = "-"
	StdinName = "standard input"
)

// Files reads saved statuses. Each path is a file, a folder (its files, in the order of their names, without
// subfolders, hidden and temporary files), a glob pattern, or "-" for stdin.
func Files(paths []string, stdin *os.File) Source {
	return func(ctx context.Context) iter.Seq[Item] {
		return func(yield func(Item) bool) {
			for _, path := range paths {
				names, err := expand(ctx, path)
				if err != nil {
					if !yield(Item{Name: path, Err: err}) {
						return
					}
					continue
				}
				for _, name := range names {
					if !yield(readOne(ctx, name, stdin)) || ctx.Err() != nil {
						return
					}
				}
			}
		}
	}
}

// expand gives the files that a path stands for.
func expand(ctx context.Context, path string) ([]string, error) {
	if path == Stdin {
		return []string{Stdin}, nil
	}
	info, err := patiently(ctx, func() (os.FileInfo, error) { return os.Stat(path) })
	switch {
	case err == nil && info.IsDir():
		return listFolder(path)
	case err == nil:
		return []string{path}, nil
	case (errors.Is(err, fs.ErrNotExist) || isPattern(err)) && strings.ContainsAny(path, "*?["):
		return glob(path)
	default:
		return nil, readError(err)
	}
}

// retryFor is how long a file is tried that is being replaced or locked, retryPause how long to wait in between.
const (
	retryFor   = time.Second
	retryPause = 50 * time.Millisecond
)

// patiently tries again for a while what fails for a reason that passes.
func patiently[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for start := time.Now(); ; {
		value, err := try()
		if err == nil || !isPassing(err) || time.Since(start) >= retryFor {
			return value, err
		}
		select {
		case <-ctx.Done():
			return value, err
		case <-time.After(retryPause):
		}
	}
}

// listFolder leaves out what a writer has not finished: the collector writes to a temporary file and renames it.
func listFolder(folder string) ([]string, error) {
	dir, err := os.Open(folder)
	if err != nil {
		return nil, readError(err)
	}
	defer dir.Close()
	// One more than twice the limit: folders hold other things too, but nobody's folder is read without end.
	entries, err := dir.ReadDir(2*MaxFiles + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(err)
	}
	var names []string
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") ||
			strings.EqualFold(filepath.Ext(name), ".tmp") {
			continue
		}
		names = append(names, filepath.Join(folder, name))
	}
	if len(entries) > 2*MaxFiles {
		return nil, tooMany("the folder")
	}
	return bounded(names, "the folder", "no files in the folder")
}

func glob(pattern string) ([]string, error) {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, status.Loss{What: "the pattern is not well-formed", Advice: "see to its brackets", Err: err}
	}
	names := matches[:0]
	for _, name := range matches {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			continue
		}
		names = append(names, name)
	}
	return bounded(names, "the pattern", "no file fits the pattern")
}

func bounded(names []string, what, none string) ([]string, error) {
	switch {
	case len(names) == 0:
		return nil, status.Loss{What: none, Advice: "see whether the collector's scheduled task still writes there"}
	case len(names) > MaxFiles:
		return nil, tooMany(what)
	}
	// A folder's own order is the file system's, and the output must not depend on it.
	slices.Sort(names)
	return names, nil
}

func tooMany(what string) error {
	return status.Loss{
		What:   fmt.Sprintf("%s holds more than %d files", what, MaxFiles),
		Advice: "name the files, or use a narrower pattern",
	}
}

// readOne reads one file. What is no regular file, such as a FIFO, may block for ever, so it is read in the background;
// a regular file is not worth the thread.
func readOne(ctx context.Context, path string, stdin *os.File) Item {
	if path == Stdin {
		return inTime(ctx, StdinName, func() Item { return readStdin(stdin) })
	}
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
		return readFile(ctx, path)
	}
	return inTime(ctx, path, func() Item { return readFile(ctx, path) })
}

// inTime reads in the background, until ctx ends.
func inTime(ctx context.Context, name string, read func() Item) Item {
	done := make(chan Item, 1)
	go func() { done <- read() }()
	select {
	case item := <-done:
		return item
	case <-ctx.Done():
		return Item{Name: name, Err: status.Loss{
			What:   "reading",
			Advice: "see whether a writer holds it open, or whether the file share answers; --timeout sets the limit",
			Err:    ctx.Err(),
		}}
	}
}

func readStdin(stdin *os.File) Item {
	item := Item{Name: StdinName}
	if term.IsTerminal(int(stdin.Fd())) {
		item.Err = status.Loss{What: "it is a terminal", Advice: "pipe a status into it, or name a file with --file"}
		return item
	}
	var err error
	if item.Data, err = readAll(stdin, 0); err != nil {
		item.Data, item.Err = nil, readError(err)
	}
	return item
}

func readFile(ctx context.Context, path string) Item {
	item, err := patiently(ctx, func() (Item, error) { return openAndRead(path) })
	item.Name = path
	if err != nil {
		item.Data, item.Err = nil, readError(err)
	}
	return item
}

func openAndRead(path string) (item Item, err error) {
	file, err := os.Open(path)
	if err != nil {
		return item, err
	}
	defer file.Close()
	var size int64
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		size, item.Modified = info.Size(), info.ModTime()
	}
	item.Data, err = readAll(file, size)
	return item, err
}

// readAll reads to the end, but not beyond Limit. The size is a hint that saves memory.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size > Limit {
		return nil, tooLarge()
	}
	data := make([]byte, 0, max(size+1, 512))
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case len(data) > Limit:
			return nil, tooLarge()
		case len(data) == cap(data):
			// Doubling is bounded: beyond the limit one byte is enough to know.
			grown := make([]byte, len(data), min(2*cap(data), Limit+1))
			copy(grown, data)
			data = grown
		}
	}
}

func tooLarge() error {
	return status.Loss{
		What:   fmt.Sprintf("more than %d MiB", Limit>>20),
		Advice: "a status has some KiB: this is no status, or many of them in one file",
	}
}

// readError leaves the path out of an error, since the item has its name, and adds what to do.
func readError(err error) error {
	if loss, ok := errors.AsType[status.Loss](err); ok {
		return loss
	}
	loss := status.Loss{What: "can't be read", Err: err}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		loss.Err = pathError.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		loss = status.Loss{
			What: "does not exist", Advice: "see whether the collector's scheduled task runs, and where it writes to",
		}
	case errors.Is(err, fs.ErrPermission):
		loss.Advice = "let the account that runs the check read it"
	}
	return loss
}

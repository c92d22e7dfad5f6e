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
	"runtime"
	"slices"
	"strings"
	"time"

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
// subfolders, hidden and temporary files), a glob pattern, or "-" for stdin. One that hangs takes half of the time that
// is left, and the others have the rest.
func Files(paths []string, stdin *os.File) Source {
	return func(ctx context.Context) iter.Seq[Item] {
		return func(yield func(Item) bool) {
			for i, path := range paths {
				isLast := i == len(paths)-1
				names, err := inTime(ctx, isLast, func() ([]string, error) { return expand(path) })
				if err != nil && !yield(Item{Name: path, Err: err}) {
					return
				}
				for j, name := range names {
					if !yield(readOne(ctx, name, isLast && j == len(names)-1, stdin)) {
						return
					}
				}
			}
		}
	}
}

// expand gives the files that a path stands for. What does not exist is one file, which reading it will tell.
func expand(path string) ([]string, error) {
	if path == Stdin {
		return []string{Stdin}, nil
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return listFolder(path)
	case err != nil && strings.ContainsAny(path, "*?["):
		return glob(path)
	default:
		return []string{path}, nil
	}
}

// retryFor is how long a file is tried that is being replaced or locked, retryPause how long to wait in between.
const (
	retryFor   = time.Second
	retryPause = 10 * time.Millisecond
)

// patiently tries again for a while what fails for a reason that passes.
func patiently(ctx context.Context, try func() error) error {
	for start := time.Now(); ; time.Sleep(retryPause) {
		err := try()
		if err == nil || !isPassing(err) || time.Since(start) >= retryFor || ctx.Err() != nil {
			return err
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
	entries, err := dir.ReadDir(MaxFiles + 1) // nobody's folder is read without end
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, readError(err)
	}
	var names []string
	for _, entry := range entries {
		name := filepath.Join(folder, entry.Name())
		isLink := entry.Type()&fs.ModeSymlink != 0
		if !entry.IsDir() && !(isLink && isFolder(name)) && isStatus(entry.Name()) {
			names = append(names, name)
		}
	}
	return bounded(names, len(entries), "no files in the folder")
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// taskErrEnding is what the name of a status has behind it in the name of the file in which the scheduled task says
// what it could not do.
const taskErrEnding = ".err"

// foreign are the endings of files that are no status: unfinished copies, the collector's script, what editors leave.
var foreign = [...]string{taskErrEnding, ".tmp", ".ps1", ".part", ".partial", ".filepart", ".crdownload", "~"}

// isStatus reports whether a file in a folder may be a status by its name.
func isStatus(name string) bool {
	name = strings.ToLower(name)
	for _, ending := range foreign {
		if strings.HasSuffix(name, ending) {
			return false
		}
	}
	return name != "thumbs.db" && name != "desktop.ini" && !strings.HasPrefix(name, "~$") && name[0] != '.'
}

func glob(pattern string) ([]string, error) {
	matches, err := filepath.Glob(pattern)
	if err != nil {
		return nil, status.Loss{What: "the pattern is not well-formed", Advice: "see to its brackets", Err: err}
	}
	var names []string
	for _, name := range matches {
		if !strings.HasSuffix(strings.ToLower(name), taskErrEnding) && !isFolder(name) {
			names = append(names, name)
		}
	}
	return bounded(names, len(matches), "no file fits the pattern")
}

// bounded sorts the names of files, of which there are some and not too many of all that were found.
func bounded(names []string, found int, none string) ([]string, error) {
	switch {
	case found > MaxFiles:
		return nil, status.Loss{
			What:   fmt.Sprintf("more than %d files", MaxFiles),
			Advice: "name the files, or use a narrower pattern",
		}
	case len(names) == 0:
		return nil, status.Loss{What: none, Advice: "see whether the collector's scheduled task still writes there"}
	}
	// A folder's own order is the file system's, and the output must not depend on it.
	slices.Sort(names)
	return names, nil
}

func readOne(ctx context.Context, path string, isLast bool, stdin *os.File) Item {
	name, read := path, func() (Item, error) { return readFile(ctx, path), nil }
	if path == Stdin {
		name, read = StdinName, func() (Item, error) { return readStdin(stdin), nil }
	}
	item, err := inTime(ctx, isLast, read)
	if err != nil {
		return Item{Name: name, Err: err}
	}
	return item
}

// inTime works in the background, until the time for it is over: half of what is left, or all of it for the last. A
// FIFO, standard input or a file on a share that does not answer may block for ever.
func inTime[T any](ctx context.Context, isLast bool, work func() (T, error)) (T, error) {
	if err := ctx.Err(); err != nil {
		return *new(T), status.Loss{
			What: "waiting for what stands in front of it", Advice: "--timeout sets the limit", Err: err,
		}
	}
	if !isLast {
		var cancel context.CancelFunc
		ctx, cancel = halfTime(ctx)
		defer cancel()
	}
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return *new(T), status.Loss{
			What:   "reading",
			Advice: "see whether a writer holds it open, or whether the file share answers; --timeout sets the limit",
			Err:    ctx.Err(),
		}
	}
}

// halfTime ends after half of the time that is left.
func halfTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, limited := ctx.Deadline()
	if !limited {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, time.Until(deadline)/2)
}

func readStdin(stdin *os.File) Item {
	item := Item{Name: StdinName}
	// A terminal, or /dev/null.
	if info, err := stdin.Stat(); err == nil && info.Mode()&fs.ModeCharDevice != 0 {
		item.Err = status.Loss{
			What: "nothing is piped into it", Advice: "pipe a status into it, or name a file with --file",
		}
		return item
	}
	var err error
	if item.Data, err = readText(stdin, 0); err != nil {
		item.Err = readError(err)
	}
	return item
}

func readFile(ctx context.Context, path string) Item {
	item := Item{Name: path, TaskErr: taskErr(path)}
	err := patiently(ctx, func() (err error) {
		item.Data, item.Modified, err = openAndRead(path)
		return err
	})
	if err != nil {
		item.Err = misplaced(path, readError(err))
	}
	return item
}

// taskErr returns the first line of what the scheduled task could not do, as it wrote it; empty where it could all.
func taskErr(path string) string {
	path += taskErrEnding
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > Limit {
		return "" // to open a FIFO would wait for a writer
	}
	text, _ := os.ReadFile(path)
	line, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff")), "\n")
	return status.Shorten(strings.TrimSpace(line), messageLimit)
}

// misplaced knows paths that can be read on no machine like this one: another advice helps there.
func misplaced(path string, loss status.Loss) status.Loss {
	isWindows := runtime.GOOS == "windows"
	hasDrive := len(path) > 2 && path[1:3] == `:\` || strings.HasPrefix(path, `\\`)
	switch {
	case !isWindows && hasDrive:
		loss.Advice = "a path of Windows, and this is " + runtime.GOOS +
			": did the check run on the agent (command_endpoint)?"
	case isWindows && strings.Contains(path, `"`):
		loss.Advice = "no path of Windows holds a quote: quotes that an agent kept?"
	}
	return loss
}

func openAndRead(path string) (text string, modified time.Time, err error) {
	file, err := os.Open(path)
	if err != nil {
		return "", time.Time{}, err
	}
	defer file.Close()
	var size int64
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		size, modified = info.Size(), info.ModTime()
	}
	text, err = readText(file, size)
	return text, modified, err
}

// readText reads to the end, but not beyond Limit. The size is a hint that saves memory.
func readText(r io.Reader, size int64) (string, error) {
	if size > Limit {
		return "", tooLarge()
	}
	var text strings.Builder
	text.Grow(int(size))
	n, err := io.Copy(&text, io.LimitReader(r, Limit+1))
	switch {
	case err != nil:
		return "", err
	case n > Limit:
		return "", tooLarge()
	}
	return text.String(), nil
}

func tooLarge() error {
	return status.Loss{
		What:   fmt.Sprintf("more than %d MiB", Limit>>20),
		Advice: "a status has some KiB, and so has a state file: this is neither, or many of them in one",
	}
}

// readError adds what to do to the error of a file.
func readError(err error) status.Loss {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return status.Loss{
			What: "does not exist", Advice: "see whether the collector's scheduled task runs, and where it writes to",
		}
	case errors.Is(err, fs.ErrPermission):
		return pathless("can't be read", err, "let the account that runs the check read it")
	}
	return pathless("can't be read", err, "")
}

// pathless leaves the path out of an error, since that is known. A Loss stays what it is.
func pathless(what string, err error, advice string) status.Loss {
	if loss, ok := errors.AsType[status.Loss](err); ok {
		return loss
	}
	loss := status.Loss{What: what, Err: err, Advice: advice}
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		loss.Err = pathError.Err
	}
	if linkError, ok := errors.AsType[*os.LinkError](err); ok {
		loss.Err = linkError.Err
	}
	return loss
}

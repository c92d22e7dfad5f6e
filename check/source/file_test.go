package source

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// readFiles reads files as the plugin does: their names without folder, and their texts or what went wrong.
func readFiles(t *testing.T, paths ...string) (names, texts []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for item := range Files(paths, nil)(ctx) {
		names = append(names, filepath.Base(item.Name))
		if item.Err != nil {
			texts = append(texts, item.Err.Error())
		} else {
			texts = append(texts, string(item.Data))
		}
	}
	return names, texts
}

func TestFilesOfPatterns(t *testing.T) {
	folder := tempDir(t)
	for _, name := range []string{"a.json", "b.json", "c.txt", "[x].json"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(folder, "d.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, pattern, want string }{
		{"an ending", "*.json", "[x].json a.json b.json"},
		{"one letter", "?.json", "a.json b.json"},
		{"one of two letters", "[ab].*", "a.json b.json"},
		{"a beginning", "c*", "c.txt"},
		{"all", "*", "[x].json a.json b.json c.txt"},
		{"a file of that name is no pattern", "[x].json", "[x].json"},
		{"none", "*.csv", "no file fits the pattern"},
		{"none of one letter", "?", "no file fits the pattern"},
		{"a bracket that is not closed", "[", "the pattern is not well-formed: syntax error in pattern"},
		{"no pattern", "absent.json", "does not exist"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, texts := readFiles(t, filepath.Join(folder, c.pattern))
			if got := strings.Join(texts, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// On Windows a file that is being replaced is absent for a moment, or locked.
func TestFileThatIsBeingReplaced(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: a file that is replaced all the time")
	}
	file := filepath.Join(tempDir(t), "status.json")
	texts := []string{strings.Repeat("a", 10_000), strings.Repeat("b", 20_000)}
	if err := os.WriteFile(file, []byte(texts[0]), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	replaced := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			replaceSlowly(t, file, texts[n%2])
		}
		replaced <- n
	}()
	reads := 0
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); reads++ {
		if _, got := readFiles(t, file); len(got) != 1 || !slices.Contains(texts, got[0]) {
			t.Errorf("%.100q", got)
			break
		}
	}
	stop()
	t.Logf("%d reads, %d replacements", reads, <-replaced)
}

// TestTaskErr: what the scheduled task could not do stands beside its document, whether that is there or not; it is none.
func TestTaskErr(t *testing.T) {
	folder := tempDir(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.json", "{}")
	write("a.json.err", "\ufeffno right\r\nmore\r\n")
	write("absent.json.err", "no module")
	write("long.json.err", strings.Repeat("x", 1<<20))
	write("empty.json.err", "")
	write("b.json", "{}")
	for _, c := range []struct{ name, path, want string }{
		{"a file", "a.json", "a.json: no right"},
		{"one that is absent", "absent.json", "absent.json: no module"},
		{"a long one", "long.json", "long.json: " + strings.Repeat("x", messageLimit) + "…"},
		{"an empty one", "empty.json", "empty.json: "},
		{"a folder", "", "a.json: no right, b.json: "},
		{"a pattern", "*", "a.json: no right, b.json: "},
		{"a pattern of them", "*.err", "*.err: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for item := range Files([]string{filepath.Join(folder, c.path)}, nil)(t.Context()) {
				got = append(got, filepath.Base(item.Name)+": "+item.TaskErr)
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("got %.200s", text)
			}
		})
	}
}

// TestPathsOfAnotherSystem: one of Windows that is read elsewhere did not reach the machine that it was meant for.
func TestPathsOfAnotherSystem(t *testing.T) {
	const agent, task = "did the check run on the agent", "scheduled task"
	for _, c := range []struct{ name, path, want string }{
		{"a drive", `C:\check_cs_backup\status.json`, agent},
		{"a share", `\\fs01\share\status.json`, agent},
		{"a letter", "C", task},
		{"a backslash", `a\b`, task},
	} {
		t.Run(c.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				c.path, c.want = `"`+c.path+`"`, "quotes that an agent kept?"
			}
			if loss := wantLoss(t, readFile(t.Context(), c.path).Err); !strings.Contains(loss.Advice, c.want) {
				t.Errorf("%v, %s", loss, loss.Advice)
			}
		})
	}
}

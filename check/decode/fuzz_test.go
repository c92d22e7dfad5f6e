package decode

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

// seed adds the statuses of testdata whose names have one of the endings.
func seed(f *testing.F, endings ...string) {
	f.Helper()
	err := filepath.WalkDir(statuses, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, e := range endings {
			if strings.HasSuffix(path, e) {
				data, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				f.Add(data)
			}
		}
		return nil
	})
	if err != nil {
		f.Fatal(err)
	}
}

// check holds what is true of every result.
func check(t *testing.T, data []byte) {
	t.Helper()
	snap := Decode(string(data))
	if !reflect.DeepEqual(snap, Decode(string(data))) {
		t.Fatal("not the same twice")
	}
	if len(snap.Pools) == 0 && len(snap.Losses) == 0 {
		t.Fatal("nothing, and nothing is said of it")
	}
	if len(snap.Losses) > maxLosses+1+3 {
		t.Fatalf("%d losses", len(snap.Losses))
	}
	for _, l := range snap.Losses {
		if l.What == "" || l.Advice == "" || len(l.What) > 2000 {
			t.Fatalf("a loss of %d bytes: %.200q", len(l.What), l.What)
		}
	}
	for _, p := range snap.Pools {
		for _, m := range p.Modules {
			// What is absent or cut is always said, so that nobody has to look for it.
			if (m.Identity == "" || m.Export == "" || m.Import == "" || status.IsDamaged(m.Identity) ||
				status.IsDamaged(string(m.Export)) || status.IsDamaged(string(m.Import))) &&
				len(snap.Losses) == 0 {
				t.Fatalf("%+v without a loss", m)
			}
			if len(m.Identity) > maxName+3 || len(m.Export) > maxName+3 || len(m.Import) > maxName+3 {
				t.Fatalf("a name of %d bytes", len(m.Identity))
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	seed(f, ".txt", ".json", ".csv", ".clixml")
	for _, render := range renderers {
		f.Add([]byte(render(healthy)))
	}
	f.Fuzz(check)
}

func FuzzJSON(f *testing.F) {
	seed(f, ".json")
	f.Add([]byte(renderers["document"](healthy)))
	f.Fuzz(check)
}

func FuzzCLIXML(f *testing.F) {
	seed(f, ".clixml", "clixml.txt", "stream.txt")
	f.Fuzz(check)
}

func FuzzCSV(f *testing.F) {
	seed(f, ".csv")
	f.Fuzz(check)
}

func FuzzTable(f *testing.F) {
	seed(f, "table.txt", "group.txt", "wrap.txt", "props.txt", "narrow.txt")
	f.Fuzz(check)
}

func FuzzList(f *testing.F) {
	seed(f, "list.txt", "custom.txt", "spaced.txt")
	f.Fuzz(check)
}

// FuzzMarked puts any document between the markers.
func FuzzMarked(f *testing.F) {
	seed(f, ".json")
	f.Add([]byte(renderers["document"](healthy)))
	f.Fuzz(func(t *testing.T, data []byte) {
		check(t, []byte("noise\r\n"+status.BeginMarker+base64.StdEncoding.EncodeToString(data)+status.EndMarker+"\r\n"))
		check(t, []byte(status.BeginMarker+string(data)+status.EndMarker))
	})
}

// FuzzBrackets reads a text in bracket form: nothing is invented.
func FuzzBrackets(f *testing.F) {
	f.Add(braces(healthy))
	f.Add("A.B:[FinalState,NormalState] C.D:[ErrorState,NormalState]…")
	f.Fuzz(func(t *testing.T, text string) {
		b := newBuilder(false)
		b.brackets(text, row{line: 1})
		for _, p := range b.finish().Pools {
			for _, m := range p.Modules {
				for _, word := range []string{m.Identity, string(m.Export), string(m.Import)} {
					if len(word) <= maxName && !strings.Contains(text, word) {
						t.Fatalf("%q is not in %q", word, text)
					}
				}
			}
		}
	})
}

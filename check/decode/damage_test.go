package decode

import (
	"encoding/base64"

	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

// newRand draws the same each time, so that a run repeats; `make fuzz` sets TEST_SEED to a fresh seed.
func newRand(t *testing.T) *rand.Rand {
	seed := uint64(1)
	if text := os.Getenv("TEST_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("TEST_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// rounds is how often something is tried: a tenth of that in make quick.
func rounds(n int) int {
	if testing.Short() {
		return (n + 9) / 10
	}
	return n
}

// isHealthy reports whether the default rules would judge a snapshot OK.
func isHealthy(snap status.Snapshot) bool {
	modules := 0
	for _, p := range snap.Pools {
		if p.Err != "" || p.BackupErr != "" || len(p.Modules) == 0 || len(p.Losses) > 0 {
			return false
		}
		for _, m := range p.Modules {
			modules++
			exports := m.Export.Is(status.FinalState) || m.Export.Is(status.SteadyState) ||
				m.Export.Is(status.NotInitialized) && m.IsCMSMaster()
			if !exports || !m.Import.Is(status.NormalState) {
				return false
			}
		}
	}
	return modules > 0 && len(snap.Losses) == 0
}

// hasUnknown reports whether a snapshot has a module that is neither documented nor one of those that went in.
func hasUnknown(snap, whole status.Snapshot) bool {
	went := map[string]bool{}
	for _, p := range whole.Pools {
		for _, m := range p.Modules {
			went[m.Identity] = true
		}
	}
	for _, p := range snap.Pools {
		for _, m := range p.Modules {
			if !went[m.Identity] && !status.IsDocumented(m.Identity) {
				return true
			}
		}
	}
	return false
}

// TestSameInEveryFormat: the same status says the same, however it was saved.
func TestSameInEveryFormat(t *testing.T) {
	for name, render := range renderers {
		for _, modules := range [][]status.Module{healthy, sick} {
			snap := Decode(render(modules))
			if len(snap.Losses) > 0 || len(snap.Pools) != 1 || !slices.Equal(snap.Pools[0].Modules, modules) {
				t.Errorf("%s: %+v", name, snap)
			}
		}
	}
}

// damage changes the lines of a text, or cuts it.
func damage(r *rand.Rand, text string) (kind, damaged string) {
	lines := strings.SplitAfter(text, "\n")
	k, other := r.IntN(len(lines)), r.IntN(len(lines))
	n := 1 + r.IntN(min(4, len(lines)-k))
	gone := slices.Delete(slices.Clone(lines), k, k+n)
	switch r.IntN(7) {
	case 0:
		return "cut behind", text[:r.IntN(len(text))]
	case 1:
		return "cut before", text[r.IntN(len(text)):]
	case 2:
		return "gone", strings.Join(gone, "")
	case 3:
		return "doubled", strings.Join(slices.Insert(slices.Clone(lines), other, lines[k:k+n]...), "")
	case 4:
		return "moved", strings.Join(slices.Insert(gone, min(other, len(gone)), lines[k:k+n]...), "")
	case 5:
		joined := slices.Clone(lines)
		joined[k] = strings.TrimRight(joined[k], "\r\n")
		return "joined", strings.Join(joined, "")
	default:
		parts := sickParts()
		return "a part of another", strings.Join(slices.Insert(slices.Clone(lines), k, parts[r.IntN(len(parts))]+"\n"), "")
	}
}

// sickParts are parts of a sick status of another pool, in each format.
func sickParts() []string {
	parts := []string{
		"ConfServices.DataConf      ErrorState     ErrorState",
		"ConfServices.DataConf      NonSteadyState NormalState",
		"PS C:\\> ConfServices.DataConf ErrorState ErrorState",
		">> ConfServices.DataConf:[ErrorState,ErrorState]",
		"WARNING: ConfServices.DataConf ErrorState NormalState",
		"ExportStatus : ErrorState",
		`"ConfServices.DataConf","ErrorState","ErrorState"`,
		"ConfServices.DataConf;ErrorState;ErrorState",
		`{"Identity":"ConfServices.DataConf","ExportStatus":"ErrorState","ImportStatus":"ErrorState"}`,
		`"ExportStatus": "ErrorState",`,
		`      <S N="ExportStatus">ErrorState</S>`,
		"        ExportStatus = ErrorState",
		"**********************\nConfServices.DataConf ErrorState ErrorState\n**********************",
		"Get-CsBackupServiceStatus : Access is denied.",
		`PS>TerminatingError(Get-CsBackupServiceStatus): "Access is denied."`,
		"CHECK_NRPE: Socket timeout after 10 seconds.",
	}
	for _, name := range slices.Sorted(mapsKeys(renderers)) {
		if name != "utf-16" {
			parts = append(parts, renderers[name](sick))
		}
	}
	return parts
}

func mapsKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// plainText is what a text says, whatever it is wrapped in.
func plainText(text string) string {
	if rest, ok := strings.CutPrefix(text, "\xFF\xFE"); ok {
		text = strings.ReplaceAll(rest, "\x00", "")
	}
	if _, rest, ok := strings.Cut(text, status.BeginMarker); ok {
		payload, _, _ := strings.Cut(rest, status.EndMarker)
		if document, err := base64.StdEncoding.DecodeString(payload); err == nil {
			text = string(document)
		}
	}
	return text
}

// TestSickNeverLooksHealthy damages a sick status in every format. Where what comes out would be OK, no word for a
// sick state is left in the text, and no name was invented.
func TestSickNeverLooksHealthy(t *testing.T) {
	r := newRand(t)
	for _, name := range slices.Sorted(mapsKeys(renderers)) {
		whole := renderers[name](sick)
		for range rounds(2000) {
			kind, text := damage(r, whole)
			// A cut name with lines of another record below it is a name of its own, so that is looked for only once.
			if once := Decode(text); isHealthy(once) && hasUnknown(once, status.Snapshot{}) {
				t.Errorf("%s, %s: healthy\n%s\n%+v", name, kind, text, once)
			}
			if r.IntN(2) == 0 {
				_, text = damage(r, text+"\n")
			}
			snap := Decode(text)
			if stands := tallyOf(plainText(text)); isHealthy(snap) && stands[0]+stands[1] > 0 { // NotInitialized may be right
				t.Errorf("%s, %s: healthy\n%s\n%+v", name, kind, text, snap)
			}
		}
	}
}

// eachStatus reads the statuses of testdata, as text, with the ones that have an encoding of their own as they are.
func eachStatus(t *testing.T, do func(path, text string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(statuses), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".ps1") || strings.HasSuffix(path, ".md") || strings.HasSuffix(path, ".tsv") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(statuses, path))
		do(path, string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPartOfAnotherAnywhere puts a part of a sick status, or an error, between any two lines of every saved status,
// in front and behind.
func TestPartOfAnotherAnywhere(t *testing.T) {
	r, parts := newRand(t), sickParts()
	eachStatus(t, func(path, text string) {
		if strings.ContainsRune(text, 0) {
			return // UTF-16 and UTF-32: lines of another encoding are another test
		}
		lines := strings.SplitAfter(text+"\n", "\n")
		for range rounds(60) {
			k := r.IntN(len(lines))
			part := parts[r.IntN(len(parts))]
			changed := strings.Join(slices.Insert(slices.Clone(lines), k, part+"\n"), "")
			if isHealthy(Decode(changed)) {
				t.Errorf("%s, in front of line %d: healthy with\n%s\nin\n%s", path, k+1, part, changed)
			}
		}
	})
}

// TestCutAnywhere cuts every saved status: it is healthy only with modules that were in it, under their names.
func TestCutAnywhere(t *testing.T) {
	r := newRand(t)
	eachStatus(t, func(path, text string) {
		whole := Decode(text)
		for range rounds(min(len(text), 150)) {
			cut := text[:r.IntN(len(text))]
			if snap := Decode(cut); isHealthy(snap) && hasUnknown(snap, whole) {
				t.Errorf("%s, cut to %d bytes: healthy\n%+v", path, len(cut), snap)
			}
		}
	})
}

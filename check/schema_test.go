package check_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"check_cs_backup/check"
	"check_cs_backup/check/report"
	"check_cs_backup/check/source"
	"check_cs_backup/thresholds"
)

const schemaFile = "../docs/result.schema.json"

// resultSchema is the schema of a JSON result. For users it allows keys that it does not know, as keys may be added.
// Here it does not, so that one which is added is added to the schema as well.
func resultSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document := readSchema(t)
	forbidOthers(document)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(schemaFile, document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func readSchema(t *testing.T) any {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(read(t, schemaFile)))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// forbidOthers forbids other keys wherever the schema of an object lists its keys.
func forbidOthers(schema any) {
	switch schema := schema.(type) {
	case []any:
		for _, part := range schema {
			forbidOthers(part)
		}
	case map[string]any:
		if schema["type"] == "object" {
			schema["additionalProperties"] = false
		}
		for _, part := range schema {
			forbidOthers(part)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// jsonResult makes a check of a file, and returns its result, which must be one line.
func jsonResult(t *testing.T, file string, change func(*check.Settings)) any {
	t.Helper()
	settings := check.Settings{
		Source: source.Files([]string{file}, nil), Phase: func(string) {},
		Now: func() time.Time { return time.Date(2026, 11, 24, 19, 0, 40, 0, time.UTC) },
		Rules: thresholds.Settings{
			Profile: thresholds.Default, CMSMaster: "auto", MaxAge: 15 * time.Minute,
			OnStale: thresholds.Critical, OnMissing: thresholds.Critical,
		},
	}
	change(&settings)
	out := report.Render(check.Run(t.Context(), settings), report.Options{
		Format: report.JSON, Prefix: true, PerfData: report.PerfModules, Version: "1", Times: settings.StateFile != "",
		MaxAge: settings.Rules.MaxAge, OnStale: settings.Rules.OnStale, Critical: settings.Rules.Critical,
	})
	result, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil || strings.Count(out, "\n") != 1 {
		t.Fatalf("%s: %v in %q", file, err, out)
	}
	return result
}

// The changes to the settings of a check.
func none(*check.Settings)       {}
func failover(s *check.Settings) { s.Rules.Profile = thresholds.Failover }

// TestResultsKeepTheSchema holds real results against the schema: of all statuses under testdata, those in the scripts
// included, under both profiles, and of runs that have none.
func TestResultsKeepTheSchema(t *testing.T) {
	schema := resultSchema(t)
	seen := make(map[string]bool)
	hold := func(file string, change func(*check.Settings)) {
		t.Helper()
		result := jsonResult(t, file, change)
		if err := schema.Validate(result); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		noteKinds(result, seen)
	}
	state := filepath.Join(t.TempDir(), "state.json")
	for _, file := range statusFiles(t) {
		hold(file, func(s *check.Settings) {
			s.StateFile, s.Rules.Critical = state, make([]thresholds.Limit, 1)
			if err := s.Rules.Critical[0].UnmarshalText([]byte("10m")); err != nil {
				t.Error(err)
			}
		})
		hold(file, func(s *check.Settings) {
			failover(s)
			s.Rules.Expect, s.Rules.Ignore = []thresholds.Pattern{"ConfServices.*"}, []thresholds.Pattern{"UserServices.*"}
		})
	}
	table := "../testdata/statuses/by-hand/5.1-table.txt"
	hold(table, func(s *check.Settings) { s.StateFile = filepath.Dir(state) })
	hold("absent.json", none)
	hold("absent.json", func(s *check.Settings) { failover(s); s.Rules.Pools = []string{"pool01"} })
	hold(table, func(s *check.Settings) { s.Rules.Pools = []string{"pool01", "pool02"} })
	hold("../testdata/statuses", func(s *check.Settings) { s.Rules.MaxAge = 1 })
	if len(seen) < 15 {
		t.Errorf("these results have no more kinds than %v", slices.Sorted(maps.Keys(seen)))
	}
}

// statusFiles are all statuses under testdata. Those in the scripts get files of their own.
func statusFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"../testdata/statuses", "../testdata/reports"} {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	scripts, err := filepath.Glob("../testdata/scripts/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts {
		archive, err := txtar.ParseFile(script)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, file := range archive.Files {
			path := filepath.Join(dir, filepath.Base(file.Name))
			if err := os.WriteFile(path, file.Data, 0o600); err != nil {
				t.Fatal(err)
			}
			files = append(files, path)
		}
	}
	if len(files) < 200 {
		t.Fatalf("only %d statuses", len(files))
	}
	return files
}

// noteKinds remembers the kinds of all findings and problems in a result.
func noteKinds(value any, seen map[string]bool) {
	switch value := value.(type) {
	case []any:
		for _, part := range value {
			noteKinds(part, seen)
		}
	case map[string]any:
		if kind, ok := value["kind"].(string); ok {
			seen[kind] = true
		}
		for _, part := range value {
			noteKinds(part, seen)
		}
	}
}

// TestSchemaRefuses: a schema that takes anything proves nothing.
func TestSchemaRefuses(t *testing.T) {
	schema := resultSchema(t)
	file := filepath.Join(t.TempDir(), "status.json")
	text := `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[
		{"poolFqdn":"a.x","backupPoolFqdn":"b.x",
			"modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"ErrorState"}]},
		{"poolFqdn":"b.x","modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]}]}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, change := range []struct{ path, value string }{
		{"schema", `"check_cs_backup/result/2"`}, {"state", `"Ok"`}, {"exitCode", `4`}, {"notes", `null`}, {"pairs", `null`},
		{"other", `1`}, {"ready", `"yes"`}, {"modules.ok", `-1`},
		{"pools.0.ageSeconds", `1.5`}, {"pools.0.collectedAt", `"today"`},
		{"pools.0.modules.0.export.word", `null`}, {"pools.0.modules.0.export.other", `1`}, {"pairs.0.ways", `[]`},
		{"pairs.0.ways.0.ready", `null`}, {"pairs.0.ways.0.from", `1`}, {"pairs.0.ways.1.ready", `true`},
		{"pairs.0.ways.1.problems.0.kind", `"odd"`}, {"pairs.0.ways.1.problems.0.state", `"OK"`},
		{"pairs.0.ways.1.problems.0.direction", `"both"`},
	} {
		result := jsonResult(t, file, failover)
		if err := schema.Validate(result); err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal([]byte(change.value), &value); err != nil {
			t.Fatal(err)
		}
		put(t, result, strings.Split(change.path, "."), value)
		if schema.Validate(result) == nil {
			t.Errorf("takes %s: %s", change.path, change.value)
		}
	}
	for key := range jsonResult(t, file, none).(map[string]any) {
		result := jsonResult(t, file, none).(map[string]any)
		delete(result, key)
		if schema.Validate(result) == nil {
			t.Errorf("takes a result without %s", key)
		}
	}
}

// put changes one value in a JSON result.
func put(t *testing.T, value any, path []string, to any) {
	t.Helper()
	for _, key := range path[:len(path)-1] {
		switch v := value.(type) {
		case map[string]any:
			value = v[key]
		case []any:
			value = v[key[0]-'0']
		}
	}
	object, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("%v leads nowhere", path)
	}
	object[path[len(path)-1]] = to
}

// TestReferenceHasTheSchema: docs/reference.md explains each key, and lists the kinds of findings as the schema does.
func TestReferenceHasTheSchema(t *testing.T) {
	_, page, _ := strings.Cut(read(t, "../docs/reference.md"), "\n## JSON\n")
	page, _, _ = strings.Cut(page, "\n## ")
	schema := readSchema(t).(map[string]any)
	definitions := schema["$defs"].(map[string]any)
	objects := []any{schema}
	for _, definition := range definitions {
		objects = append(objects, definition)
	}
	for _, object := range objects {
		properties, _ := object.(map[string]any)["properties"].(map[string]any)
		for key := range properties {
			if !regexp.MustCompile("`" + key + `(\[\])?` + "`|\\." + key + `(\[\])?` + "`").MatchString(page) {
				t.Errorf("the page does not have %s", key)
			}
		}
	}
	var kinds []string
	for _, kind := range definitions["kind"].(map[string]any)["enum"].([]any) {
		kinds = append(kinds, "`"+kind.(string)+"`")
	}
	if want := "`kind` is one of " + strings.Join(kinds, ", ") + "."; !strings.Contains(strings.Join(strings.Fields(page), " "), want) {
		t.Errorf("the page does not have: %s", want)
	}
}

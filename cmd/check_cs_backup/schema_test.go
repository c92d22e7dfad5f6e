package main

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
)

const schemaFile = "docs/result.schema.json"

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
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(readFile(t, schemaFile)))
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

// jsonResult runs the plugin with -o json and returns the result, which must be one line.
func jsonResult(t *testing.T, arguments ...string) any {
	t.Helper()
	var out strings.Builder
	run(environment{
		args: append([]string{"-o", "json"}, arguments...), getenv: func(string) string { return "" }, environ: os.Environ, stdout: &out,
		now: func() time.Time { return testNow },
	})
	result, err := jsonschema.UnmarshalJSON(strings.NewReader(out.String()))
	if err != nil || strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("%q: %v in %q", arguments, err, out.String())
	}
	return result
}

// TestResultsKeepTheSchema holds real results against the schema: of all statuses under testdata, those in the scripts
// included, under both profiles, and of runs that have none.
func TestResultsKeepTheSchema(t *testing.T) {
	schema := resultSchema(t)
	seen := make(map[string]bool)
	check := func(arguments ...string) {
		t.Helper()
		result := jsonResult(t, arguments...)
		if err := schema.Validate(result); err != nil {
			t.Errorf("%q: %v", arguments, err)
		}
		noteKinds(result, seen)
	}
	state := filepath.Join(t.TempDir(), "state.json")
	for _, file := range statusFiles(t) {
		check("-f", file, "--state-file", state, "-c", "10m")
		check("-f", file, "--profile", "failover", "--expect", "ConfServices.*", "--ignore", "UserServices.*")
	}
	check("-f", "../../testdata/statuses/by-hand/5.1-table.txt", "--state-file", filepath.Dir(state))
	check("-f", "absent.json")
	check("-f", "absent.json", "-P", "pool01", "--profile", "failover")
	check("-f", "../../testdata/statuses/by-hand/5.1-table.txt", "-P", "pool01", "-P", "pool02")
	check("-f", "../../testdata/statuses", "--perfdata", "none", "--max-age", "1")
	if len(seen) < 15 {
		t.Errorf("these results have no more kinds than %v", slices.Sorted(maps.Keys(seen)))
	}
}

// statusFiles are all statuses under testdata. Those in the scripts get files of their own.
func statusFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{"../../testdata/statuses", "../../testdata/reports"} {
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
	scripts, err := filepath.Glob("../../testdata/scripts/*.txtar")
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
	write(t, file, `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[
		{"poolFqdn":"a.x","backupPoolFqdn":"b.x",
			"modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"ErrorState"}]},
		{"poolFqdn":"b.x","modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]}]}`)
	for _, change := range []struct{ path, value string }{
		{"schema", `"check_cs_backup/result/2"`}, {"state", `"Ok"`}, {"exitCode", `4`}, {"notes", `null`}, {"pairs", `null`},
		{"other", `1`}, {"ready", `"yes"`}, {"modules.ok", `-1`},
		{"pools.0.ageSeconds", `1.5`}, {"pools.0.collectedAt", `"today"`},
		{"pools.0.modules.0.export.word", `null`}, {"pools.0.modules.0.export.other", `1`}, {"pairs.0.ways", `[]`},
		{"pairs.0.ways.0.ready", `null`}, {"pairs.0.ways.0.from", `1`}, {"pairs.0.ways.1.ready", `true`},
		{"pairs.0.ways.1.problems.0.kind", `"odd"`}, {"pairs.0.ways.1.problems.0.state", `"OK"`},
		{"pairs.0.ways.1.problems.0.direction", `"both"`},
	} {
		result := jsonResult(t, "-f", file, "--profile", "failover")
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
	for key := range jsonResult(t, "-f", file).(map[string]any) {
		result := jsonResult(t, "-f", file).(map[string]any)
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
	_, page, _ := strings.Cut(readFile(t, "docs/reference.md"), "\n## JSON\n")
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

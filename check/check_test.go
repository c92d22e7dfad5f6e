package check

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"check_cs_backup/check/source"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

var now = time.Date(2026, 11, 24, 19, 0, 40, 0, time.UTC)

// from is a source that brings these items.
func from(items ...source.Item) source.Source {
	return func(context.Context) iter.Seq[source.Item] { return slices.Values(items) }
}

func run(s source.Source) thresholds.Judgement {
	return Run(context.Background(), Settings{
		Source: s, Now: func() time.Time { return now }, Phase: func(string) {},
		Rules: thresholds.Settings{Profile: thresholds.Default, MaxAge: 15 * time.Minute, OnStale: thresholds.Critical,
			OnFailure: thresholds.Warning},
	})
}

func TestRun(t *testing.T) {
	healthy := []byte(`{"BackupModules":[{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState"}]}`)
	dated := []byte(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[{"poolFqdn":"p",` +
		`"modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]}]}`)
	tests := []struct {
		name  string
		items []source.Item
		want  thresholds.Severity
		kind  thresholds.Kind // of the first finding, wherever it stands
	}{
		{"healthy", []source.Item{{Name: "a", Data: string(healthy), Modified: now}}, thresholds.OK, ""},
		{"the file is old", []source.Item{{Name: "a", Data: string(healthy), Modified: now.Add(-time.Hour)}}, thresholds.Critical,
			thresholds.Stale},
		{"the file is old, the document is not", []source.Item{{Name: "a", Data: string(dated), Modified: now.Add(-time.Hour)}},
			thresholds.OK, ""},
		{"no date at all", []source.Item{{Name: "a", Data: string(healthy)}}, thresholds.OK, ""},
		{"a source that failed is what --on-failure says", []source.Item{{Name: "a", Err: errors.New("x")},
			{Name: "b", Data: string(healthy)}}, thresholds.Warning, thresholds.SourceFailed},
		{"but UNKNOWN where nothing else was read", []source.Item{{Name: "a", Err: errors.New("x")}}, thresholds.Unknown,
			thresholds.SourceFailed},
		{"content that is no status is UNKNOWN whatever that says", []source.Item{{Name: "a", Data: "hello"}}, thresholds.Unknown,
			thresholds.Lost},
		{"nothing", nil, thresholds.Unknown, thresholds.NoPool},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			j := run(from(tt.items...))
			var kind thresholds.Kind
			for _, f := range j.Findings {
				kind = f.Kind
			}
			for _, p := range j.Pools {
				for _, f := range p.Findings {
					kind = f.Kind
				}
			}
			if j.Severity != tt.want || kind != tt.kind {
				t.Errorf("got %s %q, want %s %q", j.Severity, kind, tt.want, tt.kind)
			}
		})
	}
}

// TestDocumentWithoutDate: before a failover the time of a file does not stand in for the date of what the collector
// wrote, since it always has one, and a copy of an old file is new.
func TestDocumentWithoutDate(t *testing.T) {
	const document = `{"schema":"check_cs_backup/1","host":"FE01","pools":[{"poolFqdn":"p",` +
		`"modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]}]}`
	const byHand = `{"BackupModules":[{"Identity":"A.B","ExportStatus":"FinalState","ImportStatus":"NormalState"}]}`
	for _, tt := range []struct {
		name    string
		data    string
		profile thresholds.Profile
		dated   bool
	}{
		{"day by day", document, thresholds.Default, true},
		{"before a failover", document, thresholds.Failover, false},
		{"saved by hand", byHand, thresholds.Failover, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := Run(context.Background(), Settings{
				Source: from(source.Item{Name: "a.json", Data: tt.data, Modified: now}), Phase: func(string) {},
				Now:   func() time.Time { return now },
				Rules: thresholds.Settings{Profile: tt.profile, MaxAge: time.Hour},
			})
			undated := func(f thresholds.Finding) bool { return f.Kind == thresholds.Undated }
			if slices.ContainsFunc(j.Pools[0].Findings, undated) == tt.dated {
				t.Errorf("%+v", j.Pools[0].Findings)
			}
		})
	}
}

// TestOriginIsTheItem: what is lost in a source is said of that source.
func TestOriginIsTheItem(t *testing.T) {
	j := run(from(source.Item{Name: "a.json", Data: "hello"}))
	if len(j.Findings) != 1 || j.Findings[0].Origin != "a.json" {
		t.Errorf("%+v", j.Findings)
	}
	var loss status.Loss
	if !errors.As(j.Findings[0].Err, &loss) || loss.Advice == "" {
		t.Errorf("no advice in %v", j.Findings[0].Err)
	}
}

// TestPartOfALiveRun: what a live run had asked for is judged, and what it had no time for is timed out, not absent.
func TestPartOfALiveRun(t *testing.T) {
	sick := []byte(`{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","pools":[{"poolFqdn":"p",` +
		`"modules":[{"identity":"A.B","exportStatus":"ErrorState","importStatus":"NormalState"}]}]}`)
	healthy := bytes.ReplaceAll(sick, []byte("ErrorState"), []byte("FinalState"))
	late := status.Loss{What: "asking for pool q", Err: context.DeadlineExceeded}
	for _, tt := range []struct {
		name string
		item source.Item
		want thresholds.Severity
		kind thresholds.Kind
	}{
		{"healthy, then late", source.Item{Name: "PowerShell", Data: string(healthy), Err: late}, thresholds.Unknown, thresholds.TimedOut},
		{"sick, then late", source.Item{Name: "PowerShell", Data: string(sick), Err: late}, thresholds.Critical, thresholds.TimedOut},
		{"healthy, then a failure", source.Item{Name: "PowerShell", Data: string(healthy), Err: errors.New("x")}, thresholds.Warning,
			thresholds.SourceFailed},
		{"late before anything came", source.Item{Name: "PowerShell", Err: late}, thresholds.Unknown, thresholds.TimedOut},
	} {
		t.Run(tt.name, func(t *testing.T) {
			j := Run(context.Background(), Settings{
				Source: from(tt.item), Now: func() time.Time { return now }, Phase: func(string) {},
				Rules: thresholds.Settings{
					Profile: thresholds.Default, Pools: []string{"p", "q"}, OnMissing: thresholds.Critical,
					OnFailure: thresholds.Warning, OnTimeout: thresholds.Unknown,
				},
			})
			pools := 0
			if tt.item.Data != "" {
				pools = 1
			}
			if j.Severity != tt.want || len(j.Findings) != 1 || j.Findings[0].Kind != tt.kind || len(j.Pools) != pools {
				t.Errorf("got %s, %+v, %d pools; want %s, %s, %d", j.Severity, j.Findings, len(j.Pools), tt.want, tt.kind, pools)
			}
		})
	}
}

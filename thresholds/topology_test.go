package thresholds

import (
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

// TestWhatTheCollectorFoundOut judges a backup pool that is not known, and several CMS masters.
func TestWhatTheCollectorFoundOut(t *testing.T) {
	noBackup := func(p status.Pool) status.Pool { p.BackupErr = "no relationship"; return p }
	masters := func(in Input) Input { in.CMSMasterErr = "several pools are active: a, b"; return in }
	for _, tt := range []struct {
		name     string
		inputs   []Input
		settings func(*Settings)
		want     Severity
		findings string
	}{
		{"no backup pool", []Input{input(noBackup(pool("pool01", users)))}, nil, Unknown, "backup-pool-unknown"},
		{"before a failover too", []Input{input(noBackup(pool("pool01", users)))}, func(s *Settings) { s.Profile = Failover }, Unknown,
			"backup-pool-unknown"},
		{"of other weight", []Input{input(noBackup(pool("pool01", users)))}, func(s *Settings) { s.OnFailure = Critical }, Critical,
			"backup-pool-unknown"},
		{"beside a sick module", []Input{input(noBackup(pool("pool01", confBad)))}, nil, Critical, "backup-pool-unknown"},
		{"beside a failed fetch", []Input{input(noBackup(status.Pool{Name: "pool01", Err: "denied"}))}, nil, Unknown,
			"fetch-failed backup-pool-unknown"},
		{"in the second file of a pool", []Input{input(pool("pool01", users)), input(noBackup(pool("POOL01", conf)))}, nil, Unknown,
			"backup-pool-unknown"},
		{"in a part without modules", []Input{input(pool("pool01", users)), input(noBackup(pool("pool01")))},
			func(s *Settings) { s.OnFailure = OK }, Unknown, "backup-pool-unknown no-module"},
		{"of a pool that is not asked for", []Input{input(noBackup(pool("pool01", users)), pool("pool02", users))},
			func(s *Settings) { s.Pools = []string{"pool02"} }, OK, ""},
		{"two masters", []Input{masters(input(pool("pool01", users)))}, nil, Warning, "two-cms-masters"},
		{"two masters before a failover", []Input{masters(input(pool("pool01", users)))}, func(s *Settings) { s.Profile = Failover },
			Critical, "two-cms-masters no-partner"},
		{"two masters make no pool incomplete", []Input{masters(input(pool("pool01", users)))},
			func(s *Settings) { s.Pools = []string{"pool02"} }, Critical, "pool-missing two-cms-masters"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := defaults()
			if tt.settings != nil {
				tt.settings(&s)
			}
			j := Judge(tt.inputs, s, now)
			if got := strings.Join(kinds(j), " "); j.Severity != tt.want || got != tt.findings {
				t.Errorf("got %s %q, want %s %q", j.Severity, got, tt.want, tt.findings)
			}
		})
	}
	p := pool("pool01")
	p.Err, p.ErrID = "Zugriff verweigert", "System.UnauthorizedAccessException 0x80070005"
	if f := Judge([]Input{input(p)}, defaults(), now).Pools[0].Findings[0]; f.ErrID != p.ErrID || f.Err.Error() != p.Err {
		t.Errorf("%+v", f)
	}
}

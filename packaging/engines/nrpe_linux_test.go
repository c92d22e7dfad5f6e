package engines

import (
	"encoding/base64"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// startNRPE runs the daemon with Debian's own configuration and contrib's commands.
func startNRPE(t *testing.T) {
	t.Helper()
	copyTo(t, "nrpe/cs_backup.cfg", "/etc/nagios/nrpe.d/check_cs_backup.cfg")
	check(t, os.MkdirAll("/run/nagios", 0o777))
	check(t, os.Chmod("/run/nagios", 0o777))
	start(t, "/usr/sbin/nrpe", "-c", "/etc/nagios/nrpe.cfg", "-f")
	await(t, "NRPE to listen", func() (bool, bool) {
		connection, err := net.DialTimeout("tcp", "127.0.0.1:5666", time.Second)
		if err != nil {
			return false, false
		}
		return true, connection.Close() == nil
	})
}

// TestNRPE: check_nrpe hands on the plugin's output byte for byte, and with packets of version 2 its first 1,023.
func TestNRPE(t *testing.T) {
	if !inside(t, "/usr/sbin/nrpe", plugins+"/check_nrpe") {
		return
	}
	furnish(t, "/etc/nagios/nrpe.d")
	startNRPE(t)
	ask := func(args ...string) (string, int) {
		out, state := output(t, plugins+"/check_nrpe", append([]string{"-H", "127.0.0.1", "-t", "30"}, args...)...)
		return steady(out), state
	}
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			emptied(t, spool)
			s.save(t, filepath.Join(spool, "status.json"))
			want, state := output(t, plugin, "-f", spool)
			want = steady(want)
			if state != s.state {
				t.Errorf("state %d, want %d: %s", state, s.state, want)
			}
			if got, code := ask("-c", "cs_backup"); code != state || got != want {
				t.Errorf("state %d, want %d:\n%s\nwant:\n%s", code, state, got, want)
			}
			if s.pools == "" {
				return // enough was waited for
			}
			got, code := ask("-2", "-c", "cs_backup")
			got = strings.TrimSuffix(got, "\n") // check_nrpe's own
			if code != state || !strings.HasPrefix(want, got) {
				t.Errorf("version 2: state %d, want %d:\n%s\nwant the beginning of:\n%s", code, state, got, want)
			}
			// A character or two are cut where age or time have more digits than 0.
			if least := min(len(want)-1, 1000); len(got) < least || len(got) > 1023 {
				t.Errorf("version 2: %d of %d bytes", len(got), len(want))
			}
			line, _ := ask("-c", "cs_backup_collect")
			document, ended := strings.CutSuffix(line, "-----END CHECK_CS_BACKUP-----\n")
			document, begun := strings.CutPrefix(document, "-----BEGIN CHECK_CS_BACKUP-----")
			saved, err := base64.StdEncoding.DecodeString(document)
			if !begun || !ended || err != nil || !strings.Contains(string(saved), s.pools) {
				t.Errorf("cs_backup_collect (%v): %s", err, line)
			}
		})
	}
}

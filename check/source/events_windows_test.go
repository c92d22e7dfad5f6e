package source

import (
	"os"
	"regexp"
	"testing"
)

// Windows has a log service, with or without that log: what is there can be asked, or a note says why not. Seen under
// Wine.
func TestEventsOfARealWindows(t *testing.T) {
	withModule(t)
	for _, active := range []string{os.Getenv("COMPUTERNAME"), "no-such-machine.invalid"} {
		t.Setenv("FAKE_CS_ACTIVE", active)
		d := askWell(t, PowerShell(pwsh(t), Query{Pools: []string{"sick.x"}}))
		note := regexp.MustCompile(`^the events of pool sick\.x could not be read: ` + regexp.QuoteMeta(active) +
			`( did not answer within \d+ seconds|: .+)$`)
		if len(d.Pools[0].Modules) != 3 || len(d.Pools[0].Events) != 0 || len(d.Notes) != 1 || !note.MatchString(d.Notes[0]) {
			t.Errorf("%q: %+v", active, d)
		}
		t.Logf("%q", d.Notes)
	}
}

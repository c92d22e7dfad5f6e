package report

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestJSON shows the whole result of one broken module; docs/reference.md, JSON, documents the keys.
func TestJSON(t *testing.T) {
	o := options()
	o.Format = JSON
	in := input(pool("pool01.contoso.com", broken, idle))
	in.Pools[0].Backup, in.Host, in.PSModule = "pool02.contoso.com", "FE01", "Lync"
	s := settings()
	s.CMSMaster = "pool02.contoso.com"
	want := `{"schema":"check_cs_backup/result/1","version":"1.2.3","state":"CRITICAL","exitCode":2,` +
		`"summary":"pool01.contoso.com: ConfServices.DataConf export ErrorState (1 more module healthy)",` +
		`"modules":{"critical":1,"ok":1,"unknown":0,"warning":0},` +
		`"pools":[{"pool":"pool01.contoso.com","state":"CRITICAL","origins":["status.json"],"backupPool":"pool02.contoso.com",` +
		`"collectedAt":"2026-11-24T19:00:00Z","collectedOn":"FE01","psModule":"Lync","ageSeconds":40,"findings":[],"modules":[` +
		`{"identity":"ConfServices.DataConf","state":"CRITICAL","export":{"word":"ErrorState","state":"CRITICAL",` +
		`"advice":"see to the partner's file store (event 4042): network, permissions, SMB 445 from each front end; NAS ` +
		`devices are not supported"},` +
		`"import":{"word":"NormalState","state":"OK"}},` +
		`{"identity":"CentralMgmt.CMSMaster","state":"OK","export":{"word":"NotInitialized","state":"OK","reason":"pool02.contoso.com ` +
		`is the CMS master by --cms-master"},` +
		`"import":{"word":"NormalState","state":"OK"}}],"events":[]}],"pairs":[],"findings":[],` +
		`"notes":["the backup pool pool02.contoso.com was not seen, so what it imports is not known (--pair, -Pair, or its ` +
		`file)"],"performanceData":"'modules_ok'=1;;;0; 'modules_warning'=0;;;0; 'modules_critical'=1;;;0; ` +
		`'modules_unknown'=0;;;0; 'age'=40s;;900;; 'time'=0.004s;;;0; ` +
		`'dataconf_export'=2;0;1;0;3 'dataconf_import'=0;0;1;0;3 'cmsmaster_export'=0;0;1;0;3 'cmsmaster_import'=0;0;1;0;3"}` + "\n"
	if got := render(o, s, in); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// checkJSON: one line, valid, and no text in it that a terminal would obey.
func checkJSON(t *testing.T, out string) {
	t.Helper()
	if !utf8.ValidString(out) || strings.Count(out, "\n") != 1 {
		t.Errorf("not one line of UTF-8: %q", out)
	}
	var result any
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			if strings.ContainsFunc(v, unicode.IsControl) {
				t.Errorf("control character in %q", v)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(result)
}

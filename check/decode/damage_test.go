package decode

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

// healthy is the status that is damaged. Every module has states of its own, so that a mixture of two shows.
var healthy = []status.Module{
	{Identity: "UserServices.PresenceFocus", Export: "FinalState", Import: "NormalState"},
	{Identity: "ConfServices.DataConf", Export: "SteadyState", Import: "NormalState"},
	{Identity: "CentralMgmt.CMSMaster", Export: "NotInitialized", Import: "NormalState"},
	{Identity: "ApplicationServer.RGSDataStore", Export: "SteadyState", Import: "NormalState"},
}

// renderers write modules in each format as PowerShell does.
var renderers = map[string]func([]status.Module) string{
	"document": func(ms []status.Module) string {
		return `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01","pools":[{"poolFqdn":"pool01.contoso.com","modules":[` +
			join(ms, ",", func(m status.Module) string {
				return fmt.Sprintf(`{"identity":"%s","exportStatus":"%s","importStatus":"%s"}`, m.Identity, m.Export, m.Import)
			}) + `],"error":null}]}`
	},
	"json": func(ms []status.Module) string {
		return "[\n" + join(ms, ",\n", func(m status.Module) string {
			return fmt.Sprintf("  {\n    \"Identity\": \"%s\",\n    \"ExportStatus\": \"%s\",\n    \"ImportStatus\": \"%s\"\n  }", m.Identity, m.Export, m.Import)
		}) + "\n]\n"
	},
	"json object": func(ms []status.Module) string {
		return `{"BackupModules":{"value":[` + join(ms, ",", func(m status.Module) string {
			return fmt.Sprintf(`{"Identity":"%s","ExportStatus":"%s","ImportStatus":"%s"}`, m.Identity, m.Export, m.Import)
		}) + fmt.Sprintf(`],"Count":%d}}`, len(ms))
	},
	"clixml": func(ms []status.Module) string {
		return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">` + "\n" + join(ms, "\n", func(m status.Module) string {
			return fmt.Sprintf("  <Obj RefId=\"1\">\n    <Props>\n      <S N=\"Identity\">%s</S>\n      <S N=\"ExportStatus\">%s</S>\n      <Obj N=\"ImportStatus\" RefId=\"2\"><ToString>%s</ToString><I32>0</I32></Obj>\n    </Props>\n  </Obj>", m.Identity, m.Export, m.Import)
		}) + "\n</Objs>"
	},
	"csv": func(ms []status.Module) string {
		return "\"Identity\",\"ExportStatus\",\"ImportStatus\"\r\n" + join(ms, "\r\n", func(m status.Module) string {
			return fmt.Sprintf(`"%s","%s","%s"`, m.Identity, m.Export, m.Import)
		}) + "\r\n"
	},
	"csv unquoted": func(ms []status.Module) string {
		return "#TYPE Made.Up.TextModule\nIdentity;ExportStatus;ImportStatus\n" + join(ms, "\n", func(m status.Module) string {
			return fmt.Sprintf(`%s;%s;%s`, m.Identity, m.Export, m.Import)
		}) + "\n"
	},
	"table": func(ms []status.Module) string {
		const row = "%-30s %-14s %s\n"
		text := "\n" + fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(row, "--------", "------------", "------------")
		for _, m := range ms {
			text += fmt.Sprintf(row, m.Identity, m.Export, m.Import)
		}
		return text + "\n"
	},
	"table right": func(ms []status.Module) string {
		const row = "%-30s %14s %12s\n"
		text := "\n" + fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(row, "--------", "------------", "------------")
		for _, m := range ms {
			text += fmt.Sprintf(row, m.Identity, m.Export, m.Import)
		}
		return text + "\n"
	},
	"table collapsed": func(ms []status.Module) string {
		return "Identity ExportStatus ImportStatus\n-------- ------------ ------------\n" + join(ms, "\n", func(m status.Module) string {
			return fmt.Sprintf("%s %s %s", m.Identity, m.Export, m.Import)
		}) + "\n"
	},
	"list": func(ms []status.Module) string {
		return "\n" + join(ms, "\n", func(m status.Module) string {
			return fmt.Sprintf("Identity     : %s\nExportStatus : %s\nImportStatus : %s\n", m.Identity, m.Export, m.Import)
		}) + "\n"
	},
	"list double-spaced": func(ms []status.Module) string {
		return "\n" + join(ms, "\n", func(m status.Module) string {
			return fmt.Sprintf("Identity     : %s\n\nExportStatus : %s\n\nImportStatus : %s\n", m.Identity, m.Export, m.Import)
		}) + "\n"
	},
	"list of one": func(ms []status.Module) string {
		return "\nActiveMachineFqdn : fe01.contoso.com\nBackupModules     : " + braces(ms) + "\n\n"
	},
	"custom": func(ms []status.Module) string {
		return "class Status\n{\n  BackupModules = \n    [\n" + join(ms, "", func(m status.Module) string {
			return fmt.Sprintf("      class TextModule\n      {\n        Identity = %s\n        ExportStatus = %s\n        ImportStatus = %s\n      }\n", m.Identity, m.Export, m.Import)
		}) + "    ]\n    \n}\n\n"
	},
	"brackets": braces,
	"string": func(ms []status.Module) string {
		return join(ms, " ", func(m status.Module) string { return fmt.Sprintf("%s:[%s,%s]", m.Identity, m.Export, m.Import) })
	},
	"transcript": func(ms []status.Module) string {
		const row = "%-30s %-14s %s\n"
		text := "**********************\nPowerShell transcript start\nStart time: 20261125020610\n**********************\nPS C:\\> $status.BackupModules\n\n" +
			fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(row, "--------", "------------", "------------")
		for _, m := range ms {
			text += fmt.Sprintf(row, m.Identity, m.Export, m.Import)
		}
		return text + "\n**********************\nPowerShell transcript end\nEnd time: 20261125020610\n**********************\n"
	},
}

func init() {
	document := renderers["document"]
	renderers["marked"] = func(ms []status.Module) string {
		return "Loading…\n" + status.BeginMarker + base64.StdEncoding.EncodeToString([]byte(document(ms))) + status.EndMarker + "\n"
	}
	list := renderers["list"]
	renderers["utf-16"] = func(ms []status.Module) string {
		var b strings.Builder
		b.WriteString("\xFF\xFE")
		for _, c := range []byte(list(ms)) {
			b.WriteByte(c)
			b.WriteByte(0)
		}
		return b.String()
	}
}

func braces(ms []status.Module) string {
	return "{" + join(ms, ", ", func(m status.Module) string { return fmt.Sprintf("%s:[%s,%s]", m.Identity, m.Export, m.Import) }) + "}"
}

func join(ms []status.Module, separator string, one func(status.Module) string) string {
	parts := make([]string, len(ms))
	for i, m := range ms {
		parts[i] = one(m)
	}
	return strings.Join(parts, separator)
}

// shortHead is a property with a name so short that it may be one of its own, the third thing that no decoder can see.
var shortHead = regexp.MustCompile(`(?i)"?\b(?:[EI][a-z]{0,3}|[a-z]{1,3})\b"?\s*[:=]\s*"?[\w.]+"?,?`)

// bare is a text without what makes no difference: blanks, the encoding, base64, a property that means nothing.
func bare(text string) string {
	if rest, ok := strings.CutPrefix(text, "\xFF\xFE"); ok {
		text = strings.ReplaceAll(rest, "\x00", "")
	}
	if _, rest, ok := strings.Cut(text, status.BeginMarker); ok {
		payload, _, _ := strings.Cut(rest, status.EndMarker)
		if document, err := base64.StdEncoding.DecodeString(payload); err == nil {
			text = string(document)
		}
	}
	return strings.Join(strings.Fields(shortHead.ReplaceAllString(text, "")), "")
}

// damage changes a text in one place or two.
func damage(r *rand.Rand, text string) (kind, damaged string) {
	n := len(text)
	i, j := r.IntN(n), r.IntN(n)
	if i > j {
		i, j = j, i
	}
	switch r.IntN(7) {
	case 0:
		return "cut behind", text[:i]
	case 1:
		return "cut before", text[i:]
	case 2:
		return "delete", text[:i] + text[j:]
	case 3: // a short span
		j = min(n, i+1+r.IntN(12))
		return "delete short", text[:i] + text[j:]
	case 4:
		b := []byte(text)
		b[i] ^= 1 << r.IntN(8)
		return "flip", string(b)
	case 5:
		k := min(1+r.IntN(40), j-i, n-j)
		return "swap", text[:i] + text[j:j+k] + text[i+k:j] + text[i:i+k] + text[j+k:]
	default:
		lines := strings.SplitAfter(text, "\n")
		k := r.IntN(len(lines))
		return "duplicate", strings.Join(lines[:k+1], "") + strings.Join(lines[k:], "")
	}
}

// TestDamageNeverLooksWhole damages a healthy status in every format. Whenever what comes out would be judged, no
// error, no loss, nothing but documented states, each module has the states that went in for it; what is missing is
// missing as a whole.
//
// Two things no decoder can see. A whole record that is gone, or a letter of a name that is another: the check asks
// for them with --expect. And a change from one perfect text to another, such as a span cut out from the middle of
// one record to the same place of the next: such a text is what the renderer makes of the modules that were read,
// byte for byte but for blanks, and it is let through.
func TestDamageNeverLooksWhole(t *testing.T) {
	want := map[string]status.Module{}
	for _, m := range healthy {
		want[m.Identity] = m
	}
	for name, render := range renderers {
		t.Run(name, func(t *testing.T) {
			whole := render(healthy)
			snap, err := Decode([]byte(whole))
			if err != nil || len(snap.Losses) > 0 || len(snap.Pools) != 1 || len(snap.Pools[0].Modules) != len(healthy) {
				t.Fatalf("undamaged: %+v %v", snap, err)
			}
			r := rand.New(rand.NewPCG(1, 3))
			judged, spliced := 0, 0
			for range 4000 {
				kind, text := damage(r, whole)
				snap, err := Decode([]byte(text))
				if err != nil || len(snap.Losses) > 0 {
					continue
				}
				bad, all := "", []status.Module{}
				for _, p := range snap.Pools {
					all = append(all, p.Modules...)
				}
				clean := len(all) > 0
				for _, m := range all {
					if !isState(m.Export) || m.Export.Is(status.NormalState) || !m.Import.Is(status.NormalState) && !m.Import.Is(status.ErrorState) {
						clean = false
					}
					w, ok := want[m.Identity]
					if ok && (!m.Export.Is(w.Export) || !m.Import.Is(w.Import)) {
						bad = fmt.Sprintf("%+v", m)
					}
				}
				if !clean {
					continue
				}
				judged++
				if bad == "" {
					continue
				}
				if bare(render(all)) == bare(text) {
					spliced++
					continue
				}
				t.Errorf("%s: %s\n%s\n%+v", kind, bad, text, snap)
			}
			t.Logf("%d judged, %d perfect splices", judged, spliced)
		})
	}
}

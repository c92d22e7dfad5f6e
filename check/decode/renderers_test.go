package decode

import (
	"encoding/base64"
	"fmt"
	"strings"

	"check_cs_backup/check/status"
)

// healthy is a status that is in order, sick one that is not.
var healthy = []status.Module{
	{Identity: "UserServices.PresenceFocus", Export: "FinalState", Import: "NormalState"},
	{Identity: "ConfServices.DataConf", Export: "SteadyState", Import: "NormalState"},
	{Identity: "CentralMgmt.CMSMaster", Export: "NotInitialized", Import: "NormalState"},
	{Identity: "ApplicationServer.RGSDataStore", Export: "SteadyState", Import: "NormalState"},
}

var sick = []status.Module{
	{Identity: "UserServices.PresenceFocus", Export: "FinalState", Import: "NormalState"},
	{Identity: "ConfServices.DataConf", Export: "ErrorState", Import: "NormalState"},
	{Identity: "CentralMgmt.CMSMaster", Export: "NotInitialized", Import: "ErrorState"},
	{Identity: "ApplicationServer.RGSDataStore", Export: "NonSteadyState", Import: "NormalState"},
}

// renderers write modules in each format as PowerShell does.
var renderers = map[string]func([]status.Module) string{
	"document": func(ms []status.Module) string {
		return `{"schema":"check_cs_backup/1","collectedAt":"2026-11-24T19:00:00Z","host":"FE01",` +
			`"pools":[{"poolFqdn":"pool01.contoso.com","modules":[` +
			join(
				ms,
				",",
				func(m status.Module) string {
					return fmt.Sprintf(`{"identity":"%s","exportStatus":"%s","importStatus":"%s"}`, m.Identity, m.Export, m.Import)
				},
			) + `],"error":null}]}`
	},
	"json": func(ms []status.Module) string {
		return "[\n" + join(ms, ",\n", func(m status.Module) string {
			return fmt.Sprintf("  {\n    \"Identity\": \"%s\",\n    \"ExportStatus\": \"%s\",\n    \"ImportStatus\": \"%s\"\n  }",
				m.Identity, m.Export, m.Import)
		}) + "\n]\n"
	},
	"json object": func(ms []status.Module) string {
		return `{"BackupModules":{"value":[` + join(ms, ",", func(m status.Module) string {
			return fmt.Sprintf(`{"Identity":"%s","ExportStatus":"%s","ImportStatus":"%s"}`, m.Identity, m.Export, m.Import)
		}) + fmt.Sprintf(`],"Count":%d}}`, len(ms))
	},
	"clixml": func(ms []status.Module) string {
		return `<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">` + "\n" + join(
			ms,
			"\n",
			func(m status.Module) string {
				return fmt.Sprintf(
					"  <Obj RefId=\"1\">\n    <Props>\n      <S N=\"Identity\">%s</S>\n      <S N=\"ExportStatus\">%s</S>\n      "+
						"<Obj N=\"ImportStatus\" RefId=\"2\"><ToString>%s</ToString><I32>0</I32></Obj>\n    </Props>\n  </Obj>",
					m.Identity,
					m.Export,
					m.Import,
				)
			},
		) + "\n</Objs>"
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
		text := "\n" + fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(
			row,
			"--------",
			"------------",
			"------------",
		)
		for _, m := range ms {
			text += fmt.Sprintf(row, m.Identity, m.Export, m.Import)
		}
		return text + "\n"
	},
	"table right": func(ms []status.Module) string {
		const row = "%-30s %14s %12s\n"
		text := "\n" + fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(
			row,
			"--------",
			"------------",
			"------------",
		)
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
	"list of one": func(ms []status.Module) string {
		return "\nActiveMachineFqdn : fe01.contoso.com\nBackupModules     : " + braces(ms) + "\n\n"
	},
	"brackets": braces,
	"string": func(ms []status.Module) string {
		return join(ms, " ", func(m status.Module) string { return fmt.Sprintf("%s:[%s,%s]", m.Identity, m.Export, m.Import) })
	},
	"transcript": func(ms []status.Module) string {
		const row = "%-30s %-14s %s\n"
		text := "**********************\nPowerShell transcript start\nStart time: 20261125020610\n**********************\nPS " +
			"C:\\> $status.BackupModules\n\n" +
			fmt.Sprintf(row, "Identity", "ExportStatus", "ImportStatus") + fmt.Sprintf(
			row,
			"--------",
			"------------",
			"------------",
		)
		for _, m := range ms {
			text += fmt.Sprintf(row, m.Identity, m.Export, m.Import)
		}
		return text + "\n**********************\nPowerShell transcript end\nEnd time: 20261125020610\n**********************\n"
	},
}

func init() {
	document := renderers["document"]
	renderers["marked"] = func(ms []status.Module) string {
		return status.BeginMarker + base64.StdEncoding.EncodeToString([]byte(document(ms))) + status.EndMarker + "\n"
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

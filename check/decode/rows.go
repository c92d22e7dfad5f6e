// A row of a table, however it was divided into cells: CSV, Format-Table, and the records of Format-List end here.

package decode

import (
	"strings"

	"check_cs_backup/check/status"
)

// A tableLosses turns rows into modules and says once for a table what it does not have.
type tableLosses struct {
	b   *builder
	has fields
}

// header looks at the names of the columns; more are fields that every row has besides. What a table lacks is said
// once, not for every row.
func (t *tableLosses) header(line int, names []string, more fields) {
	t.has = 0
	for _, name := range names {
		f := columnOf(strings.TrimSpace(name))
		if f == fieldNone {
			if status.IsCut(strings.TrimSpace(name)) {
				t.b.lose("cut column", status.Loss{Line: line, What: "the name of a column is cut: " + quote(name), Advice: adviceWidth})
			}
			continue
		}
		if t.has.has(f) {
			t.b.lose("twice "+f.String(), status.Loss{Line: line, What: "the table has two columns " + f.String(), Advice: adviceSave})
		}
		t.has.add(f)
	}
	t.has |= more
	if t.has.has(fieldBackupModules) {
		return
	}
	for _, f := range [...]field{fieldIdentity, fieldExport, fieldImport} {
		if !t.has.has(f) {
			t.b.lose("no column "+f.String(), status.Loss{Line: line, What: "the table has no column " + f.String(), Advice: adviceWidth})
		}
	}
}

// row takes the cells of a row.
func (t *tableLosses) row(line int, cell func(field) string) {
	if t.has.has(fieldBackupModules) {
		name := cell(fieldPool)
		if !t.has.has(fieldPool) {
			name = cell(fieldIdentity)
		}
		p := t.b.pool(name, line)
		t.b.activeMachine(p, cell(fieldActiveMachine), line)
		text := cell(fieldBackupModules)
		if strings.TrimSpace(text) == "" {
			t.b.lose("no modules", status.Loss{Line: line, What: "the property BackupModules is empty", Advice: adviceSave})
		}
		t.b.brackets(text, line, func(m status.Module) { p.Modules = append(p.Modules, m) })
		if cell(fieldExport) != "" || cell(fieldImport) != "" {
			t.b.lose("both", status.Loss{Line: line, What: "a row has both modules and a state of its own", Advice: adviceSave})
		}
		return
	}
	name := cell(fieldPool)
	t.b.add(name, reading{
		line: line, identity: cell(fieldIdentity), export: cell(fieldExport), imprt: cell(fieldImport),
		lacksExport: !t.has.has(fieldExport), lacksImport: !t.has.has(fieldImport),
	})
	if machine := cell(fieldActiveMachine); machine != "" {
		t.b.activeMachine(t.b.pool(name, line), machine, line)
	}
}

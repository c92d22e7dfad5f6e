// The names of properties and columns. PowerShell's names know no case.

package decode

import "strings"

// A field is a name that means something here.
type field uint8

const (
	fieldNone field = iota
	// Those of a row.
	fieldIdentity
	fieldExport
	fieldImport
	fieldPool
	fieldComputer
	fieldActiveMachine
	fieldOverallExport
	fieldOverallImport
	fieldBackupModules
	fieldError
	// The collector's document.
	fieldSchema
	fieldCollectedAt
	fieldHost
	fieldModule
	fieldCMSMaster
	fieldCMSMasterError
	fieldPools
	fieldBackupPool
	fieldBackupPoolError
	fieldModules
	fieldErrorID
	fieldNotes
	fieldEvents
	fieldCollector
	fieldCategories
	fieldTimedOut
	fieldUnread
	fieldMissing
	fieldText
	// What ConvertTo-Json of Windows PowerShell wraps around collections and strings.
	fieldValue
	fieldCount
	fieldEnd
)

var fieldNames = [fieldEnd]string{
	fieldIdentity: "Identity", fieldExport: "ExportStatus", fieldImport: "ImportStatus", fieldPool: "PoolFqdn",
	fieldComputer: "PSComputerName", fieldActiveMachine: "ActiveMachineFqdn",
	fieldOverallExport: "OverallExportStatus", fieldOverallImport: "OverallImportStatus",
	fieldBackupModules: "BackupModules", fieldSchema: "schema",
	fieldCollectedAt: "collectedAt", fieldHost: "host", fieldModule: "module", fieldCMSMaster: "cmsMaster",
	fieldCMSMasterError: "cmsMasterError", fieldPools: "pools", fieldBackupPool: "backupPoolFqdn",
	fieldBackupPoolError: "backupPoolError", fieldModules: "modules", fieldError: "error", fieldErrorID: "errorId",
	fieldNotes: "notes", fieldEvents: "events", fieldCollector: "collector", fieldCategories: "categories",
	fieldTimedOut: "timedOut", fieldUnread: "unread", fieldMissing: "missing", fieldText: "text", fieldValue: "value",
	fieldCount: "Count",
}

// String returns the name as it is written.
func (f field) String() string { return fieldNames[f] }

// fieldOf finds a name. A property or a column Pool is the pool too.
func fieldOf(name string) field {
	if len(name) >= len(fieldsOfLength) {
		return fieldNone
	}
	for _, f := range fieldsOfLength[len(name)] {
		if strings.EqualFold(fieldNames[f], name) {
			return f
		}
	}
	if strings.EqualFold(name, "Pool") {
		return fieldPool
	}
	return fieldNone
}

// fieldsOfLength are the fields by the length of their names, which tells most of them apart.
var fieldsOfLength = func() (list [][]field) {
	for f := fieldIdentity; f < fieldEnd; f++ {
		length := len(fieldNames[f])
		list = append(list, make([][]field, max(0, length+1-len(list)))...)
		list[length] = append(list[length], f)
	}
	return list
}()

// columnOf finds a name that a column or a line of a list may have. Whatever is called an error is one.
func columnOf(name string) field {
	if f := fieldOf(name); f <= fieldError && f != fieldNone {
		return f
	}
	if isErrorName(name) {
		return fieldError
	}
	return fieldNone
}

// isNumbered reports whether a name is that of a column with a number behind it: a second status stands beside the
// first.
func isNumbered(name string) bool {
	bare := strings.TrimRight(name, "0123456789")
	f := fieldOf(strings.TrimSuffix(bare, "_"))
	return len(bare) < len(name) && f != fieldNone && f <= fieldBackupModules
}

// isErrorName reports whether a property or a column is called an error.
func isErrorName(name string) bool {
	name = strings.ToLower(name)
	if len(name) > 64 || strings.HasSuffix(name, "state") { // ErrorState is none
		return false
	}
	return strings.Contains(name, "error") || strings.Contains(name, "exception") || strings.Contains(name, "failure")
}

// isFailure reports whether the value of such a property says that there was one.
func isFailure(value string) bool {
	switch strings.ToLower(strings.TrimSpace(value)) {
	case "", "0", "false", "null", "{}", "[]", "none":
		return false
	}
	return true
}

// fields is a set of fields.
type fields uint64

func (s fields) has(f field) bool { return s&(1<<f) != 0 }
func (s *fields) add(f field)     { *s |= 1 << f }

// beside are the fields that tell of a pool and of no module.
const beside fields = 1<<fieldNone | 1<<fieldPool | 1<<fieldComputer | 1<<fieldActiveMachine |
	1<<fieldOverallExport | 1<<fieldOverallImport

// states are the fields that hold a state.
const states fields = 1<<fieldExport | 1<<fieldImport | 1<<fieldOverallExport | 1<<fieldOverallImport

// areModules reports whether columns or properties of these names tell of modules.
func (s fields) areModules() bool {
	return s.has(fieldBackupModules) || s.has(fieldExport) && (s.has(fieldIdentity) || s.has(fieldImport)) ||
		s.has(fieldIdentity) && s.has(fieldImport)
}

// isHeader reports whether a line is the names of the columns of modules, and nothing else.
func isHeader(line string) bool {
	const longest = 4096 // bytes
	return len(line) <= longest && namesOf(strings.Fields(line)).areModules()
}

// namesOf returns the fields that words name, none where one of the words is no name at all.
func namesOf(words []string) (named fields) {
	for _, word := range words {
		if strings.ContainsAny(word, ",:;=|(){}[]<>\"'`$") {
			return 0
		}
		if f := columnOf(word); f != fieldNone {
			named.add(f)
		}
	}
	return named
}

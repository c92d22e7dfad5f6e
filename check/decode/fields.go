// The names of properties and columns. PowerShell's names know no case.

package decode

import "strings"

// A field is a name that means something here.
type field uint8

const (
	fieldNone field = iota
	fieldIdentity
	fieldExport
	fieldImport
	fieldPool
	fieldActiveMachine
	fieldBackupModules
	// The collector's document.
	fieldSchema
	fieldCollectedAt
	fieldHost
	fieldModule
	fieldCMSMaster
	fieldPools
	fieldBackupPool
	fieldModules
	fieldError
	// What ConvertTo-Json of Windows PowerShell wraps around collections and strings.
	fieldValue
	fieldCount
	fieldEnd
)

var fieldNames = [fieldEnd]string{
	fieldIdentity: "Identity", fieldExport: "ExportStatus", fieldImport: "ImportStatus", fieldPool: "PoolFqdn",
	fieldActiveMachine: "ActiveMachineFqdn", fieldBackupModules: "BackupModules", fieldSchema: "schema",
	fieldCollectedAt: "collectedAt", fieldHost: "host", fieldModule: "module", fieldCMSMaster: "cmsMaster",
	fieldPools: "pools", fieldBackupPool: "backupPoolFqdn", fieldModules: "modules", fieldError: "error",
	fieldValue: "value", fieldCount: "Count",
}

// String returns the name as it is written.
func (f field) String() string { return fieldNames[f] }

// fieldOf finds a name.
func fieldOf(name string) field {
	for f := fieldIdentity; f < fieldEnd; f++ {
		if len(fieldNames[f]) == len(name) && strings.EqualFold(fieldNames[f], name) {
			return f
		}
	}
	return fieldNone
}

// columnOf finds a name that a column or a line of a list may have.
func columnOf(name string) field {
	if f := fieldOf(name); f <= fieldBackupModules {
		return f
	}
	return fieldNone
}

// fields is a set of fields.
type fields uint32

func (s fields) has(f field) bool { return s&(1<<f) != 0 }
func (s *fields) add(f field)     { *s |= 1 << f }

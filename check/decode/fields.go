// The names of properties and columns. PowerShell's names know no case.

package decode

import (
	"strings"

	"check_cs_backup/check/status"
)

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
	fieldCMSMasterError
	fieldPools
	fieldBackupPool
	fieldBackupPoolError
	fieldErrorID
	fieldModules
	fieldError
	fieldNotes
	// What ConvertTo-Json of Windows PowerShell wraps around collections and strings.
	fieldValue
	fieldCount
	fieldEnd
)

var fieldNames = [fieldEnd]string{
	fieldIdentity: "Identity", fieldExport: "ExportStatus", fieldImport: "ImportStatus", fieldPool: "PoolFqdn",
	fieldActiveMachine: "ActiveMachineFqdn", fieldBackupModules: "BackupModules", fieldSchema: "schema",
	fieldCollectedAt: "collectedAt", fieldHost: "host", fieldModule: "module", fieldCMSMaster: "cmsMaster",
	fieldPools: "pools", fieldBackupPool: "backupPoolFqdn", fieldModules: "modules", fieldError: "error", fieldNotes: "notes",
	fieldCMSMasterError: "cmsMasterError", fieldBackupPoolError: "backupPoolError", fieldErrorID: "errorId",
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

// isSplice reports whether a name is the head of a property of a module, or a head with another name or its tail
// behind it, or a tail: what a gap from one object to the next leaves, such as "ExportStntity". No property is called
// like that. A head of fewer than five letters ("Id") may be a name of its own, and so may "Status".
func isSplice(name string) bool {
	for a := fieldIdentity; a <= fieldImport; a++ {
		n := 0
		for n < min(len(name), len(fieldNames[a])) && fieldNames[a][n]|0x20 == name[n]|0x20 {
			n++
		}
		if n == len(name) && n >= 5 {
			return true
		}
		whole := fieldNames[a]
		if len(name) >= 4 && len(name) < len(whole) && strings.EqualFold(whole[len(whole)-len(name):], name) && !strings.EqualFold(name, "Status") {
			return true
		}
		for ; n > 0; n-- {
			if endsLikeName(name[n:], n) {
				return true
			}
			// A gap in base64 leaves a wrong byte or two at its place.
			for junk := 1; junk <= 2 && n >= 5 && len(name)-n-junk >= 2; junk++ {
				if endsLikeName(name[n+junk:], n) {
					return true
				}
			}
		}
	}
	return false
}

// endsLikeName reports whether text is the tail of a property of a module, or such a name, behind a head of n letters.
func endsLikeName(text string, n int) bool {
	if text == "" || len(text) == 1 && n < 4 {
		return false
	}
	for f := fieldIdentity; f <= fieldImport; f++ {
		whole := fieldNames[f]
		if len(text) <= len(whole) && strings.EqualFold(whole[len(whole)-len(text):], text) {
			return true
		}
	}
	return false
}

// spliced records a property whose name is one of two.
func (b *builder) spliced(name string, line int) {
	if isSplice(name) {
		b.lose("spliced", status.Loss{Line: line, What: "a property is damaged: " + quote(name), Advice: adviceAgain})
	}
}

// Package thresholds holds the rules: what a state of the Backup Service means, and what else makes a status
// unfit to rely on. It is pure: no clock, no files, the same input gives the same verdict.
package thresholds

import (
	"errors"
	"strings"

	"github.com/atc0005/go-nagios"
)

// A Severity is a service state of the monitoring engine. Its zero value is Unknown, so that what nobody judged
// can't be OK.
type Severity uint8

// The four service states. Their order here means nothing, see Worst.
const (
	Unknown Severity = iota
	OK
	Warning
	Critical
)

// severities has, for each severity, its label, its exit code and its rank: the worst counts, and UNKNOWN never
// ranks above CRITICAL (docs/engines.md, The output contract).
var severities = [...]struct {
	label      string
	code, rank int
}{
	Unknown:  {nagios.StateUNKNOWNLabel, nagios.StateUNKNOWNExitCode, 2},
	OK:       {nagios.StateOKLabel, nagios.StateOKExitCode, 0},
	Warning:  {nagios.StateWARNINGLabel, nagios.StateWARNINGExitCode, 1},
	Critical: {nagios.StateCRITICALLabel, nagios.StateCRITICALExitCode, 3},
}

// String returns the label in capitals, such as "CRITICAL".
func (s Severity) String() string { return severities[s].label }

// Code returns the exit code and value of the severity: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
func (s Severity) Code() int { return severities[s].code }

// WorseThan reports whether s outranks other.
func (s Severity) WorseThan(other Severity) bool { return severities[s].rank > severities[other].rank }

// Compare orders severities from the worst to OK, for slices.SortStableFunc.
func (s Severity) Compare(other Severity) int { return severities[other].rank - severities[s].rank }

// UnmarshalText reads a severity as a user writes it, without regard to case.
func (s *Severity) UnmarshalText(text []byte) error {
	for i, known := range severities {
		if strings.EqualFold(string(text), known.label) {
			*s = Severity(i)
			return nil
		}
	}
	return errors.New("not a severity: use ok, warning, critical or unknown")
}

// Worst returns the severity that counts among several: CRITICAL, UNKNOWN, WARNING, OK. Of none it is Unknown.
func Worst(of ...Severity) Severity {
	if len(of) == 0 {
		return Unknown
	}
	worst := of[0]
	for _, s := range of[1:] {
		if s.WorseThan(worst) {
			worst = s
		}
	}
	return worst
}

package thresholds

import (
	"math"
	"strings"
)

// A Range is a Nagios range, [@][start:][end]: the values that are in order, or with @ those that are not. End points
// belong to the range. An end is a number, or a time span, which is its number of seconds. See "Threshold and ranges" in
// the plugin guidelines, and docs/engines.md.
type Range struct {
	start, end float64
	inside     bool // alert inside the range
}

// Alerts reports whether the value is to be reported.
func (r Range) Alerts(value float64) bool {
	return (r.start <= value && value <= r.end) == r.inside
}

// Limit returns the one number that a plain range such as 10 consists of: from 0 on, all is in order up to there. Of any
// other range ok is false.
func (r Range) Limit() (limit float64, ok bool) {
	return r.end, r.start == 0 && !math.IsInf(r.end, 1) && !r.inside
}

// UnmarshalText reads a range. Its error is a *SyntaxError.
func (r *Range) UnmarshalText(text []byte) error {
	read, err := ParseRange(string(text))
	if err == nil {
		*r = read
	}
	return err
}

// ParseRange reads a range. Its error is a *SyntaxError.
func ParseRange(text string) (Range, error) {
	body, inside := strings.CutPrefix(text, "@")
	at := len(text) - len(body)
	if body == "" {
		return Range{}, syntaxError(text, at, "the range is empty: use [@][start:][end], such as 10 or 10:20")
	}
	r := Range{end: math.Inf(1), inside: inside}
	startText, endText, both := strings.Cut(body, ":")
	if !both {
		startText, endText = "", body
	}
	if both && startText == "" && endText == "" {
		return Range{}, syntaxError(text, at, "a start or an end is missing: use 10: or :10 or ~:")
	}
	var err error
	switch startText {
	case "":
	case "~":
		r.start = math.Inf(-1)
	default:
		if r.start, err = ParseSeconds(startText); err != nil {
			return Range{}, syntaxError(text, at, err.Error())
		}
	}
	at = len(text) - len(endText)
	if endText != "" {
		if r.end, err = ParseSeconds(endText); err != nil {
			return Range{}, syntaxError(text, at, err.Error())
		}
	}
	if r.start > r.end {
		return Range{}, syntaxError(text, at, "the end is below the start")
	}
	return r, nil
}

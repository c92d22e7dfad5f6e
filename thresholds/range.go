package thresholds

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// A Range is a Nagios range, [@][start:][end]: the values that are in order, or with @ those that are not. End points
// belong to the range. See "Threshold and ranges" in the plugin guidelines, and docs/engines.md.
type Range struct {
	start, end float64
	inside     bool // alert inside the range
}

// Alerts reports whether the value is to be reported.
func (r Range) Alerts(value float64) bool {
	return (r.start <= value && value <= r.end) == r.inside
}

// ParseRange reads a range whose ends are numbers. Its error is a *SyntaxError.
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
		if r.start, err = parseEnd(startText); err != nil {
			return Range{}, syntaxError(text, at, err.Error())
		}
	}
	at = len(text) - len(endText)
	if endText != "" {
		if r.end, err = parseEnd(endText); err != nil {
			return Range{}, syntaxError(text, at, err.Error())
		}
	}
	if r.start > r.end {
		return Range{}, syntaxError(text, at, "the end is below the start")
	}
	return r, nil
}

var errNoNumber = errors.New("not a number")

// parseEnd reads one end of a range: a plain decimal number. strconv reads more (Inf, NaN, 0x1p-2, 1_000) than a
// range may hold, so the characters are looked at first.
func parseEnd(text string) (float64, error) {
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, errNoNumber
	}
	value, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, errors.New("the number is too large")
	}
	if err != nil {
		return 0, errNoNumber
	}
	return value, nil
}

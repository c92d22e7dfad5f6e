package thresholds

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

var (
	errNoTimeSpan = errors.New("not a number, nor a time span such as 10m")
	errTooLarge   = errors.New("the number is too large")
)

// ParseSeconds reads a time span as a number of seconds: a plain decimal number, or a span such as 90s, 10m, 1h30m or
// 1d12h, in any case; a sign may stand in front of it. The number is finite.
func ParseSeconds(text string) (float64, error) {
	body := strings.ToLower(text)
	negative := strings.HasPrefix(body, "-")
	if body != "" && (body[0] == '-' || body[0] == '+') {
		body = body[1:]
	}
	seconds, err := parseSpan(body)
	switch {
	case err != nil:
		return 0, err
	case math.IsInf(seconds, 0):
		return 0, errTooLarge
	case negative:
		return -seconds, nil
	default:
		return seconds, nil
	}
}

// parseSpan reads the same in lower case and without a sign.
func parseSpan(text string) (float64, error) {
	seconds, err := parseNumber(text)
	if err == nil || errors.Is(err, errTooLarge) {
		return seconds, err
	}
	days, rest, found := strings.Cut(text, "d")
	if !found {
		days, rest = "0", text
	}
	count, err := parseNumber(days)
	if err != nil || found && rest == "" {
		return count * 24 * 60 * 60, err
	}
	span, err := time.ParseDuration(rest)
	if err != nil || strings.ContainsAny(rest, "+-") {
		return 0, errNoTimeSpan
	}
	return count*24*60*60 + span.Seconds(), nil
}

// parseNumber reads a decimal number without a sign. strconv reads more (Inf, NaN, 0x1p-2), so the characters are
// looked at first.
func parseNumber(text string) (float64, error) {
	if text == "" || strings.Trim(text, "+-.0123456789e") != "" || text[0] == '+' || text[0] == '-' {
		return 0, errNoTimeSpan
	}
	value, err := strconv.ParseFloat(text, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, errTooLarge
	case err != nil:
		return 0, errNoTimeSpan
	}
	return value, nil
}

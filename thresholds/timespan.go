package thresholds

import (
	"errors"
	"strings"
	"time"
)

var (
	errNoTime   = errors.New("not a time")
	errLongTime = errors.New("the time is too long")
)

// longestTime is about 30 years, far within what a time.Duration holds.
const longestTime = 1e9 * time.Second

// ParseTime reads a number of seconds, or a time such as 90s, 10m, 1h30m or 1d12h, in any case; a sign may stand in
// front of it.
func ParseTime(text string) (time.Duration, error) {
	body, isNegative := strings.CutPrefix(strings.ToLower(text), "-")
	days, rest, found := strings.Cut(body, "d")
	switch {
	case strings.ContainsAny(strings.TrimPrefix(body, "+"), "+-") || found && strings.Trim(days, "+.0123456789") != "":
		return 0, errNoTime
	case !found:
		days, rest = "0", body
		if strings.Trim(body, "+.0123456789") == "" {
			rest += "s"
		}
	case rest == "":
		rest = "0"
	}
	whole, err := time.ParseDuration(days + "h")
	if err != nil {
		return 0, errNoTime
	}
	part, err := time.ParseDuration(rest)
	switch {
	case err != nil:
		return 0, errNoTime
	case whole > longestTime/24 || part > longestTime:
		return 0, errLongTime
	case isNegative:
		return -24*whole - part, nil
	}
	return 24*whole + part, nil
}

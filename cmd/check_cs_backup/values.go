package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// nonEmpty is a value that must not be empty: an engine's macro that was not filled comes as an empty text.
type nonEmpty string

// UnmarshalText takes any text but an empty one.
func (n *nonEmpty) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("the value is empty")
	}
	*n = nonEmpty(text)
	return nil
}

// category is a value of Get-CsBackupServiceStatus -Category (docs/service.md, The cmdlet).
type category string

// UnmarshalText takes one of the three categories, without regard to case.
func (c *category) UnmarshalText(text []byte) error {
	for _, known := range []string{"CMS", "UserData", "RGS"} {
		if strings.EqualFold(string(text), known) {
			*c = category(known)
			return nil
		}
	}
	return fmt.Errorf("%q is not a category: use CMS, UserData or RGS", text)
}

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// duration is a time span that a user may give as plain seconds, as Nagios plugins have always taken it.
type duration time.Duration

// maxSeconds keeps a number of seconds within what a time.Duration holds: about 30 years.
const maxSeconds = 1e9

// UnmarshalText reads "30", "1.5", "30s", "15m" or "1h30m".
func (d *duration) UnmarshalText(text []byte) error {
	span, err := time.ParseDuration(string(text))
	if err != nil {
		var seconds float64
		if seconds, err = strconv.ParseFloat(string(text), 64); seconds < maxSeconds {
			span = time.Duration(seconds * float64(time.Second))
		} else {
			span = -1
		}
	}
	if err != nil || span < 0 {
		return fmt.Errorf("%q is not a time span: use seconds such as 30, or 30s, 15m, 2h", text)
	}
	*d = duration(span)
	return nil
}

// timeout is a time span that is not empty.
type timeout duration

// UnmarshalText reads what duration reads, except 0.
func (t *timeout) UnmarshalText(text []byte) error {
	if err := (*duration)(t).UnmarshalText(text); err != nil {
		return err
	}
	if *t == 0 {
		return errors.New("0 leaves no time: use seconds such as 30, or 30s")
	}
	return nil
}

package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"check_cs_backup/thresholds"
)

// mistyped finds what looks like one of the flags and would be taken for something else: -Pair is -P air to kong, and
// what an editor made of a hyphen is no flag at all.
func mistyped(args []string, known []*kong.Flag) error {
	for _, arg := range args {
		name := strings.TrimLeftFunc(arg, isDash)
		dashes := strings.TrimSuffix(arg, name)
		if dashes == "" || !startsWithLetter(name) {
			continue
		}
		flag := likely(name, known)
		if strange := strings.Trim(dashes, "-"); strange != "" {
			r, _ := utf8.DecodeRuneInString(strange)
			return fmt.Errorf("%s begins with a dash (%U) that is no hyphen%s", thresholds.Quote(arg), r, question(flag))
		}
		if strings.HasPrefix(flag, "--") && arg != flag && !strings.HasPrefix(arg, flag+"=") {
			return fmt.Errorf("unknown flag %s%s", thresholds.Quote(arg), question(flag))
		}
	}
	return nil
}

func isDash(r rune) bool { return r == '\u2212' || unicode.Is(unicode.Dash, r) }

func startsWithLetter(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLetter(r)
}

// likely is the flag that somebody meant by a name: --pool by "Pool" and "pool=x", -P by "P"; or none.
func likely(name string, known []*kong.Flag) string {
	if i := strings.IndexAny(name, "=:"); i >= 0 {
		name = name[:i]
	}
	for _, flag := range known {
		if strings.EqualFold(name, flag.Name) {
			return "--" + flag.Name
		}
		if flag.Short != 0 && name == string(flag.Short) {
			return "-" + name
		}
	}
	return ""
}

func question(flag string) string {
	if flag == "" {
		return ""
	}
	return ": did you mean " + flag + "?"
}

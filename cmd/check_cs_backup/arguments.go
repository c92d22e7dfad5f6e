package main

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// decodeValue reads the value of a flag: one from the command line, several from the environment where it is
// repeatable.
func decodeValue(ctx *kong.DecodeContext, target reflect.Value) error {
	token, err := ctx.Scan.PopValue("a")
	switch {
	case token.IsEOL():
		return errors.New("the value is missing")
	case err != nil:
		return err
	}
	values, several := token.Value.([]string)
	if !several {
		values = []string{token.String()}
	}
	for _, value := range values {
		// Blanks and line ends around it are those of a configuration file or a script.
		value = strings.TrimSpace(value)
		err := mangled(value)
		if err == nil && token.Type == kong.ShortFlagTailToken && value != "" && value[0] == '=' {
			err = errors.New("no = stands behind a short flag") // the file of -f=x would be =x
		}
		if err == nil {
			err = set(target, value, ctx.Value)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", status.Quote(value), err)
		}
	}
	return nil
}

// mangled finds a value that is as a whole what an engine or an agent should have filled or taken off.
func mangled(value string) error {
	if value == "" {
		return errors.New("the value is empty (a macro that was not filled?)")
	}
	first, last := value[0], value[len(value)-1]
	isMacro := (first == '$' || first == '%') && !strings.ContainsAny(value[1:max(1, len(value)-1)], `$%/\ `)
	if len(value) > 1 && first == last && (isMacro || first == '\'' || first == '"') {
		return errors.New(thresholds.Origin(rune(first)))
	}
	return nil
}

// set reads a value into a field of flags, and adds it to one that is a list.
func set(field reflect.Value, text string, flag *kong.Value) error {
	switch field.Kind() {
	case reflect.Slice:
		element := reflect.New(field.Type().Elem()).Elem()
		if err := set(element, text, flag); err != nil {
			return err
		}
		field.Set(reflect.Append(field, element))
		return nil
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return set(field.Elem(), text, flag)
	}
	if flag.Enum != "" {
		words := flag.EnumSlice()
		i := slices.IndexFunc(words, func(word string) bool { return strings.EqualFold(word, text) })
		if i < 0 {
			return errors.New("not known: use " + strings.Join(words, " or "))
		}
		text = words[i]
	}
	if reader, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return reader.UnmarshalText([]byte(text))
	}
	field.SetString(text)
	return nil
}

// mistyped finds a flag that lacks a hyphen, or has another case: -Pair is -P air to kong.
func mistyped(args []string, known []*kong.Flag) error {
	for _, arg := range args {
		name := strings.TrimLeft(arg, "-")
		if i := strings.IndexAny(name, "=:"); i >= 0 {
			name = name[:i]
		}
		for _, flag := range known {
			isFlag := name != arg && strings.EqualFold(name, flag.Name)
			if isFlag && !strings.HasPrefix(arg, "--"+flag.Name) {
				return fmt.Errorf("unknown flag %s: did you mean --%s?", status.Quote(arg), flag.Name)
			}
		}
	}
	return nil
}

// explained is what kong says of a command line, without a list of all flags, and with what is meant by an argument
// that belongs to no flag.
func explained(err error) error {
	what, argument, found := strings.Cut(err.Error(), "unexpected argument ")
	if !found || what != "" {
		what, _, _ = strings.Cut(err.Error(), ", did you mean one of ")
		return errors.New(what)
	}
	meant := "a file is named with --file"
	if r, _ := utf8.DecodeRuneInString(argument); r != '-' && unicode.Is(unicode.Dash, r) {
		meant = fmt.Sprintf("it begins with a dash (%U) that is no hyphen", r)
	}
	// Not by status.Quote, which takes off a blank in front that makes the argument of a flag.
	return fmt.Errorf("unexpected argument \"%s\": %s", status.Shorten(argument, 80), meant)
}

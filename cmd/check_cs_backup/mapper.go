package main

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"check_cs_backup/thresholds"
)

// decodeValue reads the value of a flag: one from the command line, several from the environment where it is repeatable.
func decodeValue(ctx *kong.DecodeContext, target reflect.Value) error {
	token := ctx.Scan.Pop()
	values, several := token.Value.([]string)
	if !several {
		value, err := argument(token)
		if err != nil {
			return err
		}
		values = []string{value}
	}
	for _, value := range values {
		if err := set(target, value, ctx.Value); err != nil {
			return err
		}
	}
	return nil
}

// argument is a value on the command line. What follows a flag whose value is missing is the next flag.
func argument(token kong.Token) (string, error) {
	text := token.String()
	switch {
	case token.IsEOL():
		return "", errors.New("missing value")
	case !token.IsValue() && !isNegative(text):
		return "", fmt.Errorf("missing value: %s begins with a hyphen", thresholds.Quote(text))
	}
	return text, noEquals(token)
}

// noEquals refuses -f=x, which would be the file =x.
func noEquals(token kong.Token) error {
	if text := token.String(); token.Type == kong.ShortFlagTailToken && strings.HasPrefix(text, "=") {
		return fmt.Errorf("no = stands behind a short flag: %s", thresholds.Quote(text))
	}
	return nil
}

// isNegative reports whether a text is a negative number, which is no flag.
func isNegative(text string) bool {
	return len(text) > 1 && text[0] == '-' && strings.IndexByte(".0123456789", text[1]) >= 0
}

// set reads a value into a field of flags, and adds it to one that is a list. Blanks and line ends around it are those
// of a configuration file or a script.
func set(field reflect.Value, text string, flag *kong.Value) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("the value is empty (a macro that was not filled?)")
	}
	if field.Kind() == reflect.Slice || field.Kind() == reflect.Pointer {
		element := reflect.New(field.Type().Elem())
		if err := set(element.Elem(), text, flag); err != nil {
			return err
		}
		if field.Kind() == reflect.Pointer {
			field.Set(element)
		} else {
			field.Set(reflect.Append(field, element.Elem()))
		}
		return nil
	}
	if flag.Enum != "" {
		return setWord(field, text, flag.EnumSlice())
	}
	if reader, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return reader.UnmarshalText([]byte(text))
	}
	return setText(field, text)
}

// setWord takes one of several words, without regard to case.
func setWord(field reflect.Value, text string, words []string) error {
	for _, word := range words {
		if strings.EqualFold(word, text) {
			field.SetString(word)
			return nil
		}
	}
	last := len(words) - 1
	return fmt.Errorf("%s is not known: use %s or %s", thresholds.Quote(text), strings.Join(words[:last], ", "), words[last])
}

// setText takes any text that is not as a whole what an engine or an agent should have replaced or taken off.
func setText(field reflect.Value, text string) error {
	inner := text[1:max(1, len(text)-1)]
	switch first, last := text[0], text[len(text)-1]; {
	case len(text) == 1 || first != last:
	case (first == '$' || first == '%') && !strings.ContainsAny(inner, `$%/\ `):
		return fmt.Errorf("%s: a macro that was not filled?", thresholds.Quote(text))
	case first == '\'' || first == '"':
		return fmt.Errorf("%s: quotes that an agent kept?", thresholds.Quote(text))
	}
	field.SetString(text)
	return nil
}

// decodeCounter counts -v, and takes a number as --verbose=2.
func decodeCounter(ctx *kong.DecodeContext, target reflect.Value) error {
	if next := ctx.Scan.Peek(); next.Type != kong.FlagValueToken {
		target.SetInt(target.Int() + 1)
		return noEquals(next)
	}
	text := ctx.Scan.Pop().String()
	count, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || count < 0 {
		return fmt.Errorf("%s is not a number such as 2", thresholds.Quote(text))
	}
	target.SetInt(int64(count))
	return nil
}

package status

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cutMarks are what PowerShell puts in the place of what it leaves out, an ellipsis (7) or dots (5.1), and what becomes
// of the ellipsis on its way through other code pages: a mark of ASCII, or its three bytes as letters of CP437, CP850,
// CP852, CP866, Windows-1250 to 1254, and CP932.
var cutMarks = [...]string{"…", ".", "?", "\uFFFD", "ΓÇª", "ÔÇª", "ÔÇŽ", "тАж", "â€¦", "вЂ¦", "β€¦", "窶ｦ", "鈥"}

// Damage says what is wrong with a name of a module or a pool or with a state, empty where nothing is: "cut" where a
// part of it was left out, else the code points that no such name has. They are words of letters, digits, dots, hyphens
// and underscores. What is damaged is not known, so it must never be compared with anything. An empty word has none.
func Damage(word string) string {
	if isPlain(word) {
		return ""
	}
	for _, mark := range cutMarks {
		if word != "" && (strings.HasPrefix(word, mark) || strings.HasSuffix(word, mark)) {
			return "cut"
		}
	}
	if strings.Contains(word, "..") || strings.Contains(word, "…") {
		return "cut"
	}
	var strange []string
	for i, r := range word {
		if !IsNameRune(r) || i == 0 && (r == '-' || unicode.IsMark(r)) {
			if len(strange) == 4 {
				strange = append(strange, "…")
				break
			}
			strange = append(strange, fmt.Sprintf("U+%04X", r))
		}
	}
	return strings.Join(strange, " ")
}

// isPlain finds the words that are whole at a glance, which is nearly all of them.
func isPlain(word string) bool {
	last := byte('.') // no word begins or ends with one, nor with a hyphen
	for i := range len(word) {
		c := word[i]
		if !isNameByte(c) || (c == '.' || c == '-') && last == '.' {
			return false
		}
		last = c
	}
	return word == "" || last != '.' && last != '-'
}

// IsNameRune reports whether a character may stand in a name. Letters and marks that cannot be seen may not.
func IsNameRune(r rune) bool {
	if r < utf8.RuneSelf {
		return isNameByte(byte(r))
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd) && !IsInvisible(r)
}

// isNameByte is IsNameRune for ASCII.
func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_'
}

// IsInvisible reports whether a character is one that Unicode counts among letters, marks and symbols though it leaves
// no ink: a filler such as U+3164, a variation selector such as U+FE0F, the braille pattern without a dot.
func IsInvisible(r rune) bool {
	return unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}

// IsDamaged reports whether a word is damaged: what it was is not known.
func IsDamaged(word string) bool { return Damage(word) != "" }

// Shorten returns a text from outside as valid UTF-8, and of one that is longer than limit characters these and "…".
func Shorten(text string, limit int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	length := 0
	for i := range text {
		if length == limit {
			return text[:i] + "…"
		}
		length++
	}
	return text
}

// Quote returns a piece of a text from outside in quotes, without the blanks around it, in at most 80 characters.
func Quote(text string) string { return `"` + Shorten(strings.TrimSpace(text), 80) + `"` }

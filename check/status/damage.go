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
		if !isNameRune(r) || i == 0 && (r == '-' || unicode.IsMark(r)) {
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
		switch c := word[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
		case (c == '.' || c == '-') && last != '.':
		default:
			return false
		}
		last = word[i]
	}
	return word == "" || last != '.' && last != '-'
}

// isNameRune reports whether a character may stand in a name. Letters and marks that cannot be seen may not.
func isNameRune(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_'
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd) &&
		!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// IsDamaged reports whether a word is damaged: what it was is not known.
func IsDamaged(word string) bool { return Damage(word) != "" }

// Shorten returns a text that is quoted from outside in at most limit bytes of valid UTF-8, of which the last are "…"
// where it was longer. The limit is at least the length of "…".
func Shorten(text string, limit int) string {
	const mark = "…"
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= limit {
		return text
	}
	cut := limit - len(mark)
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + mark
}

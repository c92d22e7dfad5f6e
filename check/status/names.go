package status

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// The documented modules that something is known of, besides CMSMaster.
const (
	PresenceFocus = "UserServices.PresenceFocus"
	DataConf      = "ConfServices.DataConf"
	RGSDataStore  = "ApplicationServer.RGSDataStore"
	RGSFileStore  = "ApplicationServer.RGSFileStore"
)

// Modules are the documented modules (docs/service.md, The modules). Others must work too.
var Modules = [...]string{PresenceFocus, DataConf, CMSMaster, RGSDataStore, RGSFileStore}

// States are the documented words of both directions (docs/service.md, The states).
var States = [...]State{FinalState, SteadyState, NonSteadyState, NotInitialized, ErrorState, NormalState}

// IsDocumented reports whether a word is a documented module or state, in any case.
func IsDocumented(word string) bool {
	return slices.ContainsFunc(Modules[:], func(m string) bool { return strings.EqualFold(m, word) }) ||
		State(word).IsDocumented()
}

// IsDocumented reports whether a state is a documented one.
func (s State) IsDocumented() bool { return slices.ContainsFunc(States[:], s.Is) }

// IsHealthy reports whether a state is one that is documented as healthy, in either direction.
func (s State) IsHealthy() bool { return s.Is(FinalState) || s.Is(SteadyState) || s.Is(NormalState) }

// Fold returns the form of a name in which all its spellings are the same: in one case, whatever the script, and
// without the dot that ends an absolute host name.
func Fold(name string) string {
	name = strings.TrimSuffix(name, ".")
	for i := range len(name) {
		if name[i] >= 0x80 {
			return strings.Map(foldRune, name)
		}
	}
	return strings.ToLower(name)
}

// foldRune returns the smallest of the letters that are the same but for their case; of ASCII the small letter.
func foldRune(r rune) rune {
	if r < 0x80 {
		return unicode.ToLower(r)
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if least < 0x80 {
		return unicode.ToLower(least)
	}
	return least
}

// SamePool reports whether two names are of one pool: they know no case, and a short name is that of the FQDN it
// begins. An empty name is the same as none.
func SamePool(a, b string) bool {
	a, b = Fold(a), Fold(b)
	if a == "" || b == "" {
		return false
	}
	return a == b || isShortOf(a, b) || isShortOf(b, a)
}

func isShortOf(short, fqdn string) bool {
	return !strings.Contains(short, ".") && strings.HasPrefix(fqdn, short) && fqdn[len(short)] == '.'
}

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

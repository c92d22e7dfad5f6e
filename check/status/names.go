package status

import (
	"cmp"
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

// FQDNs are, by the short names that they begin with, FQDNs in the form of Fold; empty where one begins several.
type FQDNs map[string]string

// Add adds a name in the form of Fold.
func (f FQDNs) Add(name string) {
	if short, _, isFQDN := strings.Cut(name, "."); isFQDN {
		if known, ok := f[short]; ok && known != name {
			name = ""
		}
		f[short] = name
	}
}

// Of returns the FQDN of a name in the form of Fold: of a short one the only FQDN that it begins, else the name itself.
func (f FQDNs) Of(name string) string { return cmp.Or(f[name], name) }

package thresholds

import (
	"slices"
	"strings"

	"check_cs_backup/check/status"
)

// An Idle is a value of the user's that has no effect: it names a module or a state that nothing has.
type Idle struct {
	// Flag is the name of the flag, Given its value, Nearest the name that comes next to what it names.
	Flag, Given, Nearest string
	// Kind is what it names: "module", "state", "pool".
	Kind string
}

// findIdle finds the patterns that fit nothing. One for a documented module or state is right where that is not there
// today. Where nothing was read nobody knows what is there.
func (j *Judgement) findIdle(s Settings, read pools) {
	j.findUnseenMaster(read)
	if len(s.Rules)+len(s.Ignore)+len(s.Critical) == 0 {
		return
	}
	var modules, states names
	for _, p := range read.list {
		for _, m := range p.Modules {
			modules.add(m.Identity)
			states.add(string(m.Export))
			states.add(string(m.Import))
		}
	}
	if len(modules.list) == 0 {
		return
	}
	fits := func(flag, given string, p Pattern, seen names, documented []string, kind string) bool {
		if slices.ContainsFunc(seen.list, p.Match) || slices.ContainsFunc(documented, p.Match) {
			return true
		}
		there := seen.list
		if kind == "state" {
			there = append(documented, there...)
		}
		j.Idle = append(j.Idle, Idle{Flag: flag, Given: given, Nearest: nearest(string(p), there), Kind: kind})
		return false
	}
	var words []string
	for _, state := range status.States {
		words = append(words, string(state))
	}
	for _, p := range s.Ignore {
		fits("--ignore", string(p), p, modules, status.Modules[:], "module")
	}
	for _, l := range s.Critical {
		fits("--critical", l.text, l.module, modules, status.Modules[:], "module")
	}
	for _, r := range s.Rules {
		if fits("--rule", r.text, r.module, modules, status.Modules[:], "module") && r.state.IsName() {
			fits("--rule", r.text, r.state, states, words, "state")
		}
	}
}

// findUnseenMaster finds a CMS master that the user names and nobody else, where it looks like a pool that was read: it
// may be misspelt.
func (j *Judgement) findUnseenMaster(read pools) {
	if j.CMSMaster == "" {
		return
	}
	seen := read.names()
	for _, p := range read.list {
		seen = append(seen, p.backups...)
	}
	if len(read.list) > 0 {
		seen = append(seen, read.list[0].elsewhere...) // of all sources, the same for each pool
	}
	if isOneOf(j.CMSMaster, seen) {
		return
	}
	label := func(name string) string { // the domain is the same as a rule
		first, _, _ := strings.Cut(name, ".")
		return first
	}
	var labels []string
	for _, name := range seen {
		labels = append(labels, label(name))
	}
	if near := nearest(label(j.CMSMaster), labels); near != "" {
		near = seen[slices.Index(labels, near)]
		j.Idle = append(j.Idle, Idle{Flag: "--cms-master", Given: j.CMSMaster, Nearest: near, Kind: "pool"})
	}
}

// names are different ones, as they were read.
type names struct {
	list  []string
	known map[string]bool
}

func (n *names) add(name string) {
	if key := status.Fold(name); isWhole(name) && !n.known[key] {
		if n.known == nil {
			n.known = make(map[string]bool)
		}
		n.known[key] = true
		n.list = append(n.list, name)
	}
}

// nearestOf is how many names are looked at for the nearest, and nearestLength how long they are: no module's is
// longer.
const (
	nearestOf     = 1000
	nearestLength = 200
)

// nearest is the name that has the longest part in common with a pattern, the shortest of several; empty where none has
// three characters of it.
func nearest(pattern string, list []string) string {
	best, most := "", 2
	for _, name := range list[:min(len(list), nearestOf)] {
		if len(name) > nearestLength {
			continue
		}
		common := longestCommon(strings.ToLower(pattern), strings.ToLower(name))
		shorter := len(name) < len(best) || len(name) == len(best) && name < best
		if common > most || common == most && best != "" && shorter {
			best, most = name, common
		}
	}
	return best
}

// longestCommon is the length of the longest text, in bytes, that stands in both.
func longestCommon(a, b string) (longest int) {
	row := make([]int, len(b)+1) // for the characters of a so far, by where such a text ends in b
	for i := range len(a) {
		for k := len(b); k > 0; k-- {
			if a[i] != b[k-1] {
				row[k] = 0
				continue
			}
			row[k] = row[k-1] + 1
			longest = max(longest, row[k])
		}
	}
	return longest
}

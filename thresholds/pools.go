package thresholds

import (
	"strings"

	"check_cs_backup/check/status"
)

// pools are all that the inputs tell of, resolved once: which names are of which pool, and which pool is whose partner.
// A place is an index into list.
type pools struct {
	list []PoolVerdict
	// keys are their names in the form of status.Fold, and whole has the place of each. Short has, by the first label
	// of a name, the places of all that a short name may stand for; it is made when somebody asks.
	keys  []string
	whole map[string]int
	short map[string][]int
	// named is for each pool the one that it names as its backup pool: a place, which may be its own, nobody or
	// notSeen. namedBy are the others that name it.
	named   []int
	namedBy [][]int
	// judged has for each place the pool among those that are judged; nil where --pool leaves it out.
	judged []*PoolVerdict
}

// What stands for a place where there is none.
const (
	nobody  = -1
	notSeen = -2
)

// resolve gives each of some names the place of its pool. Names know no case. A short name is that of the FQDN which it
// begins, if there is one such FQDN; of several it may be any, so it is a pool of its own. Each empty name is a pool of
// its own.
func resolve(names []string) (ps pools, places []int) {
	ps = pools{whole: make(map[string]int, len(names)), keys: make([]string, 0, len(names))}
	keys, places := make([]string, len(names)), make([]int, len(names))
	fqdns, isShort := status.FQDNs{}, false
	for i, name := range names {
		keys[i] = status.Fold(name)
		isShort = isShort || keys[i] != "" && !strings.Contains(keys[i], ".")
	}
	if isShort {
		for _, key := range keys {
			fqdns.Add(key)
		}
	}
	for i, key := range keys {
		if key != "" {
			key = fqdns.Of(key)
		}
		place, known := ps.whole[key]
		if !known {
			place = len(ps.keys)
			ps.keys = append(ps.keys, key)
			if key != "" {
				ps.whole[key] = place
			}
		}
		places[i] = place
	}
	return ps, places
}

// find returns the places of the pools that go by a name: of a short one there may be several.
func (ps *pools) find(name string) []int {
	if ps.short == nil {
		ps.short = make(map[string][]int, len(ps.keys))
		for place, key := range ps.keys {
			if label, _, _ := strings.Cut(key, "."); label != "" {
				ps.short[label] = append(ps.short[label], place)
			}
		}
	}
	key := status.Fold(name)
	label, _, isFQDN := strings.Cut(key, ".")
	if place, known := ps.whole[key]; isFQDN && known {
		return []int{place}
	}
	if _, known := ps.whole[label]; isFQDN && (!known || len(ps.short[label]) > 1) {
		return nil
	}
	return ps.short[label]
}

// findPartners finds whom each pool names as its backup pool. A short name that may be of several pools is of none that
// was seen.
func (ps *pools) findPartners() {
	ps.named, ps.namedBy = make([]int, len(ps.list)), make([][]int, len(ps.list))
	for i := range ps.list {
		ps.named[i] = nobody
		if ps.list[i].Backup == "" {
			continue
		}
		if places := ps.find(ps.list[i].Backup); len(places) != 1 {
			ps.named[i] = notSeen
		} else if ps.named[i] = places[0]; places[0] != i {
			ps.namedBy[places[0]] = append(ps.namedBy[places[0]], i)
		}
	}
}

// partner returns the partner of a pool: the one that it names, else the only one that names it.
func (ps *pools) partner(i int) int {
	switch named := ps.named[i]; {
	case named != nobody && named != i:
		return named
	case len(ps.namedBy[i]) == 1:
		return ps.namedBy[i][0]
	default:
		return nobody
	}
}

// rival is the name of the pool that the partner of a pool is paired with instead: the one that it names, else the
// first other one that names it.
func (ps *pools) rival(i, partner int) string {
	if named := ps.named[partner]; named != nobody && named != partner {
		return ps.list[partner].Backup
	}
	for _, other := range ps.namedBy[partner] {
		if other != i {
			return ps.list[other].Name
		}
	}
	return ""
}

// names are those of all pools that have one.
func (ps *pools) names() []string {
	var list []string
	for _, p := range ps.list {
		if p.Name != "" {
			list = append(list, p.Name)
		}
	}
	return list
}

package thresholds

import "check_cs_backup/check/status"

// partners tells which pools belong together, by their places.
type partners struct {
	pools []PoolVerdict
	// named is, for each pool, the one that it names as its backup pool: a place, nobody, or notSeen.
	named []int
	// namedBy are, for each pool, those that name it.
	namedBy [][]int
}

// What stands for a place where there is none.
const (
	nobody  = -1
	notSeen = -2
)

func newPartners(pools []PoolVerdict) partners {
	index := newPoolIndex(len(pools))
	for i, p := range pools {
		index.add(p.Name, i)
	}
	ps := partners{pools, make([]int, len(pools)), make([][]int, len(pools))}
	for i, p := range pools {
		place, seen := index.find(p.Backup)
		switch {
		case p.Backup == "", seen && place == i, status.SamePool(p.Name, p.Backup):
			place = nobody
		case !seen:
			place = notSeen
		default:
			ps.namedBy[place] = append(ps.namedBy[place], i)
		}
		ps.named[i] = place
	}
	return ps
}

// of returns the partner of a pool: the one that it names, else the only one that names it.
func (ps partners) of(pool int) int {
	if ps.named[pool] == nobody && len(ps.namedBy[pool]) == 1 {
		return ps.namedBy[pool][0]
	}
	return ps.named[pool]
}

// rival is the name of a pool that the partner of a pool is paired with instead: the one that it names, else the first
// other one that names it.
func (ps partners) rival(pool, partner int) string {
	if ps.named[partner] != nobody {
		return ps.pools[partner].Backup
	}
	for _, other := range ps.namedBy[partner] {
		if other != pool {
			return ps.pools[other].Name
		}
	}
	return ""
}

package thresholds

import (
	"strings"

	"check_cs_backup/check/status"
)

// A poolIndex finds pools by their names, by a short one too where it is clear whose that is.
type poolIndex struct {
	whole map[string]int // by the whole name
	short map[string]int // by the first label of an FQDN; unclear where several have it
}

const unclear = -1

func newPoolIndex(size int) poolIndex {
	return poolIndex{whole: make(map[string]int, size), short: make(map[string]int, size)}
}

// add remembers the place of a pool. A pool without a name has none.
func (x poolIndex) add(name string, place int) {
	key := status.Fold(name)
	if key == "" {
		return
	}
	x.whole[key] = place
	if label, _, isFQDN := strings.Cut(key, "."); isFQDN {
		if other, known := x.short[label]; known && other != place {
			place = unclear
		}
		x.short[label] = place
	}
}

// find returns the place of a pool.
func (x poolIndex) find(name string) (place int, ok bool) {
	key := status.Fold(name)
	if place, ok = x.whole[key]; ok {
		return place, true
	}
	label, _, isFQDN := strings.Cut(key, ".")
	if isFQDN {
		place, ok = x.whole[label]
	} else {
		place, ok = x.short[label]
	}
	return place, ok && place != unclear
}

// rename gives a pool that went by its short name the FQDN that turned up.
func (x poolIndex) rename(from, to string, place int) {
	delete(x.whole, status.Fold(from))
	x.add(to, place)
}

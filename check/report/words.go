package report

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"check_cs_backup/thresholds"
)

// title is what a pool is called: its FQDN, or where that is not known the sources that told of it.
func title(p *thresholds.PoolVerdict) string {
	return cmp.Or(clean(poolName(p), nameLimit), "a pool without a name")
}

// poolName is the same as it came.
func poolName(p *thresholds.PoolVerdict) string { return cmp.Or(p.Name, strings.Join(p.Origins, ", ")) }

// trueAge is how old the status of a pool is. It is not known where the status has no date, or one so far into the
// future that the clocks must differ; a little into the future is the present.
func trueAge(p *thresholds.PoolVerdict) (age time.Duration, known bool) {
	return max(p.Age, 0), !p.CollectedAt.IsZero() && p.Age >= -thresholds.ClockSkew
}

// plural counts things: "1 module", "2 modules", "29,994 modules".
func plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return thousands(n) + " " + thing
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// duration says a time span in its one fitting unit, rounded down.
func duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + duration(-d)
	case d < 2*time.Minute:
		return strconv.Itoa(int(d.Seconds())) + " s"
	case d < 2*time.Hour:
		return strconv.Itoa(int(d.Minutes())) + " min"
	case d < 48*time.Hour:
		return strconv.Itoa(int(d.Hours())) + " h"
	default:
		return strconv.Itoa(int(d.Hours()/24)) + " days"
	}
}

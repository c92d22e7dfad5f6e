package report

import "github.com/atc0005/go-nagios"

// A rank says what is left out first when the output is too long.
type rank int

const (
	healthy rank = iota // what is in order
	detail              // what to do, where it came from
	problem             // what is wrong
)

// lines is the long output, line by line.
type lines struct {
	list []line
	// advised has the advice that was given: nobody reads it twice.
	advised map[string]bool
}

type line struct {
	rank rank
	text string
}

func (l line) size() int { return len(l.text) + len(nagios.CheckOutputEOL) }

func (ls *lines) add(r rank, text string) { ls.list = append(ls.list, line{r, text}) }

// advise adds an indented line, unless the same advice was given before.
func (ls *lines) advise(advice string) {
	if advice == "" || ls.advised[advice] {
		return
	}
	if ls.advised == nil {
		ls.advised = make(map[string]bool)
	}
	ls.advised[advice] = true
	ls.add(detail, "    "+advice)
}

// fit returns the lines that fit into a number of bytes: what is healthy is left out first, then the details, then
// problems from the end. A last line says how many were left out.
func (ls *lines) fit(budget int) []string {
	const reserve = 100 // for that last line
	size := 0
	for _, l := range ls.list {
		size += l.size()
	}
	keep := make([]bool, len(ls.list))
	fits := size <= budget
	room := budget - reserve
	for r := problem; r >= healthy; r-- {
		for i, l := range ls.list {
			if l.rank == r && (fits || l.size() <= room) {
				keep[i] = true
				room -= l.size()
			} else if l.rank == r {
				room = 0 // nothing smaller from further down jumps the queue
			}
		}
	}
	var kept []string
	left := 0
	for i, l := range ls.list {
		if keep[i] {
			kept = append(kept, l.text)
		} else {
			left++
		}
	}
	if left > 0 {
		kept = append(kept, plural(left, "more line")+" left out to keep the output short: see --output json")
	}
	return kept
}

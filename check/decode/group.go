// The pool of a record where the record does not name it: a group that Format-Table and Format-List put above their
// output, or the command above that.

package decode

import "check_cs_backup/check/status"

// A group is a property that stands above a table or a list and holds for all of it, and for no other.
type group struct {
	text string // the line, empty where there is no group
	line int
	pool string // its value, where it is a pool
}

// isGroup reports whether a property stands alone, as that of a group does. PowerShell indents it.
func isGroup(l lines) bool {
	name, _, ok := property(l.line)
	if !ok || columnOf(name) != fieldPool && l.line[0] != ' ' {
		return false
	}
	below := l
	below.next()
	return below.isAtEnd() || below.trimmed == ""
}

func (r *reader) readGroup() {
	r.dropGroup()
	name, value, _ := property(r.line)
	r.group = group{text: r.line, line: r.number}
	if columnOf(name) == fieldPool {
		r.group.pool = value
	} else {
		r.b.passOver(r.line, r.number)
	}
	r.next()
}

// takeGroup hands over the group that stands above.
func (r *reader) takeGroup() group {
	g := r.group
	r.group = group{}
	return g
}

// dropGroup gives up a group that nothing followed.
func (r *reader) dropGroup() {
	if g := r.takeGroup(); g.text != "" {
		r.b.lose(g.line, "a group without a table or a list below it: "+quote(g.text), adviceAgain)
	}
}

// take hands over a record.
func (r *reader) take(x row, g group) {
	for _, pool := range [...]string{g.pool, r.pool} {
		switch {
		case pool == "":
		case x.pool == "":
			x.pool = pool
		case !status.SamePool(hostName(x.pool), hostName(pool)):
			r.b.lose(x.line, "what stands under pool "+quote(pool)+" says that it is of pool "+quote(x.pool),
				adviceAgain)
		}
	}
	r.b.take(x)
}

// One tree for objects: what JSON, CLIXML and Format-Custom say, without their syntax.

package decode

import (
	"iter"
	"strconv"

	"check_cs_backup/check/status"
)

const (
	// maxDepth is how deep objects may be nested, maxValues how many values one text may hold: 10,000 pools have 200,000.
	maxDepth  = 64
	maxValues = 500_000
)

// A kind is the type of a value.
type kind uint8

const (
	kindObject kind = iota
	kindList
	kindText
	kindNumber
	kindNull
	kindOther // true, false, and what has no text
	kindRef   // stands for another value: child
)

// A node is a value. Its place in the tree is its number; 0 stands for none.
type node struct {
	// name is that of the property whose value it is, field what that means.
	name string
	// text is a scalar's text, and of an object what it is printed as.
	text        string
	at          int32 // where it stands in the text, in bytes
	child, next int32
	kind        kind
	field       field
}

// A tree is built from its root on: open, add and close follow the text.
type tree struct {
	nodes []node
	// stack are the objects and lists that are open, last their last children.
	stack []frame
}

type frame struct{ node, last int32 }

var (
	errValues = status.Loss{What: "it holds more than " + strconv.Itoa(maxValues) + " values", Advice: "split the file"}
	errDepth  = status.Loss{What: "it is nested more than " + strconv.Itoa(maxDepth) + " levels deep", Advice: adviceSave}
)

// reset makes the tree empty, and keeps its room: a text may have many parts. The first time it makes room for what
// that many bytes may hold.
func (t *tree) reset(size int) *tree {
	const perNode = 24 // bytes of a compact document
	if t.nodes == nil {
		t.nodes = make([]node, 1, min(size/perNode, maxValues)+16)
	}
	t.nodes, t.stack = t.nodes[:1], t.stack[:0]
	return t
}

// add adds a value to what is open.
func (t *tree) add(n node) int32 {
	at := int32(len(t.nodes))
	if n.name != "" {
		n.field = fieldOf(n.name)
	}
	t.nodes = append(t.nodes, n)
	if len(t.stack) > 0 {
		up := &t.stack[len(t.stack)-1]
		if up.last == 0 {
			t.nodes[up.node].child = at
		} else {
			t.nodes[up.last].next = at
		}
		up.last = at
	}
	return at
}

// open adds an object or a list, and opens it.
func (t *tree) open(n node) int32 {
	at := t.add(n)
	t.stack = append(t.stack, frame{node: at})
	return at
}

// close closes what was opened last.
func (t *tree) close() { t.stack = t.stack[:len(t.stack)-1] }

// isInObject reports whether the next value needs a name.
func (t *tree) isInObject() bool {
	return len(t.stack) > 0 && t.nodes[t.stack[len(t.stack)-1].node].kind == kindObject
}

// isTooDeep and isTooLarge report whether a bound is exceeded.
func (t *tree) isTooDeep() bool  { return len(t.stack) > maxDepth }
func (t *tree) isTooLarge() bool { return len(t.nodes) > maxValues }

// children returns the values in an object or a list.
func (t *tree) children(n int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if t.nodes[n].kind == kindRef {
			return
		}
		for c := t.nodes[n].child; c != 0; c = t.nodes[c].next {
			if !yield(c) {
				return
			}
		}
	}
}

// follow returns the value that a reference stands for, or n itself.
func (t *tree) follow(n int32) int32 {
	if t.nodes[n].kind == kindRef {
		return t.nodes[n].child
	}
	return n
}

// Package tree is one small tree for objects: what JSON and CLIXML say, without their syntax. It knows
// nothing of what the objects mean.
package tree

import (
	"iter"
	"strconv"
	"strings"

	"check_cs_backup/check/status"
)

const (
	// MaxDepth is how deep objects may be nested, maxValues how many values a text may hold: 10,000 pools have 200,000.
	MaxDepth  = 64
	maxValues = 500_000
)

// A Kind is the type of a value.
type Kind uint8

const (
	Object Kind = iota
	List
	Text
	Number
	Null
	Other // true, false, and what has no text
	Ref   // stands for another value: Child
)

// A Node is a value. Its place in the tree is its number; 0 stands for none.
type Node struct {
	// Name is that of the property whose value it is, Meaning what the tree's user made of that.
	Name string
	// Text is a scalar's text, and of an object what it is printed as.
	Text        string
	At          int32 // where it stands in the text, in bytes
	Child, Next int32
	Kind        Kind
	Meaning     uint8
}

// A Tree is built from its root on, which is node 1: Open, Add and Close follow the text.
type Tree struct {
	Nodes []Node
	// Meaning tells what a name means; it may be nil.
	Meaning func(name string) uint8
	// Passed is told the texts that are no part of the tree, such as comments; it may be nil.
	Passed func(text string)
	// stack are the objects and lists that are open, last their last children.
	stack []frame
}

type frame struct{ node, last int32 }

var (
	errTooLarge = status.Loss{
		What:   "it holds more than " + strconv.Itoa(maxValues) + " values",
		Advice: "split the file",
	}
	errTooDeep = status.Loss{
		What:   "it is nested more than " + strconv.Itoa(MaxDepth) + " levels deep",
		Advice: status.AdviceSave,
	}
)

// Reset makes the tree empty, and keeps its room: a text may have many parts. The first time it makes room for what the
// whole text may hold, by what stands in front of values there.
func (t *Tree) Reset(text string) *Tree {
	if t.Nodes == nil {
		room := 1
		for _, sign := range [...]string{",", "{", "[", "<"} {
			room += strings.Count(text, sign)
		}
		t.Nodes = make([]Node, 1, min(room, maxValues)+16)
	}
	t.Nodes, t.stack = t.Nodes[:1], t.stack[:0]
	return t
}

// Add adds a value to what is open.
func (t *Tree) Add(n Node) int32 {
	at := int32(len(t.Nodes))
	if n.Name != "" && t.Meaning != nil {
		n.Meaning = t.Meaning(n.Name)
	}
	t.Nodes = append(t.Nodes, n)
	if len(t.stack) > 0 {
		up := &t.stack[len(t.stack)-1]
		if up.last == 0 {
			t.Nodes[up.node].Child = at
		} else {
			t.Nodes[up.last].Next = at
		}
		up.last = at
	}
	return at
}

// Open adds an object or a list, and opens it.
func (t *Tree) Open(n Node) int32 {
	at := t.Add(n)
	t.stack = append(t.stack, frame{node: at})
	return at
}

// Close closes what was opened last.
func (t *Tree) Close() { t.stack = t.stack[:len(t.stack)-1] }

// IsInObject reports whether the next value needs a name.
func (t *Tree) IsInObject() bool {
	return len(t.stack) > 0 && t.Nodes[t.stack[len(t.stack)-1].node].Kind == Object
}

// IsClosed reports whether the value that was opened first is whole.
func (t *Tree) IsClosed() bool { return len(t.stack) == 0 }

// Bound is the error of a bound that is exceeded, nil where none is.
func (t *Tree) Bound() error {
	switch {
	case len(t.stack) > MaxDepth:
		return errTooDeep
	case len(t.Nodes) > maxValues:
		return errTooLarge
	}
	return nil
}

// Children returns the values in an object or a list.
func (t *Tree) Children(n int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if t.Nodes[n].Kind == Ref {
			return
		}
		for c := t.Nodes[n].Child; c != 0; c = t.Nodes[c].Next {
			if !yield(c) {
				return
			}
		}
	}
}

// Follow returns the value that a reference stands for, or n itself.
func (t *Tree) Follow(n int32) int32 {
	if t.Nodes[n].Kind == Ref {
		return t.Nodes[n].Child
	}
	return n
}

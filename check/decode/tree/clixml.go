package tree

import (
	"cmp"
	"encoding/xml"
	"io"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// maxToken bounds one token in bytes: the attributes of a tag take many times their size.
const maxToken = 1 << 20

// ReadCLIXML reads the document that text begins with: its outermost element is a list of values, whose names are the
// streams they come from. It has n bytes; with an error, n is where that was met. What is lost in it are losses, whose
// lines are places in bytes.
func (t *Tree) ReadCLIXML(text string) (n int, losses []status.Loss, err error) {
	c := &clixml{tokens: tokens{Reader: strings.NewReader(text)}, tree: t, refs: map[string]int32{}}
	c.d = xml.NewDecoder(&c.tokens)
	c.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is UTF-8 by now
	_, err = c.read(&element{holds: root})
	return min(int(c.d.InputOffset()), len(text)), c.losses, err
}

// tokens hands out bytes one by one, so that the decoder reads nothing beyond its document, and bounds one token.
type tokens struct {
	*strings.Reader
	left int
}

func (t *tokens) ReadByte() (byte, error) {
	if t.left--; t.left < 0 {
		return 0, status.Loss{What: "a text or a tag of it is longer than 1 MiB", Advice: status.AdviceSave}
	}
	return t.Reader.ReadByte()
}

// A clixml is one document on its way to a tree. The lines of its losses are places in bytes.
type clixml struct {
	tokens tokens
	d      *xml.Decoder
	tree   *Tree
	refs   map[string]int32 // objects by their RefId
	losses []status.Loss
}

// A role is what an element is for; a set of them is what an element may hold.
type role uint16

const (
	root role = 1 << iota
	object
	scalar
	reference
	list
	members // properties, or the entries of a dictionary
	entry
	types
	typeName
	printed // what an object is printed as
	opaque  // what is passed over, with all that it holds

	values = object | scalar | reference | opaque
)

// roleOf tells what an element is for, what it may hold besides text, and the type of a value (MS-PSRP, 2.2.5).
func roleOf(name string) (is, holds role, kind Kind) {
	switch name {
	case "Objs":
		return root, values, List
	case "Obj":
		return object, scalar | list | members | types | printed, Object
	case "S", "C", "G", "URI", "Version", "DT", "TS", "XD", "SBK", "D", "SS", "BA":
		return scalar, 0, Text
	case "I16", "I32", "I64", "U16", "U32", "U64", "By", "SB", "Db", "Sg":
		return scalar, 0, Number
	case "B":
		return scalar, 0, Other
	case "Nil":
		return scalar, 0, Null
	case "Ref":
		return reference, 0, Ref
	case "LST", "IE", "QUE", "STK":
		return list, values, List
	case "Props", "MS":
		return members, values, Object
	case "DCT":
		return members, entry, Object
	case "En":
		return entry, values, Object
	case "TN":
		return types, typeName, Other
	case "TNRef":
		return types, 0, Other
	case "T":
		return typeName, 0, Other
	case "ToString":
		return printed, 0, Text
	case "PR": // a record of progress
		return opaque, 0, Other
	}
	return 0, 0, Other
}

// An element is one that is open.
type element struct {
	is, holds role
	depth     int
	object    int32 // the object that it is, or is a part of
	hasValue  bool  // of an object that is a plain value as well
	value     Node
	key       string // of an entry
}

func (c *clixml) at() int32 { return int32(c.d.InputOffset()) }

func (c *clixml) lose(what string) {
	if len(c.losses) < 20 {
		c.losses = append(c.losses, status.Loss{Line: int(c.at()), What: what, Advice: status.AdviceAgain})
	}
}

// read reads an element that is open to its end, and returns its text. The values in it go to what is open in the tree.
// Of the whole document, which has depth 0, it reads one element.
func (c *clixml) read(e *element) (string, error) {
	if e.depth > MaxDepth {
		return "", errTooDeep
	}
	var text strings.Builder
	for {
		if err := c.tree.Bound(); err != nil {
			return "", err
		}
		c.tokens.left = maxToken
		token, err := c.d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.Directive:
			return "", directive(t)
		case xml.Comment:
			c.pass(string(t))
		case xml.ProcInst:
			c.pass(string(t.Inst))
		case xml.CharData:
			text.Write(t)
			if e.holds != 0 && strings.TrimSpace(string(t)) != "" {
				c.lose("text between the elements of the XML: " + status.Quote(string(t)))
			}
		case xml.StartElement:
			if err := c.child(e, t); err != nil || e.depth == 0 {
				return "", err
			}
		case xml.EndElement:
			return powershell.Unescape(text.String()), nil
		}
	}
}

// child reads an element within another one.
func (c *clixml) child(up *element, t xml.StartElement) error {
	is, holds, kind := roleOf(t.Name.Local)
	switch {
	case up.is == opaque:
		is, holds = opaque, 0
	case is&up.holds != 0:
	case up.depth == 0:
		return notCLIXML(t.Name.Local)
	default:
		c.lose("an element that CLIXML does not have in this place: " + status.Quote(t.Name.Local))
		is, holds = opaque, 0
	}
	e := element{is: is, holds: holds, depth: up.depth + 1, object: up.object}
	name := attribute(t, "N")
	n := Node{Name: cmp.Or(up.key, name, attribute(t, "S")), Kind: kind, At: c.at()}
	c.passAttributes(t, n.Name, is&values != 0)
	switch is {
	case root, object:
		e.object = c.tree.Open(n)
		defer c.tree.Close()
		c.refs[attribute(t, "RefId")] = e.object
	case list:
		if c.tree.Nodes[e.object].Kind == List {
			c.lose("an object is two lists")
		}
		c.tree.Nodes[e.object].Kind = List
	case reference:
		if n.Child = c.refs[attribute(t, "RefId")]; n.Child == 0 {
			n.Kind = Other
		}
		c.tree.Add(n)
	}
	text, err := c.read(&e)
	switch n.Text = text; {
	case is == object:
		c.settle(&e)
	case is == printed:
		if printed := c.tree.Nodes[e.object].Text; printed != "" && printed != text {
			c.lose("an object is printed as two texts: " + status.Quote(printed) + " and " + status.Quote(text))
		}
		c.tree.Nodes[e.object].Text = text
	case is == scalar && up.is == entry && name == "Key":
		up.key = text
	case is == scalar && up.is == object:
		if up.hasValue {
			c.lose("an object has two values")
		}
		up.hasValue, up.value = true, n
	case is == scalar:
		c.tree.Add(n)
	default:
		c.pass(text)
		if strings.Contains(strings.TrimSpace(text), "\n") && holds == 0 {
			c.lose("text between the elements of the XML: " + status.Quote(text))
		}
	}
	return err
}

// settle makes an object that is a plain value or a list just that. The properties that it has besides (a remote
// session adds some to everything) stay below it.
func (c *clixml) settle(e *element) {
	n, v := &c.tree.Nodes[e.object], &e.value
	switch {
	case n.Kind == List && e.hasValue:
		c.lose("an object is a list as well")
	case n.Kind == List:
		for child := range c.tree.Children(e.object) {
			if p := c.tree.Nodes[child]; p.Meaning != 0 && !strings.HasPrefix(p.Name, "PS") {
				c.lose("an object is a list as well")
			}
		}
	case e.hasValue && v.Kind == Number && n.Text != "": // of an enum, whose text is the name
		n.Kind = Text
	case e.hasValue:
		if v.Kind == Text && n.Text != "" && n.Text != v.Text {
			c.lose("an object has two values: " + status.Quote(n.Text) + " and " + status.Quote(v.Text))
		}
		n.Kind, n.Text = v.Kind, v.Text
	case n.Child == 0 && n.Text != "":
		n.Kind = Text
	}
}

// notCLIXML says what a document is by its outermost element.
func notCLIXML(root string) error {
	switch strings.ToLower(root) {
	case "html", "table", "head", "body", "title", "colgroup", "tr":
		return ErrHTML
	}
	what := "it is XML, but not what Export-Clixml writes: its root is " + status.Quote(root)
	return status.Loss{What: what, Advice: status.AdviceSave}
}

// ErrHTML says that the document is HTML.
var ErrHTML = status.Loss{What: "it is HTML, which is not read", Advice: status.AdviceSave}

func directive(d xml.Directive) error {
	if strings.Contains(strings.ToLower(string(d[:min(len(d), 80)])), "html") {
		return ErrHTML
	}
	return status.Loss{What: "the XML has a document type (DTD), which no status has", Advice: status.AdviceSave}
}

// pass tells of a text that is no part of the tree.
func (c *clixml) pass(text string) {
	if c.tree.Passed != nil {
		c.tree.Passed(text)
	}
}

// passAttributes tells of the attributes of an element, but for the name of a value.
func (c *clixml) passAttributes(t xml.StartElement, name string, isValue bool) {
	for _, a := range t.Attr {
		if c.pass(a.Name.Local); !isValue || powershell.Unescape(a.Value) != name {
			c.pass(a.Value)
		}
	}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return powershell.Unescape(a.Value)
		}
	}
	return ""
}

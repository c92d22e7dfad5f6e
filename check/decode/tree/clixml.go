package tree

import (
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
	c := &clixml{tokens: tokens{Reader: strings.NewReader(text), left: maxToken}, tree: t, refs: map[string]int32{}}
	c.d = xml.NewDecoder(&c.tokens)
	c.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is UTF-8 by now
	err = c.document()
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
	depth  int
	losses []status.Loss
}

func (c *clixml) at() int32 { return int32(c.d.InputOffset()) }

func (c *clixml) lose(what string) { c.loseAt(c.at(), what) }

func (c *clixml) loseAt(at int32, what string) {
	if len(c.losses) < 20 {
		c.losses = append(c.losses, status.Loss{Line: int(at), What: what, Advice: status.AdviceAgain})
	}
}

// document reads up to the end of the root element.
func (c *clixml) document() error {
	for {
		token, err := c.d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return directive(t)
		case xml.Comment:
			c.pass(string(t))
		case xml.ProcInst:
			c.pass(string(t.Inst))
		case xml.StartElement:
			switch name := strings.ToLower(t.Name.Local); name {
			case "objs":
				c.tree.Open(Node{Kind: List, At: c.at()})
				defer c.tree.Close()
				return c.elements(func(t xml.StartElement) error { return c.value(t, attribute(t, "S")) })
			case "html", "table", "head", "body", "title", "colgroup", "tr":
				return ErrHTML
			default:
				what := "it is XML, but not what Export-Clixml writes: its root is " + status.Quote(name)
				return status.Loss{What: what, Advice: status.AdviceSave}
			}
		}
	}
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

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return powershell.Unescape(a.Value)
		}
	}
	return ""
}

// element reads the element that is open to its end: its text, or each element in it, which the function must read to
// its end.
func (c *clixml) element(each func(xml.StartElement) error) (text string, err error) {
	if c.depth++; c.depth > MaxDepth {
		return "", errTooDeep
	}
	defer func() { c.depth-- }()
	var b strings.Builder
	hasElements, between, at := false, "", c.at()
	for {
		if len(c.tree.Nodes) > maxValues {
			return "", errTooLarge
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
			b.Write(t)
			if line := strings.TrimSpace(string(t)); line != "" && between == "" {
				between, at = line, c.at()
			}
		case xml.StartElement:
			hasElements = true
			for _, a := range t.Attr {
				if a.Name.Local != "N" && a.Name.Local != "S" {
					c.pass(a.Value)
				}
			}
			if err := each(t); err != nil {
				return "", err
			}
		case xml.EndElement:
			if hasElements && between != "" {
				c.loseAt(at, "text between the elements of the XML: "+status.Quote(between))
			}
			return powershell.Unescape(b.String()), nil
		}
	}
}

func (c *clixml) elements(each func(xml.StartElement) error) error {
	_, err := c.element(each)
	return err
}

// skip passes over the element that is open, and says what can't be a part of it: a line between its elements.
func (c *clixml) skip() error {
	text, err := c.element(func(xml.StartElement) error { return c.skip() })
	c.pass(text)
	if text = strings.TrimSpace(text); strings.Contains(text, "\n") {
		c.lose("text between the elements of the XML: " + status.Quote(text))
	}
	return err
}

// text reads the text of the element that is open.
func (c *clixml) text() (string, error) {
	return c.element(func(t xml.StartElement) error {
		c.lose("an element stands within a text: " + status.Quote(t.Name.Local))
		return c.skip()
	})
}

// value reads a value, and adds it under a name.
func (c *clixml) value(t xml.StartElement, name string) error {
	n := Node{Name: name, At: c.at()}
	switch t.Name.Local {
	case "Obj":
		return c.object(t, n)
	case "Ref":
		n.Kind, n.Child = Ref, c.refs[attribute(t, "RefId")]
		if n.Child == 0 {
			n.Kind = Other
		}
		c.tree.Add(n)
		return c.skip()
	case "PR": // a record of progress
		n.Kind = Other
		c.tree.Add(n)
		return c.skip()
	}
	known := false
	if n.Kind, known = kindOf(t.Name.Local); !known {
		c.lose("an element that CLIXML does not have: " + status.Quote(t.Name.Local))
		return c.skip()
	}
	text, err := c.text()
	n.Text = text
	c.tree.Add(n)
	return err
}

// kindOf tells what type of value an element holds.
func kindOf(element string) (Kind, bool) {
	switch element {
	case "S", "C", "G", "URI", "Version", "DT", "TS", "XD", "SBK", "D", "SS", "BA":
		return Text, true
	case "I16", "I32", "I64", "U16", "U32", "U64", "By", "SB", "Db", "Sg":
		return Number, true
	case "B":
		return Other, true
	case "Nil":
		return Null, true
	}
	return Other, false
}

// object reads an object: its text, its properties, and what it is besides, a list, a dictionary or a plain value.
func (c *clixml) object(t xml.StartElement, n Node) error {
	at := c.tree.Open(n)
	defer c.tree.Close()
	c.refs[attribute(t, "RefId")] = at
	own, list := int32(0), int32(0)
	err := c.elements(func(t xml.StartElement) error {
		switch t.Name.Local {
		case "TN":
			return c.elements(func(t xml.StartElement) error {
				if t.Name.Local != "T" {
					c.lose("an element that names of types do not have: " + status.Quote(t.Name.Local))
				}
				return c.skip()
			})
		case "TNRef":
			return c.skip()
		case "ToString":
			text, err := c.text()
			c.tree.Nodes[at].Text = text
			return err
		case "Props", "MS":
			return c.elements(func(t xml.StartElement) error { return c.value(t, attribute(t, "N")) })
		case "LST", "IE", "QUE", "STK":
			if list != 0 {
				c.lose("an object is two lists")
			}
			list = c.tree.Open(Node{Kind: List, At: c.at()})
			defer c.tree.Close()
			return c.elements(func(t xml.StartElement) error { return c.value(t, "") })
		case "DCT":
			return c.elements(c.entry)
		}
		if own != 0 {
			c.lose("an object has two values")
		}
		own = int32(len(c.tree.Nodes))
		return c.value(t, "")
	})
	c.settle(at, own, list)
	return err
}

// entry reads an entry of a dictionary: its key is the name of its value.
func (c *clixml) entry(xml.StartElement) error {
	key := ""
	return c.elements(func(t xml.StartElement) (err error) {
		if attribute(t, "N") == "Key" && t.Name.Local != "Obj" {
			key, err = c.text()
			return err
		}
		return c.value(t, key)
	})
}

// settle makes an object that is a value or a list just that. Properties that were added to one (PSComputerName) go.
func (c *clixml) settle(at, own, list int32) {
	n := &c.tree.Nodes[at]
	switch {
	case own != 0 && list != 0:
		c.lose("an object is a list as well")
	case own != 0 && int(own) < len(c.tree.Nodes):
		value := c.tree.Nodes[own]
		if value.Kind == Text && n.Text != "" && n.Text != value.Text {
			c.lose("an object has two values: " + status.Quote(n.Text) + " and " + status.Quote(value.Text))
		}
		c.passAll(n.Child, own)
		n.Kind, n.Child = value.Kind, 0
		if value.Kind != Number || n.Text == "" { // the value of an enum is a number, its text the name
			n.Text = value.Text
		} else {
			n.Kind = Text
		}
	case list != 0:
		for child := range c.tree.Children(at) {
			// A remote session adds properties to everything.
			if v := c.tree.Nodes[child]; v.Meaning != 0 && !strings.HasPrefix(v.Name, "PS") {
				c.lose("an object is a list as well")
			}
		}
		c.passAll(n.Child, list)
		n.Kind, n.Child = List, c.tree.Nodes[list].Child
	case n.Child == 0 && n.Text != "":
		n.Kind = Text
	}
}

// passAll passes over the properties of an object, from the first one on, but for the one that is its value.
func (c *clixml) passAll(first, but int32) {
	for n := first; n != 0; n = c.tree.Nodes[n].Next {
		if v := c.tree.Nodes[n]; n != but {
			c.pass(v.Name + " " + v.Text)
			if v.Kind != Ref {
				c.passAll(v.Child, 0)
			}
		}
	}
}

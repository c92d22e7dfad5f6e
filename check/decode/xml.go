// CLIXML to a tree: what Export-Clixml writes, and what PowerShell prints with -OutputFormat XML.

package decode

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// maxToken bounds one token in bytes: the attributes of a tag take many times their size.
const maxToken = 1 << 20

// startsXML reports whether a text begins with a tag, a declaration or a comment.
func startsXML(text string) bool {
	if len(text) < 2 || text[0] != '<' {
		return false
	}
	c := text[1]
	return c == '?' || c == '!' || c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func beginsXML(l lines) bool {
	return startsXML(l.trimmed) || strings.HasPrefix(l.trimmed, powershell.CLIXMLHeader)
}

// readXML takes one document.
func readXML(r *reader) {
	if strings.HasPrefix(r.trimmed, powershell.CLIXMLHeader) {
		if r.next(); !startsXML(r.trimmed) {
			r.b.lose("", status.Loss{Line: r.number, What: "CLIXML that ends behind its first line", Advice: adviceAgain})
			return
		}
	}
	start, count := r.start, r.counter()
	c := &clixml{tokens: tokens{Reader: strings.NewReader(r.text[start:]), left: maxToken}, tree: r.tree.reset(len(r.text)), refs: map[string]int32{}}
	c.d = xml.NewDecoder(&c.tokens)
	c.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is UTF-8 by now
	err := c.document()
	r.jump(start + min(int(c.d.InputOffset()), len(r.text)-start))
	for _, l := range c.losses {
		l.Line = count.line(int32(l.Line))
		r.b.lose(l.What, l)
	}
	if err != nil {
		l := xmlLoss(err)
		if err != error(errHTML) {
			l.Line = r.number
		}
		r.b.lose(l.What, l)
		r.next()
		return
	}
	r.streams(c.tree, count.line, r.text[start:start+int(c.d.InputOffset())])
}

// streams takes what stands at the top of a document: PowerShell's output, or what it says beside that.
func (r *reader) streams(t *tree, line func(int32) int, document string) {
	o := r.objects(t, line)
	failed := 0
	for child := range t.children(1) {
		n := t.nodes[child]
		switch strings.ToLower(n.name) {
		case "", "output":
			o.find(child, r.pool)
			o.leftOver(child)
		case "error":
			failed = line(n.at)
		case "progress", "warning", "verbose", "debug", "information":
		default:
			r.b.lose("stream", status.Loss{Line: line(n.at), What: "a stream that PowerShell does not have: " + quote(n.name), Advice: adviceAgain})
		}
	}
	if failed > 0 {
		text, _ := powershell.Errors(document)
		r.b.fail(powershell.FirstMessage(text, maxMessage), failed)
	}
	if t.nodes[1].child == 0 {
		r.b.lose("", status.Loss{Line: line(t.nodes[1].at), What: "it is CLIXML, but holds nothing", Advice: adviceEmpty})
	}
}

// xmlLoss says what is wrong with XML.
func xmlLoss(err error) status.Loss {
	if l, ok := errors.AsType[status.Loss](err); ok {
		return l
	}
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok && !strings.Contains(syntax.Msg, "unexpected EOF") {
		return status.Loss{What: "the XML is broken: " + syntax.Msg, Advice: adviceAgain}
	}
	return status.Loss{What: "the XML breaks off: it is cut", Advice: adviceAgain, Err: err}
}

// tokens hands out bytes one by one, so that the decoder reads nothing beyond its document, and bounds one token.
type tokens struct {
	*strings.Reader
	left int
}

func (t *tokens) ReadByte() (byte, error) {
	if t.left--; t.left < 0 {
		return 0, status.Loss{What: "a text or a tag of it is longer than 1 MiB", Advice: adviceSave}
	}
	return t.Reader.ReadByte()
}

// A clixml is one document on its way to a tree. The lines of its losses are places in bytes.
type clixml struct {
	tokens tokens
	d      *xml.Decoder
	tree   *tree
	refs   map[string]int32 // objects by their RefId
	depth  int
	losses []status.Loss
}

func (c *clixml) at() int32 { return int32(c.d.InputOffset()) }

func (c *clixml) lose(what string) {
	if len(c.losses) < maxLosses {
		c.losses = append(c.losses, status.Loss{Line: int(c.at()), What: what, Advice: adviceAgain})
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
		case xml.StartElement:
			switch name := strings.ToLower(t.Name.Local); name {
			case "objs":
				c.tree.open(node{kind: kindList, at: c.at()})
				defer c.tree.close()
				return c.elements(func(t xml.StartElement) error { return c.value(t, attribute(t, "S")) })
			case "html", "table", "head", "body", "title", "colgroup", "tr":
				return errHTML
			default:
				return status.Loss{What: "it is XML, but not what Export-Clixml writes: its root is " + quote(name), Advice: adviceSave}
			}
		}
	}
}

var errHTML = status.Loss{What: "it is HTML, which is not read", Advice: adviceSave}

func directive(d xml.Directive) error {
	if strings.Contains(strings.ToLower(string(d[:min(len(d), 80)])), "html") {
		return errHTML
	}
	return status.Loss{What: "the XML has a document type (DTD), which no status has", Advice: adviceSave}
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return powershell.Unescape(a.Value)
		}
	}
	return ""
}

// elements hands over each element up to the end of the one that is open. The function must read it to its end.
func (c *clixml) elements(each func(xml.StartElement) error) error {
	if c.depth++; c.depth > maxDepth {
		return errDepth
	}
	defer func() { c.depth-- }()
	for {
		token, err := c.token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.Directive:
			return directive(t)
		case xml.StartElement:
			if err := each(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); text != "" {
				c.lose("text between the elements of the XML: " + quote(text))
			}
		}
	}
}

func (c *clixml) token() (xml.Token, error) {
	if c.tree.isTooLarge() {
		return nil, errValues
	}
	c.tokens.left = maxToken
	return c.d.Token()
}

// skip reads the element that is open to its end, and says what can't be a part of it: a state, a line between its
// elements.
func (c *clixml) skip() error {
	for depth, parent := 1, false; depth > 0; {
		token, err := c.token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			parent = true
		case xml.EndElement:
			depth--
		case xml.CharData:
			if text := strings.TrimSpace(string(t)); hasState(text) || text != "" && parent && depth == 1 || strings.Contains(text, "\n") {
				c.lose("text between the elements of the XML: " + quote(text))
			}
		}
	}
	return nil
}

// text reads the text of the element that is open, to its end.
func (c *clixml) text() (string, error) {
	var text strings.Builder
	for {
		token, err := c.token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			text.Write(t)
		case xml.StartElement:
			c.lose("an element stands within a text: " + quote(t.Name.Local))
			if err := c.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return powershell.Unescape(text.String()), nil
		}
	}
}

// value reads a value, and adds it under a name.
func (c *clixml) value(t xml.StartElement, name string) error {
	n := node{name: name, at: c.at()}
	switch t.Name.Local {
	case "Obj":
		return c.object(t, n)
	case "Ref":
		n.kind, n.child = kindRef, c.refs[attribute(t, "RefId")]
		if n.child == 0 {
			n.kind = kindOther
		}
		c.tree.add(n)
		return c.skip()
	case "PR": // a record of progress
		n.kind = kindOther
		c.tree.add(n)
		return c.skip()
	}
	known := false
	if n.kind, known = kindOf(t.Name.Local); !known {
		c.lose("an element that CLIXML does not have: " + quote(t.Name.Local))
		return c.skip()
	}
	text, err := c.text()
	n.text = text
	c.tree.add(n)
	return err
}

// kindOf tells what type of value an element holds.
func kindOf(element string) (kind, bool) {
	switch element {
	case "S", "C", "G", "URI", "Version", "DT", "TS", "XD", "SBK", "D", "SS", "BA":
		return kindText, true
	case "I16", "I32", "I64", "U16", "U32", "U64", "By", "SB", "Db", "Sg":
		return kindNumber, true
	case "B":
		return kindOther, true
	case "Nil":
		return kindNull, true
	}
	return kindOther, false
}

// object reads an object: its text, its properties, and what it is besides, a list, a dictionary or a plain value.
func (c *clixml) object(t xml.StartElement, n node) error {
	at := c.tree.open(n)
	defer c.tree.close()
	c.refs[attribute(t, "RefId")] = at
	own, list := int32(0), int32(0)
	err := c.elements(func(t xml.StartElement) error {
		switch t.Name.Local {
		case "TN":
			return c.elements(func(xml.StartElement) error { return c.skip() })
		case "TNRef":
			return c.skip()
		case "ToString":
			text, err := c.text()
			c.tree.nodes[at].text = text
			return err
		case "Props", "MS":
			return c.elements(func(t xml.StartElement) error { return c.value(t, attribute(t, "N")) })
		case "LST", "IE", "QUE", "STK":
			if list != 0 {
				c.lose("an object is two lists")
			}
			list = c.tree.open(node{kind: kindList, at: c.at()})
			defer c.tree.close()
			return c.elements(func(t xml.StartElement) error { return c.value(t, "") })
		case "DCT":
			return c.elements(c.entry)
		}
		if own != 0 {
			c.lose("an object has two values")
		}
		own = int32(len(c.tree.nodes))
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
	n := &c.tree.nodes[at]
	switch {
	case own != 0 && list != 0:
		c.lose("an object is a list as well")
	case own != 0 && int(own) < len(c.tree.nodes):
		value := c.tree.nodes[own]
		if value.kind == kindText && n.text != "" && n.text != value.text {
			c.lose("an object has two values: " + quote(n.text) + " and " + quote(value.text))
		}
		n.kind, n.child = value.kind, 0
		if value.kind != kindNumber || n.text == "" { // the value of an enum is a number, its text the name
			n.text = value.text
		} else {
			n.kind = kindText
		}
	case list != 0:
		for child := range c.tree.children(at) {
			if f := c.tree.nodes[child].field; f == fieldExport || f == fieldImport || f == fieldBackupModules {
				c.lose("an object is a list as well")
			}
		}
		n.kind, n.child = kindList, c.tree.nodes[list].child
	case n.child == 0 && n.text != "":
		n.kind = kindText
	}
}

// CLIXML, what Export-Clixml writes and what PowerShell prints with -OutputFormat XML: token by token with
// encoding/xml.

package decode

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// A byteReader hands out bytes one by one, so that the decoder reads nothing beyond its document, and bounds what one
// token may take.
type byteReader struct {
	r *bufio.Reader
	// used counts the bytes of the current token.
	used int
}

func (b *byteReader) Read(p []byte) (int, error) { return b.r.Read(p) }

func (b *byteReader) ReadByte() (byte, error) {
	b.used++
	if b.used > maxToken {
		return 0, errTooLong
	}
	return b.r.ReadByte()
}

// A clixml is the reading of one stream.
type clixml struct {
	b   *builder
	rec *recogniser
	// open are the elements that are open.
	open []element
	// errorText is the first error that PowerShell reported, failed that there is one.
	errorText string
	failed    bool
	// scalars has the text of the objects that are enums or decorated strings, for those that refer to them.
	scalars map[string]string
}

// A part is what an element is for the reading.
type part uint8

const (
	partRoot   part = iota // Objs
	partSkip               // nothing in it is looked at
	partObject             // Obj
	partProps              // Props, MS
	partList               // LST, IE, QUE, STK
	partDict               // DCT
	partEntry              // En
	partText               // ToString
	partLeaf               // a value
	partError              // an error record
)

type element struct {
	name string
	part part
	kind kind
	text []byte
	key  string // of an entry
	ref  string
	// Of an object: opened tells that an object (props) or a list was begun, scalar that it has a value of its own.
	props, list, scalar bool
	toString, own       string
	ownKind             kind
	named               bool
	errors              bool
}

// clixmlStatus reads a source that begins with CLIXML or other XML, n bytes from its start.
func clixmlStatus(s source, n int64) (status.Snapshot, error) {
	b := newBuilder()
	c := &clixml{b: b, rec: newRecogniser(b), scalars: map[string]string{}}
	r := &byteReader{r: bufio.NewReader(skipBytes(s.open(), n))}
	documents := 0
	for {
		more, err := c.header(r, documents == 0)
		if err != nil {
			return status.Snapshot{}, err
		}
		if !more {
			break
		}
		if err := c.document(r, s); err != nil {
			return status.Snapshot{}, err
		}
		documents++
	}
	if c.failed {
		l := status.Loss{What: "PowerShell reported an error in place of a status: " + quoteLong(c.errorText), Advice: adviceFailed}
		if b.empty() {
			return status.Snapshot{}, l
		}
		l.What = "PowerShell reported an error beside the status: " + quoteLong(c.errorText)
		b.lose("", l)
	}
	if b.empty() && c.rec.documents == 0 {
		return status.Snapshot{}, nothingRead(b, "it is CLIXML, but holds no status")
	}
	return b.finish()
}

// header skips what stands before a document: blanks and the line "#< CLIXML". more is false at the end.
func (c *clixml) header(r *byteReader, first bool) (more bool, err error) {
	for {
		p, err := r.r.Peek(1)
		if err != nil {
			return false, nil
		}
		switch {
		case p[0] == ' ', p[0] == '\t', p[0] == '\r', p[0] == '\n', p[0] == 0xEF:
			if _, err := r.r.ReadByte(); err != nil {
				return false, nil
			}
			if p[0] == 0xEF { // a byte order mark between two documents
				if mark, _ := r.r.Peek(2); string(mark) != "\xBB\xBF" {
					c.rest(r, "\xEF")
					return false, nil
				}
				if _, err := r.r.Discard(2); err != nil {
					return false, nil
				}
			}
		case p[0] == '<':
			return true, nil
		case p[0] == '#':
			if p, _ := r.r.Peek(len(powershell.CLIXMLHeader)); string(p) != powershell.CLIXMLHeader {
				c.rest(r, "")
				return false, nil
			}
			if _, err := r.r.Discard(len(powershell.CLIXMLHeader)); err != nil {
				return false, nil
			}
		default:
			c.rest(r, "")
			return false, nil
		}
	}
}

// rest says that something follows a document that is none.
func (c *clixml) rest(r *byteReader, head string) {
	p, _ := r.r.Peek(200)
	line, _, _ := strings.Cut(head+string(p), "\n")
	c.b.strangeLine(line, 0)
}

// document reads one document up to its end tag.
func (c *clixml) document(r *byteReader, s source) error {
	dec := xml.NewDecoder(r)
	// The text is UTF-8 already, whatever its first line says.
	dec.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	c.open = c.open[:0]
	for {
		r.used = 0
		token, err := dec.RawToken()
		if err != nil {
			return xmlError(err, dec)
		}
		switch t := token.(type) {
		case xml.Directive:
			line, _ := dec.InputPos()
			return status.Loss{Line: line, What: "the XML has a document type (DTD), which no status has", Advice: adviceSave}
		case xml.StartElement:
			if err := c.start(t, dec); err != nil {
				return err
			}
		case xml.EndElement:
			if len(c.open) == 0 || c.open[len(c.open)-1].name != t.Name.Local {
				line, _ := dec.InputPos()
				return status.Loss{Line: line, What: "the XML is broken: </" + t.Name.Local + "> closes nothing", Advice: adviceAgain}
			}
			c.end()
			if c.rec.err != nil {
				return c.rec.err
			}
			if c.b.fatal != nil {
				return c.b.fatal
			}
			if len(c.open) == 0 {
				return nil
			}
		case xml.CharData:
			c.chars(t, dec)
		}
	}
}

func xmlError(err error, dec *xml.Decoder) error {
	line, column := dec.InputPos()
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok && !strings.Contains(syntax.Msg, "unexpected EOF") {
		return status.Loss{Line: line, What: "the XML is broken in column " + strconv.Itoa(column), Advice: adviceAgain, Err: err}
	}
	if errors.Is(err, errTooLong) {
		return status.Loss{Line: line, What: "the XML can't be read", Advice: adviceAgain, Err: err}
	}
	return status.Loss{Line: line, What: "the XML breaks off: it is cut", Advice: adviceAgain, Err: err}
}

func attribute(t xml.StartElement, name string) (string, bool) {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}

// start opens an element.
func (c *clixml) start(t xml.StartElement, dec *xml.Decoder) error {
	if len(c.open) >= maxDepth {
		return errDepth
	}
	name := t.Name.Local
	e := element{name: name}
	if len(c.open) == 0 {
		if name != "Objs" {
			return status.Loss{What: "it is XML, but not what Export-Clixml writes: its root is <" + quoteName(name) + ">", Advice: adviceSave}
		}
		e.part = partRoot
		c.push(e)
		return nil
	}
	up := &c.open[len(c.open)-1]
	switch up.part {
	case partSkip:
		e.part = partSkip
		e.errors = up.errors
	case partError:
		// The message of an error record is its text.
		e.part = partSkip
		if name == "ToString" && len(c.open) == 2 {
			e.part, e.errors = partText, true
		}
	case partLeaf, partText:
		line, _ := dec.InputPos()
		c.b.lose("element in text", status.Loss{Line: line, What: "an element <" + quoteName(name) + "> stands within a text", Advice: adviceAgain})
		e.part = partSkip
	case partObject:
		c.inObject(&e, up)
	case partEntry:
		c.inEntry(&e, up, t)
	case partDict:
		e.part = partEntry
		if name != "En" {
			e.part = partSkip
			c.strange(name, dec)
		}
	case partRoot, partProps, partList:
		stream, _ := attribute(t, "S")
		if up.part != partRoot {
			stream = ""
		}
		switch strings.ToLower(stream) {
		case "", "output":
		case "error":
			c.failed = true
			e.part, e.errors = partError, true
			if name != "Obj" {
				e.part = partLeaf
			}
			c.push(e)
			return nil
		case "progress", "warning", "verbose", "debug", "information":
			e.part = partSkip
			c.push(e)
			return nil
		default:
			c.strange(name+" S="+stream, dec)
		}
		if up.part == partProps {
			n, ok := attribute(t, "N")
			if !ok {
				c.b.lose("nameless property", status.Loss{What: "a property of an object has no name", Advice: adviceAgain})
			}
			c.rec.key(powershell.Unescape(n))
		}
		c.value(&e, t, dec)
	}
	c.push(e)
	return nil
}

func (c *clixml) push(e element) { c.open = append(c.open, e) }

func (c *clixml) strange(name string, dec *xml.Decoder) {
	line, _ := dec.InputPos()
	c.b.lose("strange element", status.Loss{Line: line, What: "an element that CLIXML does not have: <" + quoteName(name) + ">", Advice: adviceAgain})
}

// value sets what an element in the place of a value is.
func (c *clixml) value(e *element, t xml.StartElement, dec *xml.Decoder) {
	switch e.name {
	case "Obj":
		e.part = partObject
		e.ref, _ = attribute(t, "RefId")
	case "Ref":
		e.part = partLeaf
		ref, _ := attribute(t, "RefId")
		if text, ok := c.scalars[ref]; ok {
			e.text, e.kind = []byte(text), kindText
		} else {
			e.kind = kindOther
		}
	default:
		e.part = partLeaf
		known := false
		if e.kind, known = kindOf(e.name); !known {
			c.strange(e.name, dec)
		}
	}
}

// kindOf tells what type of value an element holds.
func kindOf(name string) (kind, bool) {
	switch name {
	case "S", "C", "G", "URI", "Version", "DT", "TS", "XD", "SBK", "D", "SS", "BA", "ToString":
		return kindText, true
	case "I16", "I32", "I64", "U16", "U32", "U64", "By", "SB", "Db", "Sg":
		return kindNumber, true
	case "B":
		return kindBool, true
	case "Nil":
		return kindNull, true
	case "PR":
		return kindOther, true
	}
	return kindOther, false
}

// inObject sets what an element of an Obj is.
func (c *clixml) inObject(e, up *element) {
	switch e.name {
	case "TN", "TNRef":
		e.part = partSkip
	case "ToString":
		e.part = partText
	case "Props", "MS":
		e.part = partProps
		switch {
		case up.list || up.scalar:
			e.part = partSkip // what was added to a list or to a string: PSComputerName and the like
		case up.props:
		case up.toString != "" && c.rec.wantsText():
			// An object in place of a text, an address for one: its text is what PowerShell would print.
			up.scalar, up.own, up.ownKind = true, up.toString, kindText
			e.part = partSkip
		default:
			up.props = true
			c.rec.begin(false)
		}
	case "LST", "IE", "QUE", "STK":
		if c.isFree(e, up, "an object is a list as well: its elements are not read") {
			e.part, up.list = partList, true
			c.rec.begin(true)
		}
	case "DCT":
		if c.isFree(e, up, "an object is a dictionary as well: its entries are not read") {
			e.part, up.props = partDict, true
			c.rec.begin(false)
		}
	default:
		e.part = partLeaf
		known := false
		if e.kind, known = kindOf(e.name); !known {
			c.b.lose("strange element", status.Loss{What: "an element that CLIXML does not have: <" + quoteName(e.name) + ">", Advice: adviceAgain})
		}
	}
}

// isFree reports whether an object holds nothing yet, so that the element may be what it holds; if not, the element is
// skipped, which is a loss.
func (c *clixml) isFree(e, up *element, loss string) bool {
	if up.props || up.list || up.scalar {
		e.part = partSkip
		c.b.lose("list in object", status.Loss{What: loss, Advice: adviceSave})
		return false
	}
	return true
}

// inEntry sets what an element of a dictionary's entry is: the key first, then the value.
func (c *clixml) inEntry(e, up *element, t xml.StartElement) {
	n, _ := attribute(t, "N")
	if n == "Key" && !up.named {
		e.part = partLeaf
		e.kind, _ = kindOf(e.name)
		return
	}
	if n != "Value" || !up.named {
		e.part = partSkip
		c.b.lose("entry", status.Loss{What: "an entry of a dictionary is not understood", Advice: adviceAgain})
		return
	}
	up.named = false // one value only
	c.rec.key(up.key)
	switch e.name {
	case "Obj":
		e.part = partObject
	default:
		e.part = partLeaf
		e.kind, _ = kindOf(e.name)
	}
}

// chars takes the text of an element.
func (c *clixml) chars(t xml.CharData, dec *xml.Decoder) {
	if len(c.open) == 0 {
		return
	}
	e := &c.open[len(c.open)-1]
	switch e.part {
	case partLeaf, partText:
		if len(e.text)+len(t) <= maxToken {
			e.text = append(e.text, t...)
		} else if c.b.fatal == nil {
			c.b.fatal = status.Loss{What: "the XML can't be read", Advice: adviceSave, Err: errTooLong}
		}
	case partSkip, partError:
	default:
		if text := strings.TrimSpace(string(t)); text != "" {
			line, _ := dec.InputPos()
			c.b.lose("text between", status.Loss{Line: line, What: "text between the elements of the XML: " + quote(text), Advice: adviceAgain})
		}
	}
}

// end closes the innermost element.
func (c *clixml) end() {
	e := c.open[len(c.open)-1]
	c.open = c.open[:len(c.open)-1]
	var up *element
	if len(c.open) > 0 {
		up = &c.open[len(c.open)-1]
	}
	switch e.part {
	case partObject:
		c.endObject(&e)
	case partText:
		text := powershell.Unescape(string(e.text))
		if e.errors {
			c.message(text, false)
		} else {
			up.toString = text
		}
	case partLeaf:
		c.endLeaf(&e, up)
	}
}

func (c *clixml) endObject(e *element) {
	switch {
	case e.props, e.list:
		c.rec.end()
	case e.scalar:
		c.emit(e.ref, e.ownKind, e.own)
	case e.toString != "":
		c.emit(e.ref, kindText, e.toString)
	default:
		c.rec.value(kindOther, "")
	}
}

// emit hands out the value of an object, and keeps it for those that refer to it.
func (c *clixml) emit(ref string, k kind, text string) {
	if ref != "" && k == kindText && len(c.scalars) < maxShared && len(text) <= maxName {
		c.scalars[ref] = text
	}
	c.rec.value(k, text)
}

func (c *clixml) endLeaf(e, up *element) {
	text := ""
	if len(e.text) > 0 {
		text = powershell.Unescape(string(e.text))
	}
	switch {
	case e.errors:
		c.message(text, true)
	case up.part == partObject:
		// The value of an enum is a number, its text the name; a decorated string is its own text.
		up.scalar = true
		up.own, up.ownKind = text, e.kind
		if e.kind == kindNumber && up.toString != "" {
			up.own, up.ownKind = up.toString, kindText
		}
	case up.part == partEntry && !up.named && up.key == "":
		up.key, up.named = text, true
	default:
		c.rec.value(e.kind, text)
	}
}

// message keeps the first error that PowerShell reported. Windows PowerShell prints it in pieces, one a line.
func (c *clixml) message(text string, piece bool) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
	case c.errorText == "":
		c.errorText = strings.Clone(text)
	case piece && len(c.errorText) < 300:
		c.errorText += " " + text
	}
}

// quoteLong bounds a message that is quoted whole, on one line.
func quoteLong(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return text
}

func quoteName(name string) string {
	if len(name) > 40 {
		name = strings.ToValidUTF8(name[:40], "") + "…"
	}
	return name
}

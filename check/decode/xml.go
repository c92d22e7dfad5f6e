// CLIXML: what Export-Clixml writes, and what PowerShell prints with -OutputFormat XML.

package decode

import (
	"encoding/xml"
	"errors"
	"strings"

	"check_cs_backup/check/decode/tree"
	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

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
		if r.trimmed != powershell.CLIXMLHeader {
			r.b.lose(r.number, "CLIXML that goes on in its first line: an agent joined lines", adviceAgain)
			r.next()
			return
		}
		if r.next(); !startsXML(r.trimmed) {
			r.b.lose(r.number, "CLIXML that ends behind its first line", adviceAgain)
			return
		}
	}
	start, count := r.start, r.numbers()
	t := r.tree.Reset(r.text)
	n, losses, err := t.ReadCLIXML(r.text[start:])
	r.jump(start + n)
	for _, l := range losses {
		r.b.lose(count(int32(l.Line)), l.What, l.Advice)
	}
	if err != nil {
		l := xmlLoss(err)
		line := r.number
		if err == error(tree.ErrHTML) {
			line = 0
		}
		r.b.lose(line, l.What, l.Advice)
		r.next()
		return
	}
	r.streams(t, count)
}

// streams takes what stands at the top of a document: PowerShell's output, or what it says beside that.
func (r *reader) streams(t *tree.Tree, line func(int32) int) {
	o := r.objects(t, line)
	failed, message := 0, ""
	for child := range t.Children(1) {
		n := t.Nodes[child]
		switch strings.ToLower(n.Name) {
		case "", "output":
			o.find(child, r.row(), false)
			o.leftOver(child, false)
		case "error":
			failed = line(n.At)
			if message += n.Text; n.Kind == tree.Object { // a whole record; else a piece of the console's text
				message += "\n\n"
			}
		case "progress", "warning", "verbose", "debug", "information":
			o.leftOver(child, true)
		default:
			r.b.lose(line(n.At), "a stream that PowerShell does not have: "+quote(n.Name), adviceAgain)
		}
	}
	if failed > 0 {
		r.b.fail(powershell.FirstMessage(message, maxMessage), failed)
	}
	if t.Nodes[1].Child == 0 {
		r.b.lose(line(t.Nodes[1].At), "it is CLIXML, but holds nothing", adviceEmpty)
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
	return status.Loss{What: "the XML breaks off: it is cut", Advice: adviceAgain}
}

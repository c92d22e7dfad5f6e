// Package powershell undoes what PowerShell does to text on its way out: the colours of a console, the escapes of
// CLIXML. It knows nothing of what the text says.
package powershell

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// CLIXMLHeader is the line that stands before CLIXML which PowerShell prints for another process.
const CLIXMLHeader = "#< CLIXML"

// StripEscapes takes terminal escape sequences out of a line: colours (CSI) and titles or links (OSC).
func StripEscapes(line string) string {
	i := strings.IndexByte(line, 0x1b)
	if i < 0 {
		return line
	}
	var b strings.Builder
	for i >= 0 {
		b.WriteString(line[:i])
		line = line[i+1:]
		if line == "" {
			break
		}
		switch line[0] {
		case '[':
			n := 1
			for n < len(line) && (line[n] < 0x40 || line[n] > 0x7e) {
				n++
			}
			line = line[min(n+1, len(line)):]
		case ']':
			if n := strings.IndexByte(line, 0x07); n >= 0 {
				line = line[n+1:]
			} else if n := strings.Index(line, "\x1b\\"); n >= 0 {
				line = line[n+2:]
			} else {
				line = ""
			}
		default:
			_, n := utf8.DecodeRuneInString(line)
			line = line[n:]
		}
		i = strings.IndexByte(line, 0x1b)
	}
	b.WriteString(line)
	return b.String()
}

// Unescape decodes _xHHHH_, which stands for a UTF-16 unit that XML can't hold.
func Unescape(s string) string {
	i := strings.Index(s, "_x")
	if i < 0 {
		return s
	}
	var b strings.Builder
	var units []uint16
	flush := func() {
		for _, r := range utf16.Decode(units) {
			b.WriteRune(r)
		}
		units = units[:0]
	}
	for i >= 0 {
		if i > 0 {
			flush()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if len(s) >= 7 && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				units = append(units, uint16(n))
				s = s[7:]
				i = strings.Index(s, "_x")
				continue
			}
		}
		flush()
		b.WriteString(s[:2])
		s = s[2:]
		i = strings.Index(s, "_x")
	}
	flush()
	b.WriteString(s)
	return b.String()
}

// Which encoding the bytes are in, found by looking, and how to read them as UTF-8 without a copy of the whole.

package decode

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"check_cs_backup/check/status"
)

// encodingOf names an encoding that a saved status may be in.
type encodingOf uint8

const (
	plain     encodingOf = iota // UTF-8, or an old code page that shares ASCII with it
	utf16le                     // what Windows PowerShell 5.1 writes with > and Out-File
	utf16be                     // Out-File -Encoding bigendianunicode
	utf32leOf                   // Out-File -Encoding utf32
	utf32beOf
)

// unit is the number of bytes of one code unit.
func (e encodingOf) unit() int {
	switch e {
	case utf16le, utf16be:
		return 2
	case utf32leOf, utf32beOf:
		return 4
	}
	return 1
}

// A source is a saved status as bytes whose encoding is known. It is a view: nothing is copied.
type source struct {
	data []byte
	enc  encodingOf
	// broken says that data holds bytes that are no UTF-8: an old code page.
	broken bool
}

// identify finds the encoding of data. A NUL character in the text says that it is none.
func identify(data []byte) (source, error) {
	s := source{data: data}
	switch {
	case len(data) == 0:
		return s, status.Loss{What: "the status is empty: no bytes at all", Advice: adviceEmpty}
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE, 0, 0}):
		s.enc, s.data = utf32leOf, data[4:]
	case bytes.HasPrefix(data, []byte{0, 0, 0xFE, 0xFF}):
		s.enc, s.data = utf32beOf, data[4:]
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		s.enc, s.data = utf16le, data[2:]
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		s.enc, s.data = utf16be, data[2:]
	case bytes.HasPrefix(data, []byte{0xEF, 0xBB, 0xBF}):
		s.data = data[3:]
	default:
		s.enc = guess(data)
	}
	if s.hasNUL() {
		return s, status.Loss{What: "the file is binary: it holds NUL characters", Advice: adviceSave}
	}
	if s.enc == plain {
		invalid := invalidBytes(s.data)
		s.broken = invalid > 0
		// Text in an old code page is ASCII for the most part; beyond that it is no text.
		if invalid > len(s.data)/2 {
			return s, status.Loss{What: "the file is binary: most of its bytes are no text", Advice: adviceSave}
		}
	}
	return s, nil
}

// guess finds the encoding of text without a byte order mark from where its zero bytes stand: a status is ASCII for
// the most part.
func guess(data []byte) encodingOf {
	sample := data[:min(len(data), 4096)&^3]
	if len(sample) == 0 {
		sample = data
	}
	if len(sample) < 2 {
		return plain
	}
	if bytes.IndexByte(sample, 0) < 0 {
		return plain
	}
	var zeros, places [4]int
	for i, c := range sample {
		places[i&3]++
		if c == 0 {
			zeros[i&3]++
		}
	}
	// most allows for letters outside ASCII, none does not allow for anything.
	most := func(i int) bool { return zeros[i]*2 > places[i] }
	none := func(i int) bool { return zeros[i] == 0 }
	switch {
	case none(0) && most(1) && most(2) && most(3):
		return utf32leOf
	case most(0) && most(1) && most(2) && none(3):
		return utf32beOf
	case none(0) && most(1) && none(2) && (most(3) || places[3] == 0):
		return utf16le
	case most(0) && none(1) && (most(2) || places[2] == 0) && none(3):
		return utf16be
	}
	return plain
}

// hasNUL reports whether the text holds the character NUL.
func (s source) hasNUL() bool {
	switch s.enc.unit() {
	case 2:
		for i := 0; i+1 < len(s.data); i += 2 {
			if s.data[i] == 0 && s.data[i+1] == 0 {
				return true
			}
		}
		return false
	case 4:
		for i := 0; i+3 < len(s.data); i += 4 {
			if s.data[i] == 0 && s.data[i+1] == 0 && s.data[i+2] == 0 && s.data[i+3] == 0 {
				return true
			}
		}
		return false
	}
	return bytes.IndexByte(s.data, 0) >= 0
}

// open reads the text from its start as valid UTF-8.
func (s source) open() io.Reader {
	var e encoding.Encoding
	switch s.enc {
	case utf16le:
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case utf16be:
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case utf32leOf:
		e = utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM)
	case utf32beOf:
		e = utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM)
	default:
		if s.broken {
			return &codePage{rest: s.data}
		}
		return bytes.NewReader(s.data)
	}
	return e.NewDecoder().Reader(bytes.NewReader(s.data))
}

// find returns the place of an ASCII word in the encoded data from a place on, or -1.
func (s source) find(word string, from int) int {
	unit := s.enc.unit()
	coded := make([]byte, 0, len(word)*unit)
	for i := range len(word) {
		switch s.enc {
		case utf16le:
			coded = append(coded, word[i], 0)
		case utf16be:
			coded = append(coded, 0, word[i])
		case utf32leOf:
			coded = append(coded, word[i], 0, 0, 0)
		case utf32beOf:
			coded = append(coded, 0, 0, 0, word[i])
		default:
			coded = append(coded, word[i])
		}
	}
	for from < len(s.data) {
		i := bytes.Index(s.data[from:], coded)
		if i < 0 {
			return -1
		}
		if (from+i)%unit == 0 {
			return from + i
		}
		from += i + 1
	}
	return -1
}

// slice returns a part of the text.
func (s source) slice(from, to int) source {
	s.data = s.data[from:to]
	return s
}

// invalidBytes counts the bytes that are no UTF-8.
func invalidBytes(data []byte) int {
	if utf8.Valid(data) {
		return 0
	}
	n := 0
	for len(data) > 0 {
		if data[0] < utf8.RuneSelf {
			data = data[1:]
			continue
		}
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			n++
		}
		data = data[size:]
	}
	return n
}

// A codePage reads text of an unknown old code page. Its ASCII stands; of the rest only the ellipsis of the Windows
// code pages is kept, because it says that something is cut.
type codePage struct {
	rest    []byte
	pending string
}

func (c *codePage) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if c.pending != "" {
			k := copy(p[n:], c.pending)
			c.pending = c.pending[k:]
			n += k
			continue
		}
		if len(c.rest) == 0 {
			break
		}
		if c.rest[0] < utf8.RuneSelf {
			p[n] = c.rest[0]
			c.rest = c.rest[1:]
			n++
			continue
		}
		r, size := utf8.DecodeRune(c.rest)
		switch {
		case r != utf8.RuneError || size > 1:
			c.pending = string(c.rest[:size])
		case c.rest[0] == 0x85:
			c.pending = "…"
		default:
			c.pending = "\uFFFD"
		}
		c.rest = c.rest[size:]
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

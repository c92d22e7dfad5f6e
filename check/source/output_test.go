package source

import (
	"bytes"
	"strings"
	"testing"

	"check_cs_backup/check/status"
)

func TestOutputFindsTheDocument(t *testing.T) {
	const begin, end = status.BeginMarker, status.EndMarker
	for _, c := range []struct{ name, printed, want string }{
		{"nothing", "", ""},
		{"only the document", begin + "QQ==" + end, begin + "QQ==" + end},
		{"noise around it in the same line", "a" + begin + "QQ==" + end + "b", begin + "QQ==" + end},
		{"wrapped by what carried it", begin + "QQ\r\n==" + end, begin + "QQ\r\n==" + end},
		{"the first of two", begin + "QQ==" + end + begin + "Qg==" + end, begin + "QQ==" + end},
		{"a begin marker that was only talk", begin + " is what I print: " + begin + "QQ==" + end, begin + "QQ==" + end},
		{"an end marker that was only talk", end + begin + "QQ==" + end, begin + "QQ==" + end},
		{"a script that is shown", begin + "' + $line + '" + end + "\n" + begin + "QQ==" + end, begin + "QQ==" + end},
		{"nothing between the markers", begin + end, ""},
		{"no base64", begin + "<html>" + end + " " + begin + "?" + end, ""},
		{"cut in the marker", begin + "QQ==" + end[:len(end)-1], ""},
		{"marker with an end that is a beginning", "-----BEGIN -----BEGIN CHECK_CS_BACKUP-----QQ==" + end, begin + "QQ==" + end},
	} {
		t.Run(c.name, func(t *testing.T) {
			for size := 1; size <= len(c.printed)+1; size++ {
				o := newOutput(Limit)
				for chunk := range chunks([]byte(c.printed), size) {
					o.Write(chunk)
				}
				if got := o.document; got != c.want {
					t.Fatalf("in pieces of %d: %q", size, got)
				}
			}
		})
	}
}

func TestOutputHasItsLimit(t *testing.T) {
	piece := bytes.Repeat([]byte("x"), 1000)
	for _, before := range []string{"", status.BeginMarker} {
		o := newOutput(10000)
		o.Write([]byte(before))
		writes := 0
		for ; writes < 20; writes++ {
			if _, err := o.Write(piece); err != nil {
				break
			}
		}
		if writes != 11-min(len(before), 1) {
			t.Errorf("%d writes", writes)
		}
		select {
		case <-o.ended:
		default:
			t.Error("not ended")
		}
		if len(o.text) > 12000 {
			t.Errorf("keeps %d bytes", len(o.text))
		}
	}
}

func TestOutputTakesAWholeDocumentUpToTheLimit(t *testing.T) {
	o := newOutput(Limit)
	piece := bytes.Repeat([]byte("QUJD"), 1<<18)
	o.Write([]byte("noise" + status.BeginMarker))
	const pieces = Limit>>20 - 1
	for range pieces {
		o.Write(piece)
	}
	o.Write([]byte(status.EndMarker))
	if len(o.document) != pieces<<20+len(status.BeginMarker)+len(status.EndMarker) {
		t.Errorf("%d bytes", len(o.document))
	}
}

func chunks(p []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for len(p) > 0 {
			n := min(size, len(p))
			if !yield(p[:n]) {
				return
			}
			p = p[n:]
		}
	}
}

func FuzzOutput(f *testing.F) {
	for _, seed := range []string{"", "a" + line + "b", status.BeginMarker + status.BeginMarker + "QQ==" + status.EndMarker,
		status.BeginMarker + "<" + status.EndMarker + line, line[:len(line)-3], "-----BEGIN CHECK_CS_BACKUP----" + line} {
		f.Add([]byte(seed), 7)
	}
	f.Fuzz(func(t *testing.T, printed []byte, size int) {
		if size < 1 {
			size = 1
		}
		whole, pieces := newOutput(Limit), newOutput(Limit)
		whole.Write(printed)
		for chunk := range chunks(printed, size) {
			if n, err := pieces.Write(chunk); n != len(chunk) || err != nil {
				t.Fatal(n, err)
			}
		}
		got := whole.document
		if got != pieces.document {
			t.Fatalf("%q in one piece, %q in pieces of %d", got, pieces.document, size)
		}
		isMarked := strings.HasPrefix(got, status.BeginMarker) && strings.HasSuffix(got, status.EndMarker)
		if got != "" && (!isMarked || !bytes.Contains(printed, []byte(got))) {
			t.Fatalf("%q", got)
		}
		// A document that stands there whole is found, whatever is around it.
		around := newOutput(Limit)
		around.Write(append(append(bytes.Clone(printed), '\n'), line...))
		if around.document == "" {
			t.Fatalf("the document behind %q is lost", printed)
		}
		if n, cut := pieces.cut(); cut && n < 0 {
			t.Fatal(n)
		}
	})
}

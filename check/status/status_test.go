package status

import (
	"errors"
	"io/fs"
	"testing"
)

func TestLossIsAnError(t *testing.T) {
	tests := map[string]Loss{
		"a table without a header":                 {What: "a table without a header", Advice: "not part of it"},
		"line 5: a row is cut":                     {Line: 5, What: "a row is cut"},
		"line 5: can't be read: permission denied": {Line: 5, What: "can't be read", Err: fs.ErrPermission},
		"can't be read: file does not exist":       {What: "can't be read", Err: fs.ErrNotExist},
	}
	for want, loss := range tests {
		if got := loss.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if loss.Err != nil && !errors.Is(loss, loss.Err) {
			t.Errorf("%q hides its cause", want)
		}
	}
}

func TestModule(t *testing.T) {
	m := Module{Identity: "centralmgmt.cmsMASTER", Export: "notinitialized", Import: "NormalState"}
	if !m.IsCMSMaster() || !m.Export.Is(NotInitialized) || m.State(Export) != m.Export || m.State(Import) != m.Import {
		t.Errorf("%+v", m)
	}
	if Export.String() != "export" || Import.String() != "import" {
		t.Error("directions have other names")
	}
}

func TestCutMarked(t *testing.T) {
	const b, e = BeginMarker, EndMarker
	for _, c := range []struct {
		text, before, document, rest string
		found                        bool
	}{
		{"", "", "", "", false},
		{"x", "", "", "x", false},
		{"a" + b + "QQ==" + e + "z", "a", "QQ==", "z", true},
		{b + "one" + b + "QQ==" + e + b + "Qg==" + e, b + "one", "QQ==", b + "Qg==" + e, true},
		{"a" + e + b + "QQ==" + e, "a", "", b + "QQ==" + e, false},
		{b + "QQ==", "", "", b + "QQ==", false},
	} {
		before, document, rest, found := CutMarked(c.text)
		if before != c.before || document != c.document || rest != c.rest || found != c.found {
			t.Errorf("%q: %q, %q, %q, %v", c.text, before, document, rest, found)
		}
	}
}

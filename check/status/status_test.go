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

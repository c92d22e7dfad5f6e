package decode

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// TestWholeListsSayTheSameAsTokens: a list of modules that is taken as a whole means what it means token by token, as
// the same document does with blanks between its tokens.
func TestWholeListsSayTheSameAsTokens(t *testing.T) {
	const a, b = `{"identity":"A.A","exportStatus":"FinalState","importStatus":"NormalState"}`, `{"identity":"B.B","exportStatus":"ErrorState","importStatus":"NormalState"}`
	lists := map[string]string{
		"two":             `[` + a + `,` + b + `]`,
		"one":             `[` + a + `]`,
		"none":            `[]`,
		"null":            `null`,
		"text":            `"A.A:[FinalState,NormalState]"`,
		"an object":       `{"value":[` + a + `],"Count":1}`,
		"a list in it":    `[[` + a + `],` + b + `]`,
		"another key":     `[` + a + `,{"identity":"B.B","exportStatus":"FinalState","importStatus":"NormalState","x":1}]`,
		"another order":   `[{"exportStatus":"FinalState","identity":"B.B","importStatus":"NormalState"}]`,
		"a key is absent": `[` + a + `,{"identity":"B.B","exportStatus":"FinalState"}]`,
		"a key twice":     `[{"identity":"B.B","exportStatus":"FinalState","exportStatus":"ErrorState","importStatus":"NormalState"}]`,
		"an escape":       `[` + a + `,{"identity":"B\u0027B","exportStatus":"FinalState","importStatus":"NormalState"}]`,
		"not ASCII":       `[{"identity":"Bö","exportStatus":"FinalState","importStatus":"NormalState"}]`,
		"an empty text":   `[{"identity":"","exportStatus":"","importStatus":"NormalState"}]`,
		"a number":        `[{"identity":"B.B","exportStatus":3,"importStatus":"NormalState"}]`,
		"two lists":       `[` + a + `],"modules":[` + b + `]`,
		"two lists, swap": `[` + b + `],"modules":[` + a + `]`,
	}
	for name, list := range lists {
		t.Run(name, func(t *testing.T) {
			text := `{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p","modules":` + list + `},{"poolFqdn":"q","modules":[` + b + `]}]}`
			var spread bytes.Buffer
			if err := json.Indent(&spread, []byte(text), "", " "); err != nil {
				t.Fatal(err)
			}
			whole, wholeErr := Decode([]byte(text))
			tokens, tokensErr := Decode(spread.Bytes())
			for i := range tokens.Losses {
				tokens.Losses[i].Line = 0
			}
			for i := range whole.Losses {
				whole.Losses[i].Line = 0
			}
			if !reflect.DeepEqual(whole, tokens) || !reflect.DeepEqual(wholeErr, tokensErr) {
				t.Errorf("as a whole: %+v %v\nby tokens:  %+v %v", whole, wholeErr, tokens, tokensErr)
			}
			if name == "two" && (len(whole.Losses) > 0 || len(whole.Pools) != 2 || len(whole.Pools[0].Modules) != 2) {
				t.Errorf("%+v", whole)
			}
			if name == "two lists" && len(whole.Losses) == 0 {
				t.Error("a second list is no loss")
			}
		})
	}
}

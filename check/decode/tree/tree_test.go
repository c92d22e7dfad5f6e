package tree

import (
	"fmt"
	"strings"
	"testing"
)

// show writes a value of a tree in a form of its own.
func show(t *Tree, n int32, depth int) string {
	v := t.Nodes[n]
	name := ""
	if v.Name != "" {
		name = v.Name + "="
	}
	if v.Kind == Ref {
		return name + fmt.Sprintf("→%d", v.Child)
	}
	var parts []string
	for c := range t.Children(n) {
		parts = append(parts, show(t, c, depth+1))
	}
	switch v.Kind {
	case Object:
		return name + "{" + strings.Join(parts, " ") + "}" + v.Text
	case List:
		return name + "[" + strings.Join(parts, " ") + "]"
	case Null:
		return name + "null"
	}
	return name + v.Text
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"an object", `{"a":1,"b":[true,null,"x\u00e4"],"c":{}} rest`, "{a=1 b=[true null xä] c={}}"},
		{"objects in a list", `[[],{}]`, "[[] {}]"},
		{"a text", `"text"`, "text"},
		{"a name twice", `{"a":1,"a":2}`, "{a=1 a=2}"},
		{"half a surrogate", `["\ud800"]`, "[\uFFFD]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, want := c.text, c.want
			tree := new(Tree).Reset("")
			n, err := tree.ReadJSON(text)
			if got := show(tree, 1, 0); err != nil || got != want || n > len(strings.TrimSuffix(text, " rest")) {
				t.Errorf("%s: %s, %d, %v", text, got, n, err)
			}
		})
	}
	for _, text := range []string{"{", `{"a"`, `[1,]`, `{"a" 1}`, strings.Repeat("[", 100), "x"} {
		if n, err := new(Tree).Reset("").ReadJSON(text); err == nil || n > len(text) {
			t.Errorf("%s: %d, %v", text, n, err)
		}
	}
}

func TestCLIXML(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"streams", `<Objs><S>a</S><I32 S="Error">1</I32><Nil/></Objs>`, "[a Error=1 null]"},
		{
			"an object and a reference",
			`<Objs><Obj RefId="0"><ToString>P</ToString><Props><S N="a">b_x000A_</S></Props><MS><S N="c">d</S></MS></Obj><Ref ` +
				`RefId="0"/></Objs>`,
			"[{a=b\n c=d}P →2]",
		},
		{"an enum", `<Objs><Obj RefId="0"><ToString>FinalState</ToString><I32>4</I32></Obj></Objs>`, "[FinalState]"},
		{
			"a list with a property",
			`<Objs><Obj><LST><S>a</S></LST><MS><S N="PSComputerName">x</S></MS></Obj></Objs>`,
			"[[a PSComputerName=x]]",
		},
		{"a dictionary", `<Objs><Obj><DCT><En><S N="Key">k</S><S N="Value">v</S></En></DCT></Obj></Objs>`, "[{k=v}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, want := c.text, c.want
			tree := new(Tree).Reset("")
			n, losses, err := tree.ReadCLIXML(text + "\nrest")
			if got := show(tree, 1, 0); err != nil || got != want || n != len(text) || len(losses) > 0 {
				t.Errorf("%s: %s, %d, %v %v", text, got, n, losses, err)
			}
		})
	}
	for _, c := range []struct{ name, text, want string }{
		{"two values", `<Objs><Obj><S>a</S><S>b</S></Obj></Objs>`, "two values"},
		{"a text and a value", `<Objs><Obj><ToString>a</ToString><S>b</S></Obj></Objs>`, "two values"},
		{"text between elements", `<Objs>x<S>a</S></Objs>`, "text between"},
		{"an unknown element", `<Objs><Foo/></Objs>`, "does not have in this place"},
		{"an element among names of types", `<Objs><Obj><TN><S>a</S></TN></Obj></Objs>`, "does not have in this place"},
		{"two lists", `<Objs><Obj><LST/><LST/></Obj></Objs>`, "two lists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, want := c.text, c.want
			if _, losses, err := new(Tree).Reset("").ReadCLIXML(text); err != nil || len(losses) == 0 ||
				!strings.Contains(losses[0].What, want) ||
				losses[0].Advice == "" {
				t.Errorf("%s: %v, %v", text, losses, err)
			}
		})
	}
	for _, text := range []string{"<Objs>", "<a/>", "<!DOCTYPE html><p/>", `<!DOCTYPE a [<!ENTITY b "c">]><Objs/>`, "<Objs></Obj>",
		strings.Repeat("<Objs>", 100)} {
		if _, _, err := new(Tree).Reset("").ReadCLIXML(text); err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

func FuzzTree(f *testing.F) {
	f.Add(`{"a":[1,{"b":"c"}]}`)
	f.Add(`<Objs><Obj RefId="0"><Props><S N="a">b</S></Props></Obj><Ref RefId="0"/></Objs>`)
	f.Fuzz(func(t *testing.T, text string) {
		tree := new(Tree).Reset(text)
		if n, err := tree.ReadJSON(text); n > len(text) || err == nil && len(tree.Nodes) < 2 {
			t.Errorf("JSON: %d of %d bytes, %v", n, len(text), err)
		}
		if n, _, err := tree.Reset("").ReadCLIXML(text); n > len(text) || err == nil && len(tree.Nodes) < 2 {
			t.Errorf("CLIXML: %d of %d bytes, %v", n, len(text), err)
		}
	})
}

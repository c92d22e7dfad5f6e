package main

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTroubleshooting: what the plugin says is wrong stands in the README's section, word for word, so that a search
// finds it there.
func TestTroubleshooting(t *testing.T) {
	_, section, found := strings.Cut(readFile(t, "README.md"), "\n## Troubleshooting\n")
	if !found {
		t.Fatal("the README has no such section")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	section = strings.ReplaceAll(section, "`", "")
	texts := troubles(t)
	for text, position := range texts {
		if !strings.Contains(section, text) {
			t.Errorf("%s: the section lacks: %s", position, text)
		}
	}
	if len(texts) < 100 {
		t.Errorf("only %d texts found", len(texts))
	}
}

// troubles returns the texts of losses, findings and wrong use, as far as they are constant, with where they are made.
func troubles(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"check/report/findings.go", "check/source/*.go", "check/decode/*.go", "check/decode/*/*.go", "cmd/check_cs_backup/*.go"} {
		files, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			positions := token.NewFileSet()
			tree, err := parser.ParseFile(positions, file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(node ast.Node) bool {
				for _, said := range append(saying(node), refusing(node, file)...) {
					if text := longest(constant(said)); text != "" {
						texts[text] = positions.Position(said.Pos()).String()
					}
				}
				return true
			})
		}
	}
	return texts
}

// saying returns what a part of a program gives as the text of a loss or a finding, if it does.
func saying(node ast.Node) []ast.Expr {
	switch node := node.(type) {
	case *ast.KeyValueExpr: // of a status.Loss, of a fault
		if key, ok := node.Key.(*ast.Ident); ok && strings.EqualFold(key.Name, "what") {
			return []ast.Expr{node.Value}
		}
	case *ast.CallExpr: // of lose(line, what, advice), but for what only the collector's own document can have
		if of, ok := node.Fun.(*ast.SelectorExpr); ok && of.Sel.Name == "lose" && len(node.Args) == 3 {
			if by, ok := of.X.(*ast.Ident); !ok || by.Name != "o" {
				return node.Args[1:2]
			}
		}
	case *ast.AssignStmt: // to that of a message, or on the way to a loss
		switch to := node.Lhs[0].(type) {
		case *ast.SelectorExpr:
			if to.Sel.Name == "what" {
				return node.Rhs
			}
		case *ast.Ident:
			if to.Name == "what" {
				return node.Rhs
			}
		}
	}
	return nil
}

// refusing returns what a part of the command line's program gives as the text of an error, if it does.
func refusing(node ast.Node, file string) []ast.Expr {
	call, ok := node.(*ast.CallExpr)
	if !ok || !strings.Contains(file, "/cmd/") {
		return nil
	}
	if of, ok := call.Fun.(*ast.SelectorExpr); ok && (of.Sel.Name == "New" || of.Sel.Name == "Errorf") {
		return call.Args[:1]
	}
	return nil
}

// constant is a text with "…" for each part of it that only a run knows.
func constant(said ast.Expr) string {
	switch said := said.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(said.Value); err == nil {
			return regexp.MustCompile(`%[a-zA-Z]`).ReplaceAllString(text, "…")
		}
	case *ast.BinaryExpr:
		return constant(said.X) + constant(said.Y)
	case *ast.CallExpr: // fmt.Sprintf
		if of, ok := said.Fun.(*ast.SelectorExpr); ok && of.Sel.Name == "Sprintf" {
			return constant(said.Args[0])
		}
	}
	return "…"
}

// longest is the longest part of a text that is constant.
func longest(text string) string {
	parts := regexp.MustCompile(`…|\b(?:WHO|HOST|NAME|KEY)\b`).Split(text, -1)
	return strings.Trim(slices.MaxFunc(parts, func(a, b string) int { return cmp.Compare(len(a), len(b)) }), ` ,:("`)
}

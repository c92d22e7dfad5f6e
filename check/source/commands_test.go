package source

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// taskLines returns the lines in the collector's head that register the task, as the code that they are.
func taskLines(t *testing.T) string {
	t.Helper()
	_, text, found := strings.Cut(collector, "\n# As a scheduled task")
	if !found {
		t.Fatal("the head has no lines for a task")
	}
	head, _, _ := strings.Cut(text, "\n\n")
	var lines []string
	for line := range strings.Lines(head) {
		if code, ok := strings.CutPrefix(line, "#   "); ok {
			lines = append(lines, strings.TrimRight(code, "\n"))
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// parseWithPowerShell lets a real PowerShell parse scripts, each under its name, with a script that prints what is wrong.
func parseWithPowerShell(t *testing.T, check string, scripts map[string]string) string {
	t.Helper()
	folder := tempDir(t)
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const parse = `
param([string] $Folder)
function Get-Parsed([string] $Name) {
    $tokens = $null; $errors = $null
    $text = [IO.File]::ReadAllText((Join-Path $Folder $Name))
    $ast = [Management.Automation.Language.Parser]::ParseInput($text, [ref] $tokens, [ref] $errors)
    foreach ($e in $errors) { [Console]::Error.WriteLine("${Name}: $e") }
    return @{ Tokens = $tokens; Ast = $ast }
}
`
	file := filepath.Join(folder, "check.ps1")
	if err := os.WriteFile(file, []byte(parse+check), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(pwsh(t), "-NoProfile", "-NonInteractive", "-File", file, "-Folder", folder)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("%v: %s", err, &said)
	}
	return strings.TrimSpace(string(out))
}

// contribScript returns a script of contrib.
func contribScript(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "contrib"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The scripts and the lines for the task must run on Windows PowerShell 3.0 and all that came later: each command and
// each parameter is in all of them. See testdata/powershell/commands.tsv.
func TestScriptsCallWhatEveryPowerShellHas(t *testing.T) {
	known := map[string][]string{
		// As documented for Lync Server 2013 and later.
		"get-csbackupservicestatus":    {"poolfqdn", "category", "force"},
		"get-cspoolbackuprelationship": {"poolfqdn"},
		"get-csservice":                {"centralmanagement", "registrar", "poolfqdn"},
		"get-cssite":                   {},
		"get-cspool":                   {},
		"get-cscomputer":               {},
		"get-cssipdomain":              {},
	}
	list, err := os.ReadFile(filepath.Join(fakes(t), "commands.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		if name, parameters, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			known[strings.ToLower(name)] = strings.Split(parameters, ",")
		}
	}
	// Those that each has of Windows PowerShell 3.0 on.
	common := []string{"verbose", "debug", "erroraction", "warningaction", "errorvariable", "warningvariable", "outvariable", "outbuffer"}

	out := parseWithPowerShell(t, `
$found = foreach ($name in 'collector', 'bootstrap', 'environment', 'task', 'register-task', 'collect-sample') {
    $ast = (Get-Parsed "$name.ps1").Ast
    foreach ($function in $ast.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
        @{ Function = $function.Name; Parameters = @($function.Parameters | ForEach-Object { $_.Name.VariablePath.UserPath }) }
    }
    foreach ($command in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $parameters = @($command.CommandElements |
            Where-Object { $_ -is [Management.Automation.Language.CommandParameterAst] } | ForEach-Object { $_.ParameterName })
        # & (an expression) has no name
        @{ Script = $name; Command = $command.GetCommandName(); Parameters = $parameters
            Line = $command.Extent.StartLineNumber; Text = $command.Extent.Text }
    }
}
ConvertTo-Json -Compress -Depth 3 -InputObject @($found)
`, map[string]string{"collector.ps1": collector, "bootstrap.ps1": bootstrap, "environment.ps1": fromEnvironment, "task.ps1": taskLines(t),
		"register-task.ps1":  contribScript(t, "scheduled-task", "register-task.ps1"),
		"collect-sample.ps1": contribScript(t, "report", "collect-sample.ps1")})
	var found []struct {
		Function, Script, Command, Text string
		Line                            int
		Parameters                      []string
	}
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		t.Fatalf("%v in %.500s", err, out)
	}
	own := map[string]bool{}
	calls := map[string]int{}
	for _, f := range found {
		if f.Function != "" {
			own[f.Function] = true
		}
	}
	for _, f := range found {
		name := strings.ToLower(f.Command)
		switch {
		case f.Function != "", own[f.Command]:
		case f.Command == "" && (strings.HasPrefix(f.Text, "& (") || strings.EqualFold(f.Text, "& $ask")):
		case strings.HasSuffix(name, ".exe"):
			calls[name]++
		case known[name] == nil:
			t.Errorf("%s, line %d: %q is not in every PowerShell from 3.0 on, or a program without .exe", f.Script, f.Line, f.Command)
		default:
			calls[name]++
			for _, parameter := range f.Parameters {
				if p := strings.ToLower(parameter); !slices.Contains(known[name], p) && !slices.Contains(common, p) {
					t.Errorf("%s, line %d: %s has no -%s in every PowerShell from 3.0 on", f.Script, f.Line, f.Command, parameter)
				}
			}
		}
	}
	for _, name := range []string{"get-csbackupservicestatus", "convertto-json", "register-scheduledtask", "new-scheduledtaskprincipal",
		"icacls.exe", "schtasks.exe"} {
		if calls[name] == 0 {
			t.Errorf("%s was not found: is everything looked at?", name)
		}
	}
}

// This looks for what came into the language and into .NET later.
func TestScriptsAreInTheLanguageOfPowerShell3(t *testing.T) {
	newer := []string{
		// language
		`\?\?`, `\s\?\s`, `&&`, `\|\|`, `\?\.`, `::new\(`, `(?i)^\s*class\s`, `(?i)^\s*enum\s`, `(?i)^\s*using\s`,
		`(?i)\.(Where|ForEach)\(`,
		`(?i)#requires`, `(?i)\[SecureString\]::`, `(?i)\bclean\s*\{`, `(?i)-(isnot)?like\s+null`, `\$PSEdition`,
		`\$Is(Windows|Linux|MacOS|CoreCLR)`,
		"`u\\{", `(?i)\bdynamicparam\b`, `(?i)\bconfiguration\s+\w+\s*\{`, `\d_\d`, `(?i)0b[01]+\b`, `(?i)\b\d+u[lsy]?\b`,
	}
	for _, script := range []string{stripComments(collector), stripComments(bootstrap), fromEnvironment, taskLines(t),
		stripComments(contribScript(t, "scheduled-task", "register-task.ps1")),
		stripComments(contribScript(t, "report", "collect-sample.ps1"))} {
		for _, pattern := range newer {
			if found := regexp.MustCompile(`(?m)` + pattern).FindString(script); found != "" {
				t.Errorf("%q came after Windows PowerShell 3.0 (%s)", found, pattern)
			}
		}
	}
	for i, sample := range []string{"$a ?? 1", "$a ? 1 : 2", "[x]::new()", "$x.Where({})", "a && b"} {
		if !slices.ContainsFunc(newer, func(pattern string) bool { return regexp.MustCompile(`(?m)` + pattern).MatchString(sample) }) {
			t.Errorf("sample %d is not found", i)
		}
	}
}

// The real parser has the last word on what the comments are and on whether the script is whole without them.
func TestStrippedScriptsMeanTheSame(t *testing.T) {
	out := parseWithPowerShell(t, `
function Get-Tokens([string] $Name) {
    $last = ''
    foreach ($token in (Get-Parsed $Name).Tokens) {
        if ($token.Kind -eq 'Comment' -or $token.Kind -eq 'LineContinuation') { continue }
        if ($token.Kind -eq 'NewLine' -and $last -eq 'NewLine') { continue }
        $last = [string] $token.Kind
        [string] $token.Kind + ' ' + $token.Text.Trim()
    }
}
foreach ($name in 'collector', 'bootstrap') {
    $one = @(Get-Tokens "$name.ps1"); $two = @(Get-Tokens "$name.stripped.ps1")
    if ($one[0] -like 'NewLine*') { $one = $one[1..($one.Count - 1)] }
    if (($one -join "`+"`n"+`") -cne ($two -join "`+"`n"+`")) { Compare-Object $one $two | Out-String }
    if ($one.Count -lt 20) { "$name has $($one.Count) tokens" }
}
`, map[string]string{
		"collector.ps1": collector, "collector.stripped.ps1": stripComments(collector),
		"bootstrap.ps1": bootstrap, "bootstrap.stripped.ps1": stripComments(bootstrap),
	})
	if out != "" {
		t.Error(out)
	}
}

// Windows PowerShell's operators and hashtables compare by culture: a Turkish one knows another small I, and all pass over
// some characters. So names go by functions of their own. (PowerShell 7 does so only partly, so nothing else shows it.)
func TestNamesAreComparedWithoutCulture(t *testing.T) {
	script := stripComments(collector)
	comparison := regexp.MustCompile(`(?i)-[ic]?(eq|ne|like|notlike|in|notin|contains|notcontains)` +
		`\s+\(?\$(fqdn|name|backup|pool|one|other)\b`)
	if found := comparison.FindString(script); found != "" {
		t.Errorf("%q", found)
	}
	if found := regexp.MustCompile(`(?i)\$(known|first|second|names)\s*=\s*@\{`).FindString(script); found != "" {
		t.Errorf("%q", found)
	}
}

package generate

import (
	"fmt"
	"strings"
)

// Completions returns the completion of each shell, by the name of its file.
func Completions(c Command) map[string]string {
	return map[string]string{
		c.Name + ".bash": Bash(c),
		"_" + c.Name:     Zsh(c),
	}
}

// Bash returns the completion for bash 4 and later. It needs nothing of the package bash-completion.
func Bash(c Command) string {
	var cases strings.Builder
	for _, flags := range c.values() {
		fmt.Fprintf(&cases, "\t%s)\n", strings.Join(allNames(flags), " | "))
		switch first := flags[0]; {
		case first.Choices != nil:
			words := singleQuoted(strings.Join(first.Choices, " "))
			fmt.Fprintf(&cases, "\t\tmapfile -t COMPREPLY < <(compgen -W %s -- \"$word\")\n", words)
		case first.isFile():
			cases.WriteString("\t\tcompopt -o default # nothing of ours, so bash completes files\n")
		case first.isHost():
			cases.WriteString("\t\tmapfile -t COMPREPLY < <(compgen -A hostname -- \"$word\")\n")
		}
		cases.WriteString("\t\treturn\n\t\t;;\n")
	}
	words := singleQuoted(strings.Join(longNames(c.Flags), " "))
	return fill(bashTemplate, c, "%CASES%", cases.String(), "%FLAGS%", words)
}

const bashTemplate = `# Completion for bash. %MADE%
# bash-completion finds it as %NAME% in its folder of completions; without that, source it.

_%NAME%() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	# bash takes --flag=value for three words.
	if [[ $word == '=' ]]; then
		word=''
	elif [[ $previous == '=' ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $previous in
%CASES%	esac
	mapfile -t COMPREPLY < <(compgen -W %FLAGS% -- "$word")
}
complete -F _%NAME% %NAME%
`

// Zsh returns the completion for zsh.
func Zsh(c Command) string {
	var specs strings.Builder
	for _, flag := range c.Flags {
		names, exclude := flag.names(), ""
		if flag.Value != "" {
			// After -f the value may follow at once, after --file behind a =.
			names[len(names)-1] += "="
			if flag.Short != 0 {
				names[0] += "+"
			}
		}
		if flag.Repeatable || flag.Counter {
			exclude = "'*'"
		} else if flag.Short != 0 {
			exclude = singleQuoted("(" + strings.Join(flag.names(), " ") + ")")
		}
		name := names[0]
		if len(names) > 1 {
			name = "{" + strings.Join(names, ",") + "}"
		}
		what := "[" + strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`).Replace(flag.Help) + "]"
		if flag.Value != "" {
			what += ":" + flag.Value + ":" + zshAction(flag)
		}
		fmt.Fprintf(&specs, " \\\n\t%s%s%s", exclude, name, singleQuoted(what))
	}
	return fill(zshTemplate, c, "%SPECS%", specs.String())
}

func zshAction(f Flag) string {
	switch {
	case f.Choices != nil:
		return "(" + strings.Join(f.Choices, " ") + ")"
	case f.isFile():
		return "_files"
	case f.isHost():
		return "_hosts"
	default:
		return " " // a text that only the user knows
	}
}

const zshTemplate = `#compdef %NAME%
# Completion for zsh. %MADE%
# Put it as _%NAME% into a folder of $fpath.

_arguments -s -S%SPECS%
`

// fill puts the command's name and the given texts into a template.
func fill(template string, c Command, texts ...string) string {
	return strings.NewReplacer(append(texts, "%NAME%", c.Name, "%MADE%", made("completion"))...).Replace(template)
}

package generate

import (
	"fmt"
	"strings"
)

// An argument is how Icinga hands a flag to the plugin.
type argument struct {
	flag        Flag
	variable    string
	description string
}

// forIcinga is what to know of a flag in Icinga, beside what the help says.
var forIcinga = map[string]string{
	"powershell": "Here is where the check runs.",
	"timeout":    "Stay below the timeout of the check.",
	"output":     "Leave it alone here: json carries no performance data for Icinga.",
	"verbose":    "Here: 1, 2 or 3.",
}

// arguments returns the flags that a check can have.
func arguments(c Command) []argument {
	var list []argument
	for _, flag := range c.Flags {
		if flag.TextOnly {
			continue
		}
		list = append(list, argument{
			flag:        flag,
			variable:    "cs_backup_" + strings.ReplaceAll(flag.Name, "-", "_"),
			description: strings.TrimSpace(flag.Help + " " + forIcinga[flag.Name]),
		})
	}
	return list
}

// A setting is a key of an argument, in Icinga's language and in the Director's.
type setting struct {
	key   string
	value any // a string or a bool
}

// settings say how an argument is handed to the plugin.
func (a argument) settings() []setting {
	var list []setting
	switch {
	case a.flag.Counter:
		list = []setting{{"value", "--" + a.flag.Name + "=$" + a.variable + "$"}, {"skip_key", true}}
	case a.flag.Value == "":
		list = []setting{{"set_if", "$" + a.variable + "$"}}
	default:
		list = []setting{{"value", "$" + a.variable + "$"}}
	}
	if a.flag.Repeatable {
		list = append(list, setting{"repeat_key", true})
	}
	return list
}

// Icinga returns the CheckCommands and the service templates for Icinga 2.
func Icinga(c Command) string {
	var args, commands strings.Builder
	for _, a := range arguments(c) {
		fmt.Fprintf(&args, "\t\t%s = {\n", icingaQuoted("--"+a.flag.Name))
		for _, s := range a.settings() {
			fmt.Fprintf(&args, "\t\t\t%s = %s\n", s.key, icingaValue(s.value))
		}
		fmt.Fprintf(&args, "\t\t\tdescription = %s\n\t\t}\n", icingaQuoted(a.description))
	}
	for _, k := range commandKinds {
		fmt.Fprintf(&commands, "/* %s */\nobject CheckCommand \"cs_backup%s\" {\n\timport \"cs_backup_arguments\"\n\n",
			strings.Join(wrap(k.about, 114), "\n * "), k.suffix)
		fmt.Fprintf(&commands, "\tcommand = [ PluginContribDir + \"/%s%s\" ]\n", c.Name, k.extension)
		if k.savedOnly {
			commands.WriteString("\targuments[\"--file\"] += { required = true }\n")
		}
		commands.WriteString("}\n\n")
	}
	return strings.NewReplacer(
		"%MADE%", made("contrib"), "%ARGUMENTS%", args.String(), "%COMMANDS%", commands.String(),
		"%SERVICES%", icingaServices(),
	).Replace(icingaTemplate)
}

// icingaServices returns the service templates: the common one, and one for each way.
func icingaServices() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("template Service \"cs-backup\" {")
	line("\tcheck_interval = %s", icingaTime(checkInterval))
	line("\tretry_interval = %s", icingaTime(retryInterval))
	line("\tmax_check_attempts = %d", maxCheckAttempts)
	line("\ticon_image = %s", icingaQuoted(icon))
	line("\ticon_image_alt = %s", icingaQuoted(iconAlt))
	line("\tnotes = %s", icingaQuoted(notes))
	line("}")
	for _, w := range ways {
		line("\n/* %s */", strings.Join(wrap(w.about, 114), "\n * "))
		line("template Service \"cs-backup-%s\" {", w.name)
		line("\timport \"cs-backup\"\n")
		line("\tcheck_command = %s", icingaQuoted(w.icingaCommand()))
		if w.interval > 0 {
			line("\tcheck_interval = %s", icingaTime(w.interval))
		}
		if w.timeout > 0 {
			line("\tcheck_timeout = %s", icingaTime(w.timeout))
		}
		for _, v := range w.vars {
			line("\tvars.%s = %s", v.name, icingaValue(v.value))
		}
		line("}")
	}
	return b.String()
}

// icingaCommand returns the name of the way's command: ours, or nrpe, which Icinga has.
func (w way) icingaCommand() string {
	if w.command == "_nrpe" {
		return "nrpe"
	}
	return "cs_backup" + w.command
}

// icingaTime writes seconds as people would.
func icingaTime(seconds int) string {
	if seconds%60 == 0 {
		return fmt.Sprintf("%dm", seconds/60)
	}
	return fmt.Sprintf("%ds", seconds)
}

// icingaValue writes a string, a bool or a number.
func icingaValue(value any) string {
	if text, ok := value.(string); ok {
		return icingaQuoted(text)
	}
	return fmt.Sprint(value)
}

func icingaQuoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
}

// wrap cuts text into lines of at most width characters.
func wrap(text string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(text) {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+1+len(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

const icingaTemplate = `/* check_cs_backup: CheckCommands and service templates.
 * %MADE%
 *
 * Icinga 2 loads this file by itself from the folder of its template library: on Linux
 * /usr/share/icinga2/include/plugins-contrib.d, where the packages of check_cs_backup put it, on Windows the folder of
 * that name below C:\Program Files\ICINGA2. Each node needs it: master, satellite and agent. In a global zone instead
 * (/etc/icinga2/zones.d/global-templates on the master) it must lie on no node besides, for Icinga refuses what is
 * defined twice.
 *
 * An agent that was set up by the Director's kickstart script does not load that folder: its icinga2.conf has no line
 * include <plugins-contrib>, and says then "Check command 'cs_backup_file_windows' does not exist". See whether it is
 * there, and add it below include <plugins>; or take the global zone, or the Director's basket (../icinga-director).
 *
 * "unknown template" for cs-backup… where services are: this file is not loaded there. Exit code 128 with execvpe: the
 * plugin does not lie in PluginContribDir, which constants.conf sets.
 *
 * Every flag of --help is a custom variable cs_backup_…; repeatable flags take a string or an array. A variable that is
 * not set passes nothing, so the plugin's own default counts. --print-collector, --help and --version are no checks.
 *
 * Timeouts: Icinga ends a check after 60 s, the plugin ends itself after 10 s (--file) or 55 s (live) and then still
 * says what it was waiting for. Whoever raises cs_backup_timeout raises check_timeout of the service with it.
 */

template CheckCommand "cs_backup_arguments" {
	timeout = 60s

	arguments = {
%ARGUMENTS%	}
}

%COMMANDS%/* Services import the template of the way they take (services.conf has examples). */
%SERVICES%`

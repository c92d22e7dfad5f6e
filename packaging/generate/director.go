package generate

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// The basket's objects have names of their own: a basket that is deployed beside the file of Icinga() defines nothing
// twice.
const (
	directorCommand   = "cs_backup_director"
	directorArguments = "cs_backup_director_arguments"
	directorService   = "cs-backup-director"
)

// Director returns the basket for Icinga Director: the same commands and service templates, with a field for each flag.
// Its keys are those that the Director's own export has.
func Director(c Command) (string, error) {
	var form form
	var args, required object
	var links list
	for _, a := range arguments(c) {
		args.add("--"+a.flag.Name, directorArgument(a))
		if a.flag.Name == "file" {
			// Where it is not filled, that is an error, and no live run.
			required.add("--file", append(directorArgument(a), member{"required", true}))
		}
		links = append(links, form.addFlag(c, a))
	}
	basket := object{
		{"CommandTemplate", object{{directorArguments, object{
			{"object_name", directorArguments}, {"object_type", "template"}, {"methods_execute", "PluginCheck"},
			{"timeout", 60}, {"arguments", args}, {"fields", links},
		}}}},
		{"Command", object{
			directorCheckCommand("", c.Name, nil),
			directorCheckCommand("_windows", c.Name+".exe", nil),
			directorCheckCommand("_file", c.Name, required),
			directorCheckCommand("_file_windows", c.Name+".exe", required),
			directorNRPE("_nrpe", &form),
		}},
		{"ServiceTemplate", directorServices()},
		{"DataList", form.lists},
		{"DatafieldCategory", form.categories},
		{"Datafield", form.fields},
	}
	text, err := plainJSON(basket)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "    "); err != nil {
		return "", err
	}
	return b.String() + "\n", nil
}

// directorArgument returns how a flag is handed to the plugin.
func directorArgument(a argument) object {
	o := object{{"description", a.description}}
	switch {
	case a.flag.Counter:
		o.add("value", "--"+a.flag.Name+"=$"+a.variable+"$")
		o.add("skip_key", true)
	case a.flag.Value == "":
		o.add("set_if", "$"+a.variable+"$")
	default:
		o.add("value", "$"+a.variable+"$")
	}
	if a.flag.Repeatable {
		o.add("repeat_key", true)
	}
	return o
}

// directorCheckCommand returns a command that calls the plugin, with arguments in place of some of the template's.
func directorCheckCommand(suffix, program string, args object) member {
	name := directorCommand + suffix
	o := object{
		{"object_name", name}, {"object_type", "object"}, {"imports", list{directorArguments}},
		{"methods_execute", "PluginCheck"}, {"command", "PluginContribDir + /" + program}, {"fields", list(nil)},
	}
	if args != nil {
		o.add("arguments", args)
	}
	return member{name, o}
}

// directorNRPE returns a command that calls check_nrpe with the variables of Icinga's own: the Director knows that one
// only after it has asked Icinga, and refuses the whole basket before.
func directorNRPE(suffix string, form *form) member {
	name := directorCommand + suffix
	args := object{{"-H", object{{"value", "$address$"}}}}
	var links list
	for _, v := range []struct{ flag, name, description string }{
		{"-c", "nrpe_command", "The name of the command on the other machine."},
		{"-t", "nrpe_timeout", "How many seconds check_nrpe waits: more than the plugin's --timeout there."},
	} {
		args.add(v.flag, object{{"description", v.description}, {"value", "$" + v.name + "$"}})
		links = append(links, form.add(v.name, "check_nrpe "+v.flag, v.description, "String", shown, nil))
	}
	return member{name, object{
		{"object_name", name}, {"object_type", "object"}, {"methods_execute", "PluginCheck"}, {"timeout", 60},
		{"command", "check_nrpe"}, {"arguments", args}, {"fields", links},
	}}
}

// directorServices returns the service templates: the common one, and one for each way.
func directorServices() object {
	services := object{{directorService, object{
		{"object_name", directorService}, {"object_type", "template"},
		{"check_interval", strconv.Itoa(checkInterval)}, {"retry_interval", strconv.Itoa(retryInterval)},
		{"max_check_attempts", strconv.Itoa(maxCheckAttempts)},
		{"icon_image", icon}, {"icon_image_alt", iconAlt}, {"notes", notes}, {"fields", list(nil)},
	}}}
	for _, w := range ways {
		name := directorService + "-" + w.name
		o := object{
			{"object_name", name}, {"object_type", "template"}, {"imports", list{directorService}},
			{"check_command", directorCommand + w.command}, {"use_agent", w.agent},
		}
		if w.interval > 0 {
			o.add("check_interval", strconv.Itoa(w.interval))
			o.add("retry_interval", strconv.Itoa(w.retry))
		}
		if w.timeout > 0 {
			o.add("check_timeout", strconv.Itoa(w.timeout))
		}
		var vars object
		for _, v := range w.vars {
			vars.add(v.name, v.value)
		}
		o.add("vars", vars)
		o.add("fields", list(nil))
		services.add(name, o)
	}
	return services
}

// A form is what the Director asks people for: fields by their numbers, under categories, with lists to choose from.
type form struct{ fields, categories, lists object }

// shown are the settings of a field whose text is no secret.
var shown = object{{"visibility", "visible"}}

// add adds a field and returns what links a command to it.
func (f *form) add(variable, caption, description, kind string, settings object, category any) object {
	id := len(f.fields) + 1
	f.fields.add(strconv.Itoa(id), object{
		{"varname", variable}, {"caption", caption}, {"description", description},
		{"datatype", `Icinga\Module\Director\DataType\DataType` + kind}, {"format", nil}, {"settings", settings},
		{"category", category},
	})
	return object{{"datafield_id", id}, {"is_required", "n"}, {"var_filter", nil}}
}

// addFlag adds the field of a flag, and its category and its list where they are new.
func (f *form) addFlag(c Command, a argument) object {
	category := c.Name + ": " + strings.TrimSuffix(a.flag.Group, ":")
	f.categories.addOnce(category, object{{"category_name", category}, {"description", nil}})
	kind, settings := "String", shown
	switch {
	case a.flag.Choices != nil:
		name := listName(c, a.flag)
		f.lists.addOnce(name, dataList(name, a.flag.Choices))
		result := "string"
		if a.flag.Repeatable {
			result = "array"
		}
		kind, settings = "Datalist", object{{"datalist", name}, {"data_type", result}, {"behavior", "strict"}}
	case a.flag.Repeatable:
		kind, settings = "Array", object{}
	case a.flag.Counter:
		kind, settings = "Number", object{}
	case a.flag.Value == "":
		kind, settings = "Boolean", object{}
	}
	return f.add(a.variable, c.Name+" --"+a.flag.Name, a.description, kind, settings, category)
}

// listName returns the name of the list of a flag's choices, which flags may share.
func listName(c Command, f Flag) string {
	for _, group := range c.values() {
		if group[0].Name == f.Name && len(group) == 1 {
			return c.Name + " " + f.Name
		}
	}
	return c.Name + " " + strings.ToLower(f.Value)
}

func dataList(name string, choices []string) object {
	var entries list
	for _, choice := range choices {
		entries = append(entries, object{
			{"entry_name", choice}, {"entry_value", choice}, {"format", "string"}, {"allowed_roles", nil},
		})
	}
	return object{{"list_name", name}, {"owner", "check_cs_backup"}, {"entries", entries}}
}

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

// An object is one of JSON. The Director asks for no order of its members, so that they stand by their names.
type object = map[string]any

// Director returns the basket for Icinga Director: the commands and service templates of Icinga(), with a field for
// each flag. Its keys are those that the Director's own export has.
func Director(c Command) (string, error) {
	form := form{fields: object{}, categories: object{}, lists: object{}}
	args, links := object{}, []any{}
	for _, a := range arguments(c) {
		args["--"+a.flag.Name] = directorArgument(a)
		links = append(links, form.addFlag(c, a))
	}
	commands := object{directorCommand + "_nrpe": directorNRPE(&form)}
	for _, k := range commandKinds {
		o := object{
			"object_name": directorCommand + k.suffix, "object_type": "object",
			"imports":         []any{directorArguments},
			"methods_execute": "PluginCheck", "command": "PluginContribDir + /" + c.Name + k.extension,
			"fields": []any{},
		}
		if k.savedOnly {
			file := object{"required": true}
			for key, value := range args["--file"].(object) {
				file[key] = value
			}
			o["arguments"] = object{"--file": file}
		}
		commands[directorCommand+k.suffix] = o
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "    ")
	err := encoder.Encode(object{
		"CommandTemplate": object{directorArguments: object{
			"object_name": directorArguments, "object_type": "template", "methods_execute": "PluginCheck",
			"timeout": 60, "arguments": args, "fields": links,
		}},
		"Command":           commands,
		"ServiceTemplate":   directorServices(),
		"DataList":          form.lists,
		"DatafieldCategory": form.categories,
		"Datafield":         form.fields,
	})
	return b.String(), err
}

// directorArgument returns how a flag is handed to the plugin.
func directorArgument(a argument) object {
	o := object{"description": a.description}
	for _, s := range a.settings() {
		o[s.key] = s.value
	}
	return o
}

// directorNRPE returns a command that calls check_nrpe with the variables of Icinga's own: the Director knows that one
// only after it has asked Icinga, and refuses the whole basket before.
func directorNRPE(form *form) object {
	args, links := object{"-H": object{"value": "$address$"}}, []any{}
	for _, v := range []struct{ flag, name, description string }{
		{"-c", "nrpe_command", "The name of the command on the other machine."},
		{"-t", "nrpe_timeout", "How many seconds check_nrpe waits: more than the plugin's --timeout there."},
	} {
		args[v.flag] = object{"description": v.description, "value": "$" + v.name + "$"}
		links = append(links, form.add(v.name, "check_nrpe "+v.flag, v.description, "String", shown, nil))
	}
	return object{
		"object_name": directorCommand + "_nrpe", "object_type": "object",
		"methods_execute": "PluginCheck", "timeout": 60, "command": "check_nrpe", "arguments": args, "fields": links,
	}
}

// directorServices returns the service templates: the common one, and one for each way.
func directorServices() object {
	services := object{directorService: object{
		"object_name": directorService, "object_type": "template",
		"check_interval": strconv.Itoa(checkInterval), "retry_interval": strconv.Itoa(retryInterval),
		"max_check_attempts": strconv.Itoa(maxCheckAttempts),
		"icon_image":         icon, "icon_image_alt": iconAlt, "notes": notes, "fields": []any{},
	}}
	for _, w := range ways {
		vars := object{}
		for _, v := range w.vars {
			vars[v.name] = v.value
		}
		o := object{
			"object_name": directorService + "-" + w.name, "object_type": "template", "imports": []any{directorService},
			"check_command": directorCommand + w.command, "use_agent": w.agent, "vars": vars, "fields": []any{},
		}
		if w.interval > 0 {
			o["check_interval"] = strconv.Itoa(w.interval)
		}
		if w.timeout > 0 {
			o["check_timeout"] = strconv.Itoa(w.timeout)
		}
		services[directorService+"-"+w.name] = o
	}
	return services
}

// A form is what the Director asks people for: fields by their numbers, under categories, with lists to choose from.
type form struct{ fields, categories, lists object }

// shown are the settings of a field whose text is no secret.
var shown = object{"visibility": "visible"}

// add adds a field and returns what links a command to it.
func (f *form) add(variable, caption, description, kind string, settings object, category any) object {
	id := len(f.fields) + 1
	f.fields[strconv.Itoa(id)] = object{
		"varname": variable, "caption": caption, "description": description,
		"datatype": `Icinga\Module\Director\DataType\DataType` + kind, "format": nil, "settings": settings,
		"category": category,
	}
	return object{"datafield_id": id, "is_required": "n", "var_filter": nil}
}

// addFlag adds the field of a flag, and its category and its list where they are new.
func (f *form) addFlag(c Command, a argument) object {
	category := c.Name + ": " + strings.TrimSuffix(a.flag.Group, ":")
	f.categories[category] = object{"category_name": category, "description": nil}
	kind, settings := "String", shown
	switch {
	case a.flag.Choices != nil:
		name := listName(c, a.flag)
		f.lists[name] = dataList(name, a.flag.Choices)
		result := "string"
		if a.flag.Repeatable {
			result = "array"
		}
		kind, settings = "Datalist", object{"datalist": name, "data_type": result, "behavior": "strict"}
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
	var entries []any
	for _, choice := range choices {
		entries = append(entries, object{
			"entry_name": choice, "entry_value": choice, "format": "string", "allowed_roles": nil,
		})
	}
	return object{"list_name": name, "owner": "check_cs_backup", "entries": entries}
}

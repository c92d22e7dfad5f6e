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
	directorCommand = "cs_backup_director"
	directorService = "cs-backup-director"
)

// dataType is where the Director keeps its kinds of form field.
const dataType = `Icinga\Module\Director\DataType\DataType`

// Director returns the basket for Icinga Director: the same commands and service templates, with a field for each flag.
// Its keys are those that the Director's own export has.
func Director(c Command) (string, error) {
	var args, required, links, nrpeLinks, fields, lists, categories, services object
	template := directorCommand + "_arguments"
	for i, a := range arguments(c) {
		id := i + 1
		args.add("--"+a.flag.Name, directorArgument(a))
		if a.flag.Name == "file" {
			// Where it is not filled, that is an error, and no live run.
			required.add("--file", append(directorArgument(a), member{"required", true}))
		}
		links.add("", directorLink(id))
		category := c.Name + ": " + strings.TrimSuffix(a.flag.Group, ":")
		categories.addOnce(category, object{{"category_name", category}, {"description", nil}})
		kind, settings := directorField(a.flag)
		if a.flag.Choices != nil {
			name := listName(c, a.flag)
			lists.addOnce(name, dataList(name, a.flag.Choices))
			settings.add("datalist", name)
		}
		fields.add(strconv.Itoa(id), object{
			{"varname", a.variable}, {"caption", c.Name + " --" + a.flag.Name}, {"description", a.description},
			{"datatype", dataType + kind}, {"format", nil}, {"settings", settings}, {"category", category},
		})
	}
	for _, v := range nrpeVariables {
		id := len(fields) + 1
		nrpeLinks.add("", directorLink(id))
		fields.add(strconv.Itoa(id), object{
			{"varname", v.name}, {"caption", "check_nrpe " + v.flag}, {"description", v.description},
			{"datatype", dataType + "String"}, {"format", nil}, {"settings", object{{"visibility", "visible"}}},
		})
	}
	services.add(directorService, object{
		{"object_name", directorService}, {"object_type", "template"},
		{"check_interval", strconv.Itoa(checkInterval)}, {"retry_interval", strconv.Itoa(retryInterval)},
		{"max_check_attempts", strconv.Itoa(maxCheckAttempts)},
		{"icon_image", icon}, {"icon_image_alt", iconAlt}, {"notes", notes}, {"fields", list(nil)},
	})
	for _, w := range ways {
		name := directorService + "-" + w.name
		services.add(name, directorWay(name, w))
	}
	basket := object{
		{"DataList", lists},
		{"DatafieldCategory", categories},
		{"CommandTemplate", object{{template, object{
			{"object_name", template}, {"object_type", "template"}, {"methods_execute", "PluginCheck"}, {"timeout", 60},
			{"arguments", args}, {"fields", links.values()},
		}}}},
		{"Command", object{
			{directorCommand, directorCheckCommand(directorCommand, template, c.Name, nil)},
			{directorCommand + "_windows", directorCheckCommand(directorCommand+"_windows", template, c.Name+".exe", nil)},
			{directorCommand + "_file", directorCheckCommand(directorCommand+"_file", template, c.Name, required)},
			{directorCommand + "_file_windows", directorCheckCommand(directorCommand+"_file_windows", template, c.Name+".exe", required)},
			{directorCommand + "_nrpe", directorNRPE(directorCommand+"_nrpe", nrpeLinks)},
		}},
		{"ServiceTemplate", services},
		{"Datafield", fields},
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

// directorCheckCommand returns a command that calls the plugin, with arguments in place of some of the template's.
func directorCheckCommand(name, template, program string, args object) object {
	o := object{
		{"object_name", name}, {"object_type", "object"}, {"imports", list{template}}, {"methods_execute", "PluginCheck"},
		{"command", "PluginContribDir + /" + program}, {"fields", list(nil)},
	}
	if args != nil {
		o.add("arguments", args)
	}
	return o
}

// nrpeVariables are those of Icinga's own command nrpe that people set.
var nrpeVariables = []struct{ flag, name, description string }{
	{"-c", "nrpe_command", "The name of the command on the other machine."},
	{"-t", "nrpe_timeout", "How many seconds check_nrpe waits: more than the plugin's --timeout there."},
}

// directorNRPE returns a command that calls check_nrpe with the variables of Icinga's own: the Director knows that one
// only after it has asked Icinga, and refuses the whole basket before.
func directorNRPE(name string, links object) object {
	args := object{{"-H", object{{"value", "$address$"}}}}
	for _, v := range nrpeVariables {
		args.add(v.flag, object{{"description", v.description}, {"value", "$" + v.name + "$"}})
	}
	return object{
		{"object_name", name}, {"object_type", "object"}, {"methods_execute", "PluginCheck"}, {"timeout", 60},
		{"command", "check_nrpe"}, {"arguments", args}, {"fields", links.values()},
	}
}

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

// directorLink says that a command has a field.
func directorLink(id int) object {
	return object{{"datafield_id", id}, {"is_required", "n"}, {"var_filter", nil}}
}

// directorField returns the kind of form field that a flag needs, and its settings.
func directorField(f Flag) (kind string, settings object) {
	switch {
	case f.Choices != nil && f.Repeatable:
		return "Datalist", object{{"data_type", "array"}, {"behavior", "strict"}}
	case f.Choices != nil:
		return "Datalist", object{{"data_type", "string"}, {"behavior", "strict"}}
	case f.Repeatable:
		return "Array", object{}
	case f.Counter:
		return "Number", object{}
	case f.Value == "":
		return "Boolean", object{}
	default:
		return "String", object{{"visibility", "visible"}}
	}
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

func directorWay(name string, w way) object {
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
	return o
}

// An object is a JSON object whose members keep their order.
type object []member

type member struct {
	key   string
	value any
}

func (o *object) add(key string, value any) { *o = append(*o, member{key, value}) }

func (o *object) addOnce(key string, value any) {
	for _, m := range *o {
		if m.key == key {
			return
		}
	}
	o.add(key, value)
}

func (o object) values() list {
	var all list
	for _, m := range o {
		all = append(all, m.value)
	}
	return all
}

// MarshalJSON writes the members as they stand.
func (o object) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, m := range o {
		key, err := plainJSON(m.key)
		if err != nil {
			return nil, err
		}
		value, err := plainJSON(m.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, key...), ':'), value...)
	}
	return append(b, '}'), nil
}

// A list is a JSON array, [] when it is empty.
type list []any

// MarshalJSON writes the elements.
func (l list) MarshalJSON() ([]byte, error) {
	if l == nil {
		return []byte("[]"), nil
	}
	return plainJSON([]any(l))
}

// plainJSON leaves < and > as they are, which people read more easily.
func plainJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(b.Bytes()), err
}

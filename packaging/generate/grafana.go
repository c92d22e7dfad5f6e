package generate

import (
	"encoding/json"
	"strings"
)

type settings = map[string]any

// A panel is one picture: what is asked of each database, as fields or series that are called by what they are.
type panel struct {
	title, about, kind, unit string
	influx, graphite         []query
	height, width, x, y      int
}

// A query has a name for what it brings: the label of a metric where it is empty.
type query struct{ text, name string }

// What Icinga's writers make of the performance data, and what Grafana puts in: $hostname and $service are chosen on the
// dashboard.
const (
	influxFrom = `FROM /^(cs_backup|nrpe)/ WHERE "hostname" =~ /^$hostname$/ AND "service" =~ /^$service$/ AND $timeFilter`
	influxTime = `GROUP BY time($__interval)`
	// With which graphs begin: of all commands that check this service, as a rule one.
	graphiteOf = `icinga2.$hostname.services.$service.*.perfdata.`
)

// noState are the metrics that are no state of a module or a pool: counts, age, run time, time unhealthy.
const noState = `(modules_[a-z]+|age|time|(.*_)?unhealthy)`

const madeOfPictures = "Made by `make contrib` from packaging/generate/grafana.go: change that, not this."

// The pictures, in a grid that is 24 wide.
var panels = []panel{
	{
		title: "States", kind: "state-timeline", width: 24, height: 10,
		about: "Each module and direction, or with --perfdata pools each pool: OK, WARNING, CRITICAL or UNKNOWN.",
		influx: []query{{`SELECT last("value") ` + influxFrom + ` AND "metric" !~ /^` + noState + `$/ ` +
			influxTime + `, "metric" fill(none)`, ""}},
		graphite: []query{{`aliasByNode(exclude(` + graphiteOf + `*.value, '\.` + noState + `\.value$'), 6)`, ""}},
	},
	{
		title: "Time unhealthy", kind: "timeseries", unit: "s", width: 12, height: 8, y: 10,
		about: "For how long the longest of each pool's exports and imports has been unhealthy, against --critical; needs --state-file, " +
			"and enable_send_thresholds for the limits.",
		influx: []query{
			{`SELECT last("value") ` + influxFrom + ` AND "metric" =~ /(^|_)unhealthy$/ ` + influxTime + `, "metric" fill(none)`, ""},
			{`SELECT max("crit") ` + influxFrom + ` AND "metric" =~ /(^|_)unhealthy$/ ` + influxTime + ` fill(none)`, "critical"},
		},
		graphite: []query{
			{`aliasByNode(` + graphiteOf + `*unhealthy.value, 6)`, ""},
			{`alias(maxSeries(` + graphiteOf + `*unhealthy.crit), 'critical')`, "critical"},
		},
	},
	{
		title: "Age of the status", kind: "timeseries", unit: "s", width: 12, height: 8, x: 12, y: 10,
		about: "How old the oldest status was when it was judged, against --max-age; needs enable_send_thresholds for the limit.",
		influx: []query{
			{`SELECT last("value") ` + influxFrom + ` AND "metric" = 'age' ` + influxTime + ` fill(none)`, "age"},
			{`SELECT last("crit") ` + influxFrom + ` AND "metric" = 'age' ` + influxTime + ` fill(none)`, "limit"},
		},
		graphite: []query{
			{`alias(` + graphiteOf + `age.value, 'age')`, "age"},
			{`alias(` + graphiteOf + `age.crit, 'limit')`, "limit"},
		},
	},
	{
		title: "Modules", kind: "timeseries", unit: "short", width: 12, height: 8, y: 18,
		about: "How many modules have which state.",
		influx: []query{{`SELECT last("value") ` + influxFrom + ` AND "metric" =~ /^modules_/ ` +
			influxTime + `, "metric" fill(none)`, ""}},
		graphite: []query{{`aliasByNode(` + graphiteOf + `modules_*.value, 6)`, ""}},
	},
	{
		title: "Run time", kind: "timeseries", unit: "s", width: 12, height: 8, x: 12, y: 18,
		about:    "How long the check took.",
		influx:   []query{{`SELECT last("value") ` + influxFrom + ` AND "metric" = 'time' ` + influxTime + ` fill(none)`, "time"}},
		graphite: []query{{`alias(` + graphiteOf + `time.value, 'time')`, "time"}},
	},
}

// Grafana returns the dashboards, by database.
func Grafana() (map[string]string, error) {
	influxHosts := `SHOW TAG VALUES FROM /^(cs_backup|nrpe)/ WITH KEY = "hostname" WHERE "metric" = 'modules_ok'`
	influxServices := strings.Replace(influxHosts, `"hostname"`, `"service"`, 1) + ` AND "hostname" =~ /^$hostname$/`
	list := map[string]string{}
	for _, d := range []struct {
		database, hosts, services string
		target                    func(query) settings
		queries                   func(panel) []query
	}{
		{
			"influxdb", influxHosts, influxServices, func(q query) settings {
				return settings{"query": q.text, "rawQuery": true, "resultFormat": "time_series", "alias": influxAlias(q)}
			},
			func(p panel) []query { return p.influx },
		},
		{
			"graphite", "icinga2.*", "icinga2.$hostname.services.*", func(q query) settings { return settings{"target": q.text} },
			func(p panel) []query { return p.graphite },
		},
	} {
		source := settings{"type": d.database, "uid": "${datasource}"}
		variable := func(name, text string) settings {
			return settings{"name": name, "type": "query", "datasource": source, "query": text, "refresh": 2, "sort": 1}
		}
		var drawn []settings
		for i, p := range panels {
			var targets []settings
			for j, q := range d.queries(p) {
				target := d.target(q)
				target["refId"] = string(rune('A' + j))
				target["datasource"] = source
				targets = append(targets, target)
			}
			drawn = append(drawn, settings{
				"id": i + 1, "title": p.title, "description": p.about, "type": p.kind, "datasource": source, "targets": targets,
				"interval": "5m", "gridPos": settings{"h": p.height, "w": p.width, "x": p.x, "y": p.y}, "fieldConfig": p.fields(),
			})
		}
		text, err := json.MarshalIndent(settings{
			"title": "Backup Service of Lync and Skype for Business (" + d.database + ")", "uid": "check-cs-backup-" + d.database,
			"description": "What check_cs_backup found. " + madeOfPictures, "tags": []string{"check_cs_backup"},
			"schemaVersion": 39, "editable": true, "time": settings{"from": "now-24h", "to": "now"}, "refresh": "5m",
			"panels": drawn,
			"templating": settings{"list": []settings{
				{"name": "datasource", "type": "datasource", "query": d.database},
				variable("hostname", d.hosts), variable("service", d.services),
			}},
		}, "", "  ")
		if err != nil {
			return nil, err
		}
		list[d.database] = string(text) + "\n"
	}
	return list, nil
}

// influxAlias names a series after its metric, where it has no other name.
func influxAlias(q query) string {
	if q.name == "" {
		return "$tag_metric"
	}
	return q.name
}

// fields is how the values of a panel look: states as words and colours, limits as lines.
func (p panel) fields() settings {
	defaults := settings{"unit": p.unit, "min": 0}
	if p.kind == "state-timeline" {
		mapped, steps := settings{}, []settings{}
		for state, look := range [][2]string{{"OK", "green"}, {"WARNING", "orange"}, {"CRITICAL", "red"}, {"UNKNOWN", "purple"}} {
			mapped[string(rune('0'+state))] = settings{"text": look[0], "color": look[1], "index": state}
			step := settings{"color": look[1], "value": state}
			if state == 0 {
				step["value"] = nil // and all below, as Grafana wants its first
			}
			steps = append(steps, step)
		}
		defaults = settings{
			"mappings":   []settings{{"type": "value", "options": mapped}},
			"thresholds": settings{"mode": "absolute", "steps": steps},
			"color":      settings{"mode": "thresholds"},
		}
	}
	var overrides []settings
	for _, limit := range [][2]string{{"warning", "orange"}, {"critical", "red"}, {"limit", "red"}} {
		overrides = append(overrides, settings{
			"matcher": settings{"id": "byName", "options": limit[0]},
			"properties": []settings{
				{"id": "color", "value": settings{"mode": "fixed", "fixedColor": limit[1]}},
				{"id": "custom.lineStyle", "value": settings{"fill": "dash"}},
			},
		})
	}
	return settings{"defaults": defaults, "overrides": overrides}
}

// IcingaWebGraphite returns the templates for Icinga Web's module graphite.
func IcingaWebGraphite() string {
	var commands []string
	for _, prefix := range []string{"cs_backup", "cs_backup_director"} {
		for _, suffix := range []string{"", "_windows", "_file", "_file_windows"} {
			commands = append(commands, prefix+suffix)
		}
	}
	var b strings.Builder
	b.WriteString("; check_cs_backup: graphs in Icinga Web, for its module graphite: a file of\n" +
		"; /etc/icingaweb2/modules/graphite/templates. Behind NRPE the command is nrpe, which has none of these.\n; " +
		madeOfPictures + "\n")
	for _, g := range []struct{ name, curve, label, function, params string }{
		{
			"states", "state", "$module:*_{export,import}$", "alias(color($metric$, '#1a7dd7'), '$module$')",
			"max = \"3\"\ntitle = \"$module$: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN\"\n",
		},
		{"unhealthy", "unhealthy", "$module:*unhealthy$", "alias(color($metric$, '#ff5566'), '$module$ (s)')", ""},
		{"age", "age", "age", "alias(color($metric$, '#1a7dd7'), 'Age of the status (s)')", ""},
		{"time", "time", "time", "alias(color($metric$, '#1a7dd7'), 'Run time (s)')", ""},
	} {
		section := "cs_backup-" + g.name
		b.WriteString("\n[" + section + ".graph]\ncheck_command = \"" + strings.Join(commands, ", ") + "\"\n")
		b.WriteString("\n[" + section + ".metrics_filters]\n" + g.curve + ".value = \"$service_name_template$.perfdata." +
			g.label + ".value\"\n")
		b.WriteString("\n[" + section + ".urlparams]\nareaAlpha = \"0.5\"\nareaMode = \"all\"\nmin = \"0\"\n" +
			g.params + "yUnitSystem = \"none\"\n")
		b.WriteString("\n[" + section + ".functions]\n" + g.curve + ".value = \"" + g.function + "\"\n")
	}
	return b.String()
}

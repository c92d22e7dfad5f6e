package engines

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestPictures asks InfluxDB and Graphite what the dashboards and the templates of contrib/ ask, of what Icinga wrote
// there: each query brings something, and the states are those of the modules.
func TestPictures(t *testing.T) {
	if !inside(t, "icinga2", "influxd", "carbon-cache", "graphite-manage") {
		return
	}
	furnish(t, append(icingaFolders, "/var/lib/influxdb", "/var/lib/graphite", "/var/log/graphite", "/var/log/carbon")...)
	startInflux(t)
	startGraphite(t)
	save(t)
	critical := samples[2]
	startIcinga(t, fmt.Sprintf(`
		object InfluxdbWriter "influxdb" {
			flush_interval = 1s
			enable_send_thresholds = true
			enable_send_metadata = true
		}
		object GraphiteWriter "graphite" {
			enable_send_thresholds = true
			enable_send_metadata = true
		}
		object Host "fe01.contoso.com" {
			import "front-end"
			vars.cs_backup_status = %q
			vars.cs_backup_state_file = "/var/lib/icinga2/cs_backup.json"
			vars.cs_backup_critical = "1h"
		}`, critical.path()))
	// What was checked before a writer had its connection is not written: check until it is.
	await(t, "Icinga to write", func() (bool, bool) {
		checkNow(t)
		written := get(t, "http://127.0.0.1:8000/metrics/find?query=icinga2.*") != "[]" &&
			strings.Contains(influx(t, "SHOW MEASUREMENTS"), "cs_backup_file")
		return written, written
	})
	t.Run("influxdb", testInflux)
	t.Run("graphite", testGraphite)
	t.Run("icingaweb2-graphite", func(t *testing.T) {
		text, err := os.ReadFile("../../contrib/icingaweb2-graphite/check_cs_backup.ini")
		check(t, err)
		filter := regexp.MustCompile(`(?m)^\w+\.value = "\$service_name_template\$(\..*)"$`)
		filters := filter.FindAllStringSubmatch(string(text), -1)
		if len(filters) != 4 {
			t.Errorf("%d filters", len(filters))
		}
		for _, found := range filters {
			metric := "icinga2.fe01_contoso_com.services.cs-backup-file.cs_backup_file" + found[1]
			metric = regexp.MustCompile(`\$\w+:(.*)\$`).ReplaceAllString(metric, "$1")
			graphite(t, metric, "-3h", 1)
		}
	})
}

// states is what the panel of states shows of the critical sample.
var states = map[string]float64{
	"pool01_contoso_com_presencefocus_export": 0, "pool01_contoso_com_presencefocus_import": 0,
	"pool01_contoso_com_dataconf_export": 2, "pool01_contoso_com_dataconf_import": 0,
}

func testInflux(t *testing.T) {
	board := dashboard(t, "influxdb")
	// As Grafana quotes them, of several and of one.
	fill := strings.NewReplacer("${hostname:regex}", `(fe01\.contoso\.com|fe02\.contoso\.com)`,
		"${service:regex}", "cs-backup-file", "$timeFilter", "time > now() - 40d", "$__interval", "30d")
	for i, want := range []string{`"fe01.contoso.com"`, `"cs-backup-file"`} {
		query := fill.Replace(board.Templating.List[i+1].Query)
		await(t, query, func() (bool, bool) { return true, strings.Contains(influx(t, query), want) })
	}
	// Hours ago a module was CRITICAL for a moment, in a view of 30 days.
	begin := time.Now().Add(-10 * time.Hour)
	var points strings.Builder
	for i, value := range []int{0, 2, 0, 0} {
		fmt.Fprintf(&points, "cs_backup_file,hostname=fe02.contoso.com,service=cs-backup-file,metric=dataconf_export value=%d %d\n",
			value, begin.Add(time.Duration(i)*time.Hour).UnixNano())
	}
	response, err := http.Post("http://127.0.0.1:8086/write?db=icinga2", "", strings.NewReader(points.String()))
	check(t, err)
	check(t, response.Body.Close())
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			if strings.Contains(target.Query, `max("warn")`) {
				continue // with --on-stale warning alone
			}
			series := await(t, target.Query, func() (map[string]float64, bool) {
				list := influxSeries(t, fill.Replace(target.Query))
				return list, len(list) > len(states) || panel.Title != "States" && len(list) > 0
			})
			switch panel.Title {
			case "States":
				want := maps.Clone(states)
				want["dataconf_export"] = 2
				compareValues(t, panel.Title, series, want)
			case "State of the service":
				compareValues(t, panel.Title, series, map[string]float64{"": 2})
			}
		}
	}
}

func testGraphite(t *testing.T) {
	board := dashboard(t, "graphite")
	// As Grafana writes several, and one.
	fill := strings.NewReplacer("$hostname", "{fe01_contoso_com,fe02_contoso_com}", "$service", "cs-backup-file")
	for i, want := range []string{"fe01_contoso_com", "cs-backup-file"} {
		variable := board.Templating.List[i+1]
		path := strings.TrimSuffix(strings.TrimPrefix(fill.Replace(variable.Query), "expand("), ")")
		chosen := regexp.MustCompile(strings.Trim(variable.Regex, "/"))
		await(t, path, func() (bool, bool) {
			var found struct{ Results []string }
			text := get(t, "http://127.0.0.1:8000/metrics/expand?query="+url.QueryEscape(path))
			check(t, json.Unmarshal([]byte(text), &found))
			return true, slices.ContainsFunc(found.Results, func(name string) bool {
				match := chosen.FindStringSubmatch(name)
				return match != nil && match[1] == want
			})
		})
	}
	// Two hours ago a module was CRITICAL for a minute: seen in a view of few points, and in one of two days, for which
	// carbon keeps one value in five minutes.
	connection, err := net.Dial("tcp", "127.0.0.1:2003")
	check(t, err)
	for i, value := range []int{0, 2, 0, 0} {
		_, err = fmt.Fprintf(connection, "icinga2.fe02_contoso_com.services.cs-backup-file.cs_backup_file.perfdata."+
			"dataconf_export.value %d %d\n", value, time.Now().Add(-2*time.Hour).Unix()+int64(i)*60)
		check(t, err)
	}
	check(t, connection.Close())
	const of = "fe01_contoso_com.cs-backup-file"
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			query := fill.Replace(target.Target)
			if strings.Contains(query, "age.warn") {
				continue // with --on-stale warning alone
			}
			switch panel.Title {
			case "States":
				want := map[string]float64{"fe02_contoso_com.cs-backup-file.dataconf_export": 2}
				for metric, value := range states {
					want[of+"."+metric] = value
				}
				compareValues(t, panel.Title, graphite(t, query, "-3h", len(want)), want)
				old := map[string]float64{"fe02_contoso_com.cs-backup-file.dataconf_export": 2}
				compareValues(t, "States of two days", graphite(t, strings.Replace(query, "fe01_contoso_com,", "", 1), "-2d", 1), old)
			case "State of the service":
				compareValues(t, panel.Title, graphite(t, query, "-3h", 1), map[string]float64{of: 2})
			default:
				graphite(t, query, "-3h", 1)
			}
		}
	}
}

// A board is what a test wants to know of a dashboard.
type board struct {
	Templating struct {
		List []struct{ Query, Regex string }
	}
	Panels []struct {
		Title   string
		Targets []struct{ Query, Target string }
	}
}

func dashboard(t *testing.T, database string) (b board) {
	t.Helper()
	text, err := os.ReadFile("../../contrib/grafana/" + database + ".json")
	check(t, err)
	check(t, json.Unmarshal(text, &b))
	if len(b.Templating.List) != 3 || len(b.Panels) < 4 {
		t.Fatalf("%s: %+v", database, b)
	}
	return b
}

func compareValues(t *testing.T, panel string, got, want map[string]float64) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", panel, got, want)
	}
}

func startInflux(t *testing.T) {
	t.Helper()
	start(t, "influxd", "-config", "/etc/influxdb/influxdb.conf")
	await(t, "InfluxDB to listen", func() (bool, bool) {
		response, err := http.Post("http://127.0.0.1:8086/query?q="+url.QueryEscape("CREATE DATABASE icinga2"), "", nil)
		return true, err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
}

func influx(t *testing.T, query string) string {
	t.Helper()
	return get(t, "http://127.0.0.1:8086/query?db=icinga2&q="+url.QueryEscape(query))
}

// influxSeries returns the greatest value of each series, by metric.
func influxSeries(t *testing.T, query string) map[string]float64 {
	t.Helper()
	var answer struct {
		Results []struct {
			Error  string
			Series []struct {
				Tags   map[string]string
				Values [][]any
			}
		}
	}
	check(t, json.Unmarshal([]byte(influx(t, query)), &answer))
	list := map[string]float64{}
	for _, result := range answer.Results {
		if result.Error != "" {
			t.Fatalf("%s: %s", query, result.Error)
		}
		for _, series := range result.Series {
			for _, value := range series.Values {
				metric := series.Tags["metric"]
				list[metric] = max(list[metric], value[1].(float64))
			}
		}
	}
	return list
}

// startGraphite runs carbon, with which Icinga may make more than 50 metrics in a minute, and graphite-web.
func startGraphite(t *testing.T) {
	t.Helper()
	for _, folder := range []string{"/run/carbon", "/var/lib/graphite/whisper"} {
		check(t, os.MkdirAll(folder, 0o777))
		check(t, os.Chmod(folder, 0o777))
	}
	check(t, os.Chmod("/run", 0o777))
	config, err := os.ReadFile("/etc/carbon/carbon.conf")
	check(t, err)
	text := regexp.MustCompile(`(?m)^MAX_CREATES_PER_MINUTE = .*$`).ReplaceAllString(string(config), "MAX_CREATES_PER_MINUTE = inf")
	text = regexp.MustCompile(`(?m)^CONF_DIR *= .*$`).ReplaceAllString(text, "CONF_DIR = /run/carbon/")
	write(t, "/run/carbon/carbon.conf", text)
	write(t, "/run/carbon/storage-schemas.conf", "[icinga2]\npattern = ^icinga2\\.\nretentions = 1m:1d,5m:30d\n")
	readme, err := os.ReadFile("../../contrib/grafana/README.md")
	check(t, err)
	aggregation := regexp.MustCompile("(?s)```ini\n(.*?)```").FindSubmatch(readme)
	write(t, "/run/carbon/storage-aggregation.conf", string(aggregation[1]))
	start(t, "carbon-cache", "--config=/run/carbon/carbon.conf", "--debug", "start")
	if out, state := output(t, "graphite-manage", "migrate", "--run-syncdb", "--noinput"); state != 0 {
		t.Fatal(out)
	}
	start(t, "graphite-manage", "runserver", "--noreload", "127.0.0.1:8000")
	await(t, "graphite-web to listen", func() (bool, bool) {
		response, err := http.Get("http://127.0.0.1:8000/metrics/find?query=*")
		return true, err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
}

// graphite waits until there are so many series, in a view from then on, and returns the greatest value of each.
func graphite(t *testing.T, target, from string, least int) map[string]float64 {
	t.Helper()
	return await(t, target, func() (map[string]float64, bool) {
		var answer []struct {
			Target     string
			Datapoints [][2]*float64
		}
		address := "http://127.0.0.1:8000/render?format=json&maxDataPoints=12&from=" + from + "&target=" + url.QueryEscape(target)
		check(t, json.Unmarshal([]byte(get(t, address)), &answer))
		list := map[string]float64{}
		for _, series := range answer {
			for _, point := range series.Datapoints {
				if point[0] != nil {
					list[series.Target] = max(list[series.Target], *point[0])
				}
			}
		}
		return list, len(list) >= least
	})
}

func get(t *testing.T, address string) string {
	t.Helper()
	response, err := http.Get(address)
	check(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	check(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %.2000s", address, response.Status, text)
	}
	return string(text)
}

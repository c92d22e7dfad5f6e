package engines

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
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
		}
		object GraphiteWriter "graphite" {
			enable_send_thresholds = true
		}
		object Host "fe01.contoso.com" {
			import "front-end"
			vars.cs_backup_status = %q
			vars.cs_backup_state_file = "/var/lib/icinga2/cs_backup.json"
			vars.cs_backup_warning = "10m"
			vars.cs_backup_critical = "1h"
		}`, critical.path()))
	// What was checked before a writer had its connection is not written: check until it is.
	await(t, "Icinga to write", func() (bool, bool) {
		checkNow(t)
		written := get(t, "http://127.0.0.1:8000/metrics/find?query=icinga2.*") != "[]" &&
			strings.Contains(influx(t, "SHOW MEASUREMENTS"), "cs_backup_file")
		return written, written
	})
	states := map[string]float64{
		"pool01_contoso_com_presencefocus_export": 0, "pool01_contoso_com_presencefocus_import": 0,
		"pool01_contoso_com_dataconf_export": 2, "pool01_contoso_com_dataconf_import": 0,
	}

	t.Run("influxdb", func(t *testing.T) {
		board := dashboard(t, "influxdb")
		fill := strings.NewReplacer("$hostname", `fe01\.contoso\.com`, "$service", "cs-backup-file", // as Grafana quotes them
			"$timeFilter", "time > now() - 1h", "$__interval", "5m")
		for _, variable := range board.Templating.List[1:] {
			await(t, variable.Query, func() (bool, bool) {
				answer := influx(t, fill.Replace(variable.Query))
				return true, strings.Contains(answer, `"fe01.contoso.com"`) || strings.Contains(answer, `"cs-backup-file"`)
			})
		}
		for _, panel := range board.Panels {
			for _, target := range panel.Targets {
				series := await(t, target.Query, func() (map[string]float64, bool) {
					list := influxSeries(t, fill.Replace(target.Query))
					return list, len(list) >= len(states) || panel.Title != "States" && len(list) > 0
				})
				compareStates(t, panel.Title, series, states)
			}
		}
	})
	t.Run("graphite", func(t *testing.T) {
		board := dashboard(t, "graphite")
		fill := strings.NewReplacer("$hostname", "fe01_contoso_com", "$service", "cs-backup-file")
		for i, want := range []string{"fe01_contoso_com", "cs-backup-file"} {
			query := fill.Replace(board.Templating.List[i+1].Query)
			await(t, query, func() (bool, bool) {
				found := get(t, "http://127.0.0.1:8000/metrics/find?query="+url.QueryEscape(query))
				return true, strings.Contains(found, `"`+want+`"`)
			})
		}
		for _, panel := range board.Panels {
			for _, target := range panel.Targets {
				compareStates(t, panel.Title, graphite(t, fill.Replace(target.Target), panel.Title == "States"), states)
			}
		}
	})
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
			graphite(t, metric, false)
		}
	})
}

// A board is what a test wants to know of a dashboard.
type board struct {
	Templating struct{ List []struct{ Query string } }
	Panels     []struct {
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

// compareStates compares what the panel of states shows.
func compareStates(t *testing.T, panel string, got, want map[string]float64) {
	t.Helper()
	if panel == "States" && fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
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

// influxSeries returns the last value of each series, by metric.
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
			list[series.Tags["metric"]] = series.Values[len(series.Values)-1][1].(float64)
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
	limit := regexp.MustCompile(`(?m)^MAX_CREATES_PER_MINUTE = .*$`)
	write(t, "/run/carbon/carbon.conf", limit.ReplaceAllString(string(config), "MAX_CREATES_PER_MINUTE = inf"))
	schemas, err := os.ReadFile("/etc/carbon/storage-schemas.conf")
	check(t, err)
	write(t, "/run/carbon/storage-schemas.conf", string(schemas))
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

// graphite waits until there is something to see, all states if so asked, and returns the last value of each series.
func graphite(t *testing.T, target string, all bool) map[string]float64 {
	t.Helper()
	return await(t, target, func() (map[string]float64, bool) {
		var answer []struct {
			Target     string
			Datapoints [][2]*float64
		}
		text := get(t, "http://127.0.0.1:8000/render?format=json&from=-1h&target="+url.QueryEscape(target))
		check(t, json.Unmarshal([]byte(text), &answer))
		list := map[string]float64{}
		for _, series := range answer {
			for _, point := range slices.Backward(series.Datapoints) {
				if point[0] != nil {
					list[series.Target] = *point[0]
					break
				}
			}
		}
		return list, len(list) >= 4 || !all && len(list) > 0
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

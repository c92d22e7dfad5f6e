package packaging

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// metrics are the labels of all metrics that the plugin makes of a status, by one --perfdata and another, with the name
// of the pool in front and without.
func metrics(t *testing.T) []string {
	t.Helper()
	need(t, "go")
	temp := t.TempDir()
	plugin, saved := filepath.Join(temp, "check_cs_backup"), filepath.Join(temp, "status.json")
	run(t, "go", "build", "-o", plugin, "check_cs_backup/cmd/check_cs_backup")
	document := `{"schema":"check_cs_backup/1","collectedAt":"` + time.Now().UTC().Format(time.RFC3339) + `","pools":[` +
		`{"poolFqdn":"pool01.contoso.com","modules":[{"identity":"UserServices.PresenceFocus",` +
		`"exportStatus":"ErrorState","importStatus":"NormalState"}]}]}`
	if err := os.WriteFile(saved, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	var labels []string
	label := regexp.MustCompile(`'?([\w-]+)'?=[0-9.]`)
	for _, more := range [][]string{{}, {"--perfdata=pools"}, {"--pool=pool01.contoso.com"}} {
		args := append([]string{"-f", saved, "--state-file", filepath.Join(temp, "state.json")}, more...)
		out, _ := output(t, plugin, args...)
		first, _, _ := strings.Cut(out, "\n")
		_, perfdata, _ := strings.Cut(first, " | ")
		for _, found := range label.FindAllStringSubmatch(perfdata, -1) {
			labels = append(labels, found[1])
		}
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if !slices.ContainsFunc(labels, func(l string) bool { return strings.HasSuffix(l, "unhealthy") }) || len(labels) < 10 {
		t.Fatalf("the plugin made the metrics %q", labels)
	}
	return labels
}

// A dashboard is what the test wants to know of one of contrib/grafana.
type dashboard struct {
	Templating struct {
		List []struct {
			Name, Type        string
			Multi, IncludeAll bool
		}
	}
	Panels []struct {
		Title   string
		Targets []struct{ Query, Target, Alias string }
	}
}

// States are ordinals, of which an average means nothing, so that each query is a maximum, by host and service.
var (
	influxQuery = regexp.MustCompile(`^SELECT max\("(value|warn|crit|state)"\) FROM /\^\(cs_backup\|nrpe\)/ ` +
		`WHERE "hostname" =~ /\^\$\{hostname:regex\}\$/ AND "service" =~ /\^\$\{service:regex\}\$/ AND \$timeFilter` +
		`(?: AND "metric" (=|=~|!~) ['/](.+)['/])? ` +
		`GROUP BY time\(\$__interval\), "hostname", "service"(?:, "metric")? fill\(none\)$`)
	graphiteQuery = regexp.MustCompile(`^aliasByNode\(consolidateBy\((?:exclude\()?` +
		`icinga2\.\$hostname\.services\.\$service\.\*\.(?:metadata\.state|perfdata\.([\w*]+)\.(?:value|warn|crit))` +
		`(?:, '(.+)'\))?, 'max'\), 1, 3(?:, 6)?(?:, 7)?\)$`)
)

// drawn returns which of the metrics a query asks for.
func drawn(t *testing.T, query string, labels []string) []string {
	t.Helper()
	of := func(is func(string) bool) (list []string) {
		for _, label := range labels {
			if is(label) {
				list = append(list, label)
			}
		}
		return list
	}
	if found := influxQuery.FindStringSubmatch(query); found != nil {
		switch operator, value := found[2], found[3]; operator {
		case "=":
			return of(func(l string) bool { return l == value })
		case "=~":
			return of(regexp.MustCompile(value).MatchString)
		case "!~":
			return of(func(l string) bool { return !regexp.MustCompile(value).MatchString(l) })
		}
		return []string{"state"} // the service's
	}
	found := graphiteQuery.FindStringSubmatch(query)
	if found == nil {
		t.Errorf("not a query by max: %s", query)
		return nil
	}
	if found[1] == "" {
		return []string{"state"}
	}
	return of(func(l string) bool {
		matches, err := path.Match(found[1], l)
		return err == nil && matches && (found[2] == "" || !regexp.MustCompile(found[2]).MatchString("."+l+".value"))
	})
}

// TestDashboards: they are valid, let one choose hosts and services, ask for maxima alone, of metrics that the plugin
// makes, and leave none of them out.
func TestDashboards(t *testing.T) {
	labels := metrics(t)
	for _, database := range []string{"influxdb", "graphite"} {
		t.Run(database, func(t *testing.T) {
			var board dashboard
			if err := json.Unmarshal(readFile(t, "../contrib/grafana/"+database+".json"), &board); err != nil {
				t.Fatal(err)
			}
			for _, v := range board.Templating.List {
				if v.Type == "query" && (!v.Multi || !v.IncludeAll) {
					t.Errorf("of %s one can't choose several, or all", v.Name)
				}
			}
			var seen []string
			for _, panel := range board.Panels {
				for _, target := range panel.Targets {
					asked := drawn(t, target.Query+target.Target, labels)
					if len(asked) == 0 {
						t.Errorf("%s: the plugin has no such metric: %s", panel.Title, target.Query+target.Target)
					}
					if database == "influxdb" && !strings.HasPrefix(target.Alias, "$tag_hostname $tag_service") {
						t.Errorf("%s: of several services nobody sees which is which: %q", panel.Title, target.Alias)
					}
					seen = append(seen, asked...)
				}
			}
			slices.Sort(seen)
			compare(t, "the dashboard", slices.Compact(seen), append([]string{"state"}, labels...))
		})
	}
}

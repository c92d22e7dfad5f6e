package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// metrics are those of the first line, "label=value", in their order, without those that are always there.
func metrics(out string) []string {
	line, _, _ := strings.Cut(out, "\n")
	_, perf, _ := strings.Cut(line, " | ")
	var list []string
	for _, metric := range strings.Fields(perf) {
		metric, _, _ = strings.Cut(metric, ";")
		if !alwaysThere.MatchString(metric) {
			list = append(list, strings.ReplaceAll(metric, "'", ""))
		}
	}
	return list
}

var alwaysThere = regexp.MustCompile(`^'(modules_(ok|warning|critical|unknown)|age|time)'=`)

// TestPerfData: how much there is, as the user chose.
func TestPerfData(t *testing.T) {
	const fixed = ` | 'modules_ok'=2;;;0; 'modules_warning'=0;;;0; 'modules_critical'=1;;;0; 'modules_unknown'=0;;;0; 'age'=40s;;900;; ` +
		`'time'=0.004s;;;0;`
	const modules = ` 'dataconf_export'=2;0;1;0;3 'dataconf_import'=0;0;1;0;3 'presencefocus_export'=0;0;1;0;3 ` +
		`'presencefocus_import'=0;0;1;0;3 'cmsmaster_export'=0;0;1;0;3 'cmsmaster_import'=0;0;1;0;3`
	for choice, want := range map[PerfData]string{
		"":          fixed + modules,
		PerfModules: fixed + modules,
		PerfPools:   fixed + ` 'pool01_contoso_com'=2;0;1;0;3`, // labelled with the pool, also where there is but one
		PerfCounts:  fixed,
		PerfNone:    "",
	} {
		t.Run(string(choice), func(t *testing.T) {
			o := options()
			o.PerfData = choice
			line, _, _ := strings.Cut(unify(render(o, settings(), input(pool("pool01.contoso.com", broken, users, idle)))), "\n")
			want = "CS BACKUP CRITICAL - pool01.contoso.com: ConfServices.DataConf export ErrorState (2 more modules healthy)" + want
			if line != want {
				t.Errorf("%q: got\n%s\nwant\n%s", choice, line, want)
			}
		})
	}
}

// TestPerfdataTiers: one metric for each direction, else one for each pool, else the counts; by labels, never by states.
func TestPerfdataTiers(t *testing.T) {
	tests := []struct {
		pools, modules int
		choice         PerfData
		metrics        int
		last           string
	}{
		{1, 40, PerfModules, 80, "pool000_made_up_039_import=0"},
		{1, 80, PerfModules, 1, "pool000="},
		{3, 40, PerfModules, 3, "pool002="},
		{150, 1, PerfModules, 150, "pool149="},
		{200, 1, PerfModules, 0, ""},
		{3, 1, PerfPools, 3, "pool002="},
		{200, 1, PerfPools, 0, ""},
		{3, 1, PerfCounts, 0, ""},
	}
	for _, tt := range tests {
		for _, state := range []status.State{"FinalState", "ErrorState", "Odd"} {
			var pools []status.Pool
			for p := range tt.pools {
				one := status.Pool{Name: fmt.Sprintf("pool%03d", p)}
				for m := range tt.modules {
					one.Modules = append(one.Modules, module(fmt.Sprintf("Made.Up_%03d", m), state, "NormalState"))
				}
				pools = append(pools, one)
			}
			o := prefixed()
			o.PerfData = tt.choice
			got := metrics(render(o, settings(), input(pools...)))
			if len(got) != tt.metrics || tt.last != "" && !strings.HasPrefix(got[len(got)-1], tt.last) {
				t.Errorf("%d pools, %d modules, %s, %s: %d metrics: %.300q", tt.pools, tt.modules, tt.choice, state, len(got), got)
			}
		}
	}
}

// TestLabels: what of names becomes what label, and that of two with the same label the worse counts.
func TestLabels(t *testing.T) {
	long := strings.Repeat("x", 200)
	for name, tt := range map[string]struct {
		pools   []status.Pool
		prefix  bool
		choice  PerfData
		metrics []string
	}{
		"no dot": {[]status.Pool{pool("Pool01.contoso.com", broken)}, true, PerfModules,
			[]string{"pool01_contoso_com_dataconf_export=2", "pool01_contoso_com_dataconf_import=0"}},
		"a documented module in any case": {[]status.Pool{pool("p", module("USERSERVICES.presencefocus", "FinalState", "NormalState"))},
			false, PerfModules,
			[]string{"presencefocus_export=0", "presencefocus_import=0"}},
		"any other module has its whole name": {[]status.Pool{pool("p", module("Some.New_Mödule-1", "FinalState", "NormalState"))}, false,
			PerfModules,
			[]string{"some_new_m_dule-1_export=0", "some_new_m_dule-1_import=0"}},
		"no name": {[]status.Pool{pool("p", module("", "FinalState", "NormalState"))}, false, PerfModules,
			[]string{"unnamed_export=3", "unnamed_import=3"}},
		"the same label, the worse counts": {[]status.Pool{
			pool("a-b", module("X.Y", "FinalState", "NormalState"), module("x_y", "ErrorState", "NormalState"),
				module("X-Y", "FinalState", "NormalState")),
		}, true, PerfModules, []string{"a-b_x_y_export=2", "a-b_x_y_import=0", "a-b_x-y_export=0", "a-b_x-y_import=0"}},
		"pools with the same label, the worse counts": {[]status.Pool{pool("a.b", users), pool("a_b", broken)}, true, PerfPools,
			[]string{"a_b=2"}},
		"cut labels, the worse counts": {[]status.Pool{pool("p", module(long+"1", "ErrorState", "NormalState"),
			module(long+"2", "FinalState", "NormalState"))}, false, PerfModules,
			[]string{long[:nameLimit] + "__export=2", long[:nameLimit] + "__import=0"}},
		"a pool without a name goes by its source": {[]status.Pool{pool("", users)}, true, PerfPools, []string{"status_json=0"}},
		"pools that are called like what is always there": {[]status.Pool{pool("time", users), pool("AGE", broken),
			pool("modules.ok", users)}, true, PerfPools,
			[]string{"pool_time=0", "pool_age=2", "pool_modules_ok=0"}},
		"modules that are": {[]status.Pool{pool("time", module("time", "FinalState", "NormalState"))}, true, PerfModules,
			[]string{"time_time_export=0", "time_time_import=0"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.Prefix, o.PerfData = tt.prefix, tt.choice
			if got := metrics(render(o, settings(), input(tt.pools...))); !slices.Equal(got, tt.metrics) {
				t.Errorf("%s:\ngot  %q\nwant %q", name, got, tt.metrics)
			}
		})
	}
}

// TestLabelsComeFromTheCommandLine: a pool's labels are the same whatever else was read, or wasn't.
func TestLabelsComeFromTheCommandLine(t *testing.T) {
	want := []string{"pool01_presencefocus_export=0", "pool01_presencefocus_import=0"}
	for name, inputs := range map[string][]thresholds.Input{
		"alone":                 {input(pool("pool01", users))},
		"beside a damaged file": {input(pool("pool01", users)), {Snapshot: status.Snapshot{Origin: "x"}, Err: errors.New("cut")}},
		"beside a failed pool":  {input(pool("pool01", users), status.Pool{Name: "pool02", Err: "access denied"})},
	} {
		t.Run(name, func(t *testing.T) {
			if got := metrics(render(prefixed(), settings(), inputs...)); !slices.Equal(got, want) {
				t.Errorf("%s: got %q", name, got)
			}
		})
	}
	o, s := options(), settings()
	s.Pools = []string{"pool01"}
	if got := metrics(render(o, s, input(pool("pool01", users), pool("pool02", broken)))); !slices.Equal(got,
		[]string{"presencefocus_export=0", "presencefocus_import=0"}) {
		t.Errorf("one of two pools: got %q", got)
	}
	// a module that is expected by its name has its metrics, there or not
	o, s = options(), settings()
	s.Expect = []thresholds.Pattern{"A.B", "UserServices.PresenceFocus", "C.*"}
	want = []string{"presencefocus_export=0", "presencefocus_import=0", "a_b_export=2", "a_b_import=2"}
	if got := metrics(render(o, s, input(pool("pool01", users)))); !slices.Equal(got, want) {
		t.Errorf("an absent module: got %q", got)
	}
	// a pool that was asked for has its metric, there or not
	o, s = prefixed(), settings()
	o.PerfData, s.Pools = PerfPools, []string{"pool01", "pool02"}
	if got := metrics(render(o, s, input(pool("pool01", users)))); !slices.Equal(got, []string{"pool01=0", "pool02=2"}) {
		t.Errorf("an absent pool: got %q", got)
	}
}

// TestAge: never negative, and absent where it is not known.
func TestAge(t *testing.T) {
	age := regexp.MustCompile(`'age'=\S+`)
	for back, want := range map[time.Duration]string{
		40 * time.Second:           "'age'=40s;;900;;",
		-thresholds.ClockSkew:      "'age'=0s;;900;;",
		-thresholds.ClockSkew - 1:  "",
		-10 * 365 * 24 * time.Hour: "",
	} {
		t.Run(back.String(), func(t *testing.T) {
			in := input(pool("pool01", users))
			in.CollectedAt = now.Add(-back)
			if got := age.FindString(render(options(), settings(), in)); got != want {
				t.Errorf("%v: got %q, want %q", back, got, want)
			}
			o := options()
			o.Format = JSON
			if got := render(o, settings(), in); strings.Contains(got, `"ageSeconds":`) != (want != "") ||
				strings.Contains(got, `"ageSeconds":-`) {
				t.Errorf("%v: %s", back, got)
			}
		})
	}
}

var metricForm = regexp.MustCompile(`^'[a-z0-9_-]+'=[0-9]+(\.[0-9]+)?s?;[0-9.]*;[0-9.]*;[0-9.]*;[0-9.]*$`)

func checkPerfdata(t *testing.T, perf string) {
	t.Helper()
	seen := map[string]bool{}
	for _, metric := range strings.Split(perf, " ") {
		if !metricForm.MatchString(metric) {
			t.Errorf("metric %q in %q", metric, perf)
		}
		name, _, _ := strings.Cut(metric, "=")
		if seen[name] {
			t.Errorf("%s stands there twice", name)
		}
		seen[name] = true
	}
	for _, name := range []string{"'modules_ok'", "'modules_warning'", "'modules_critical'", "'modules_unknown'", "'time'"} {
		if !seen[name] {
			t.Errorf("%s is missing in %q", name, perf)
		}
	}
}

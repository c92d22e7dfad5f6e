package thresholds

import (
	"math"
	"testing"
)

// TestRange has the ranges of docs/engines.md, Nagios ranges: what is in order and what alerts, at and beside each end.
func TestRange(t *testing.T) {
	inf := math.Inf(1)
	tests := []struct {
		text        string
		fine, alert []float64
	}{
		{"10", []float64{0, 5, 10}, []float64{-0.1, 10.1, -inf, inf}},
		{"10:", []float64{10, 11, inf}, []float64{9.9, 0, -inf}},
		{"~:10", []float64{-inf, -5, 0, 10}, []float64{10.1, inf}},
		{"~:", []float64{-inf, 0, inf}, nil},
		{"10:20", []float64{10, 15, 20}, []float64{9.9, 20.1}},
		{"@10", []float64{-0.1, 10.1}, []float64{0, 5, 10}},
		{"@10:20", []float64{9.9, 20.1}, []float64{10, 15, 20}},
		{"@~:10", []float64{10.1, inf}, []float64{-inf, 0, 10}},
		{"@10:", []float64{9.9, -inf}, []float64{10, inf}},
		{"-5:5", []float64{-5, 0, 5}, []float64{-5.1, 5.1}},
		{"0", []float64{0}, []float64{-1, 1}},
		{"0:0", []float64{0}, []float64{-1, 1}},
		{"1e3", []float64{0, 1000}, []float64{1000.1}},
		{".5", []float64{0, .5}, []float64{.6}},
		{":10", []float64{0, 10}, []float64{-1, 11}},
		{"10m", []float64{0, 600}, []float64{600.1}},
		{"@0:5m", []float64{300.1}, []float64{0, 300}},
		{"30m:", []float64{1800, inf}, []float64{0, 1799}},
		{"~:1h30m", []float64{-inf, 5400}, []float64{5401}},
		{"90:1D12H", []float64{90, 129600}, []float64{89, 129601}},
		{"-1m:1m", []float64{-60, 60}, []float64{-61, 61}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			r, err := ParseRange(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range tt.fine {
				if r.Alerts(v) {
					t.Errorf("alerts at %v", v)
				}
			}
			for _, v := range tt.alert {
				if !r.Alerts(v) {
					t.Errorf("does not alert at %v", v)
				}
			}
		})
	}
}

func TestRangeErrors(t *testing.T) {
	tests := map[string]string{
		"":         `"", character 1: the range is empty: use [@][start:][end], such as 10 or 10:20`,
		"@":        `"@", character 2: the range is empty: use [@][start:][end], such as 10 or 10:20`,
		":":        `":", character 1: a start or an end is missing: use 10: or :10 or ~:`,
		"@:":       `"@:", character 2: a start or an end is missing: use 10: or :10 or ~:`,
		"20:10":    `"20:10", character 4: the end is below the start`,
		"-10":      `"-10", character 1: the end is below the start`,
		"10:20:30": `"10:20:30", character 4: not a number, nor a time span such as 10m`,
		"10:~":     `"10:~", character 4: not a number, nor a time span such as 10m`,
		"~":        `"~", character 1: not a number, nor a time span such as 10m`,
		"NaN":      `"NaN", character 1: not a number, nor a time span such as 10m`,
		"Inf":      `"Inf", character 1: not a number, nor a time span such as 10m`,
		"=5":       `"=5", character 1: not a number, nor a time span such as 10m`,
		"x:5":      `"x:5", character 1: not a number, nor a time span such as 10m`,
		"@5:x":     `"@5:x", character 4: not a number, nor a time span such as 10m`,
		"1_000":    `"1_000", character 1: not a number, nor a time span such as 10m`,
		"0x10":     `"0x10", character 1: not a number, nor a time span such as 10m`,
		"1e999":    `"1e999", character 1: the number is too large`,
		"5m:1m":    `"5m:1m", character 4: the end is below the start`,
		"10x":      `"10x", character 1: not a number, nor a time span such as 10m`,
		"5m:10x":   `"5m:10x", character 4: not a number, nor a time span such as 10m`,
		"--5":      `"--5", character 1: not a number, nor a time span such as 10m`,
		"1e308d":   `"1e308d", character 1: the number is too large`,
		"10 ":      `"10 ", character 1: not a number, nor a time span such as 10m`,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			r, err := ParseRange(text)
			if err == nil || err.Error() != want {
				t.Errorf("got  %v, %v\nwant %s", r, err, want)
			}
		})
	}
}

// TestLimit: which ranges are a plain number.
func TestLimit(t *testing.T) {
	for text, want := range map[string]float64{"10": 10, "0:10": 10, ":10": 10, "10m": 600, "0": 0, "-0:1.5": 1.5} {
		r, err := ParseRange(text)
		if err != nil {
			t.Fatal(err)
		}
		if limit, plain := r.Limit(); !plain || limit != want {
			t.Errorf("%s: %v, %v", text, limit, plain)
		}
	}
	for _, text := range []string{"10:", "~:10", "~:", "5:10", "@10", "@0:10", "-5:5"} {
		r, err := ParseRange(text)
		if err != nil {
			t.Fatal(err)
		}
		if limit, plain := r.Limit(); plain {
			t.Errorf("%s: %v", text, limit)
		}
	}
}

// FuzzRange: a range that is read has its start not above its end, and with @ it alerts exactly where it does not
// without.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"10", "~:10", "@-5:5", "1e3", ":", "@", "10:20:30", "20:10", "@0:5m", "1d12h:", "-1.5h:90", "1e300d"} {
		f.Add(seed, 10.0)
	}
	f.Fuzz(func(t *testing.T, text string, value float64) {
		r, err := ParseRange(text)
		if err != nil {
			checkPlace(t, text, err)
			return
		}
		if !(r.start <= r.end) || math.IsInf(r.start, 1) || math.IsInf(r.end, -1) {
			t.Errorf("%q: start %v, end %v", text, r.start, r.end)
		}
		if text[0] == '@' {
			return
		}
		opposite, err := ParseRange("@" + text)
		if err != nil || opposite.Alerts(value) == r.Alerts(value) {
			t.Errorf("%q and its opposite agree on %v (%v)", text, value, err)
		}
	})
}

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
		"10:20:30": `"10:20:30", character 4: not a number`,
		"10:~":     `"10:~", character 4: not a number`,
		"~":        `"~", character 1: not a number`,
		"NaN":      `"NaN", character 1: not a number`,
		"Inf":      `"Inf", character 1: not a number`,
		"=5":       `"=5", character 1: not a number`,
		"x:5":      `"x:5", character 1: not a number`,
		"@5:x":     `"@5:x", character 4: not a number`,
		"1_000":    `"1_000", character 1: not a number`,
		"0x10":     `"0x10", character 1: not a number`,
		"1e999":    `"1e999", character 1: the number is too large`,
		"10 ":      `"10 ", character 1: not a number`,
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

// FuzzRange: a range that is read has its start not above its end, and with @ it alerts exactly where it does not
// without.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"10", "~:10", "@-5:5", "1e3", ":", "@", "10:20:30", "20:10"} {
		f.Add(seed, 10.0)
	}
	f.Fuzz(func(t *testing.T, text string, value float64) {
		r, err := ParseRange(text)
		if err != nil {
			checkPlace(t, text, err)
			return
		}
		if !(r.start <= r.end) {
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

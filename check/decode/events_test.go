package decode

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"check_cs_backup/check/status"
)

var eventTime = time.Date(2026, 11, 24, 18, 50, 0, 0, time.UTC)

var eventsCases = []struct {
	name, events string
	want         []status.Event
	note         string // how the first one begins; else there is none
	loss         bool
}{
	{name: "none", events: `[]`},
	{name: "null", events: `null`},
	{name: "all of it", events: `[{"id":4042,"level":"Error","at":"2026-11-24T19:50:00+01:00","machine":"fe01.contoso.com.",` +
		`"module":" A.B ","text":"It\n failed: ErrorState","later":[1]}]`,
		want: []status.Event{{ID: 4042, Level: "error", At: eventTime, Machine: "fe01.contoso.com", Module: "A.B",
			Text: "It failed: ErrorState"}}},
	{name: "a number alone", events: `[{"id":1,"level":null,"at":null,"module":null}]`, want: []status.Event{{ID: 1}}},
	{
		name:   "one of two is none",
		events: `[7,{"id":4007}]`,
		want:   []status.Event{{ID: 4007}},
		note:   "an event is not understood: it is no object but 7",
	},
	{name: "no list", events: `{"id":4007}`, note: "the events of a pool are no list but an object"},
	{name: "a text", events: `"ErrorState"`, note: `the events of a pool are no list but "ErrorState"`, loss: true},
	{name: "no number", events: `[{"text":"x"}]`, note: "an event is not understood: it has no id"},
	{name: "a text for a number", events: `[{"id":"4042"}]`, note: `an event is not understood: id is "4042"`},
	{name: "a number that is none", events: `[{"id":40.5}]`, note: "an event is not understood: id is 40.5"},
	{name: "a huge number", events: `[{"id":99999999999999999999}]`, note: "an event is not understood: id is 99999999999999999999"},
	{name: "a wrong date", events: `[{"id":1,"at":"yesterday"}]`, note: `an event is not understood: at is "yesterday"`},
	{name: "a date of another age", events: `[{"id":1,"at":"0001-01-01T00:00:00Z"}]`, note: "an event is not understood: at is"},
	{
		name:   "an object for a text",
		events: `[{"id":1,"text":{"a":"ErrorState"}}]`,
		note:   "an event is not understood: text is an object",
		loss:   true,
	},
	{
		name:   "a module in place of an event",
		events: `[{"identity":"C.D","exportStatus":"Odd"}]`,
		note:   "an event is not understood: it has no id",
		loss:   true,
	},
	{
		name:   "a documented module that it names",
		events: `[{"id":1,"module":"ConfServices.DataConf"}]`,
		want:   []status.Event{{ID: 1, Module: "ConfServices.DataConf"}},
	},
	{
		name:   "a text that is one",
		events: `[{"id":1,"text":"ConfServices.DataConf"}]`,
		want:   []status.Event{{ID: 1, Text: "ConfServices.DataConf"}},
		loss:   true,
	},
}

// TestEvents: what is no event is a note, since events judge nothing; but a state or a module in its place is a loss.
func TestEvents(t *testing.T) {
	for _, c := range eventsCases {
		snap := Decode(
			`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p","events":` + c.events +
				`,"modules":[{"identity":"A.B","exportStatus":"FinalState","importStatus":"NormalState"}]}]}`,
		)
		if len(snap.Pools) != 1 || !reflect.DeepEqual(snap.Pools[0].Modules, []status.Module{module}) {
			t.Errorf("%s: %+v", c.name, snap)
			continue
		}
		if got := snap.Pools[0].Events; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if (c.note == "") != (len(snap.Notes) == 0) || c.note != "" && !strings.HasPrefix(snap.Notes[0], c.note) ||
			c.loss != (len(snap.Losses) > 0) {
			t.Errorf("%s: notes %q, losses %+v", c.name, snap.Notes, snap.Losses)
		}
	}
}

// TestEventsAreBounded: neither many of them nor long ones take room.
func TestEventsAreBounded(t *testing.T) {
	var list []string
	for i := range 100 {
		list = append(list,
			fmt.Sprintf(`{"id":%d,"machine":%q,"text":%q}`, i+1, strings.Repeat("m", 9000), strings.Repeat("ä ", 9000)))
	}
	snap := Decode(`{"schema":"check_cs_backup/1","pools":[{"poolFqdn":"p","error":"x","events":[` + strings.Join(list, ",") + `]}]}`)
	if len(snap.Losses) != 0 || len(snap.Pools) != 1 || len(snap.Pools[0].Events) != status.MaxEvents {
		t.Fatalf("%d pools, losses %+v", len(snap.Pools), snap.Losses)
	}
	for i, event := range snap.Pools[0].Events {
		if event.ID != i+1 || len([]rune(event.Text)) > maxMessage+1 || len(event.Machine) > maxName+len("…") {
			t.Errorf("event %d: %d bytes, machine %d", event.ID, len(event.Text), len(event.Machine))
		}
	}
}

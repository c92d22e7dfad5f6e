package report

import (
	"encoding/json"
	"strings"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// resultSchema names the shape of the JSON result. Keys may be added under the same name; a key that changes its
// meaning gets a new one. docs/reference.md, JSON.
const resultSchema = "check_cs_backup/result/1"

type jsonResult struct {
	Schema          string         `json:"schema"`
	Version         string         `json:"version"`
	State           string         `json:"state"`
	ExitCode        int            `json:"exitCode"`
	Summary         string         `json:"summary"`
	Ready           *bool          `json:"ready,omitempty"`
	Modules         map[string]int `json:"modules"`
	Pools           []jsonPool     `json:"pools"`
	Pairs           []jsonPair     `json:"pairs"`
	Findings        []jsonFinding  `json:"findings"`
	Notes           []string       `json:"notes"`
	PerformanceData string         `json:"performanceData"`
}

type jsonPool struct {
	Pool          string        `json:"pool"`
	State         string        `json:"state"`
	Origins       []string      `json:"origins"`
	BackupPool    string        `json:"backupPool,omitempty"`
	ActiveMachine string        `json:"activeMachine,omitempty"`
	CollectedAt   string        `json:"collectedAt,omitempty"`
	CollectedOn   string        `json:"collectedOn,omitempty"`
	PSModule      string        `json:"psModule,omitempty"`
	Collector     string        `json:"collector,omitempty"`
	AgeSeconds    *int64        `json:"ageSeconds,omitempty"`
	Findings      []jsonFinding `json:"findings"`
	Modules       []jsonModule  `json:"modules"`
	Events        []jsonEvent   `json:"events"`
}

// A jsonFinding is a finding too, or as a problem of a way the state of a module in one direction.
type jsonFinding struct {
	Kind      string `json:"kind"`
	State     string `json:"state"`
	Subject   string `json:"subject,omitempty"`
	Module    string `json:"module,omitempty"`
	Direction string `json:"direction,omitempty"`
	Text      string `json:"text"`
	Advice    string `json:"advice,omitempty"`
	// TaskError is what the scheduled task could not do.
	TaskError string `json:"taskError,omitempty"`
}

type jsonModule struct {
	Identity string    `json:"identity"`
	State    string    `json:"state"`
	Ignored  bool      `json:"ignored,omitempty"`
	Export   jsonState `json:"export"`
	Import   jsonState `json:"import"`
}

type jsonState struct {
	Word   string `json:"word"`
	State  string `json:"state"`
	Reason string `json:"reason,omitempty"`
	Advice string `json:"advice,omitempty"`
	// Both are there where the direction counts, is not OK, and it is known.
	UnhealthySince   string `json:"unhealthySince,omitempty"`
	UnhealthySeconds *int64 `json:"unhealthySeconds,omitempty"`
}

type jsonEvent struct {
	ID         int    `json:"id"`
	Level      string `json:"level,omitempty"`
	At         string `json:"at,omitempty"`
	AgeSeconds *int64 `json:"ageSeconds,omitempty"`
	Machine    string `json:"machine,omitempty"`
	Module     string `json:"module,omitempty"`
	Text       string `json:"text"`
}

type jsonPair struct {
	Pools []string  `json:"pools"`
	Ways  []jsonWay `json:"ways"`
}

type jsonWay struct {
	From     string        `json:"from"`
	To       string        `json:"to"`
	State    string        `json:"state"`
	Ready    *bool         `json:"ready,omitempty"`
	Problems []jsonFinding `json:"problems"`
}

// moduleState is the kind of a problem that is no finding, but the state of a module.
const moduleState = "module-state"

// json prints the whole result on one line. Texts from outside are as clean as in the plugin output: a script may print
// them.
func (r result) json() string {
	out := jsonResult{
		Schema: resultSchema, Version: r.Version, State: r.Severity.String(), ExitCode: r.Severity.Code(),
		Summary: r.summary(), Modules: map[string]int{},
		Pools: []jsonPool{}, Pairs: []jsonPair{}, Findings: []jsonFinding{}, Notes: append([]string{}, r.notes()...),
		PerformanceData: r.perfdata(),
	}
	if r.asksReady() && !r.unchecked() {
		out.Ready = &r.Ready
	}
	for _, s := range severities {
		out.Modules[strings.ToLower(s.String())] = r.modules[s]
	}
	for e := range findings(r.Findings, nil) {
		out.Findings = append(out.Findings, r.jsonFinding(e))
	}
	for _, pair := range r.Pairs {
		for e := range findings(pair.Findings, nil) {
			out.Findings = append(out.Findings, r.jsonFinding(e))
		}
		out.Pairs = append(out.Pairs, r.jsonPair(pair))
	}
	for i := range r.Pools {
		out.Pools = append(out.Pools, r.jsonPool(&r.Pools[i]))
	}
	text, err := json.Marshal(out)
	if err != nil { // strings, numbers and lists of them: encoding/json has no reason to refuse
		panic(err)
	}
	return string(text) + "\n"
}

func (r result) jsonPool(p *thresholds.PoolVerdict) jsonPool {
	pool := jsonPool{
		Pool: clean(p.Name, nameLimit), State: p.Severity.String(), Origins: []string{},
		BackupPool: clean(p.Backup, nameLimit), ActiveMachine: clean(p.ActiveMachine, nameLimit),
		CollectedAt: date(p.CollectedAt), CollectedOn: clean(p.Host, nameLimit),
		PSModule: clean(p.PSModule, nameLimit), Collector: clean(p.Collector, nameLimit),
		Findings: []jsonFinding{}, Modules: []jsonModule{}, Events: []jsonEvent{},
	}
	for _, origin := range p.Origins {
		pool.Origins = append(pool.Origins, clean(origin, messageLimit))
	}
	if age, known := trueAge(p); known {
		pool.AgeSeconds = new(int64(age.Seconds()))
	}
	for e := range entriesOf(p) {
		if e.Finding != nil {
			pool.Findings = append(pool.Findings, r.jsonFinding(e))
			continue
		}
		pool.Modules = append(pool.Modules, jsonModule{
			Identity: clean(e.Module.Identity, nameLimit), State: e.Module.Severity.String(), Ignored: e.Module.Ignored,
			Export: r.jsonState(e, status.Export), Import: r.jsonState(e, status.Import),
		})
	}
	for _, event := range p.Events {
		e := jsonEvent{
			ID: event.ID, Level: clean(event.Level, nameLimit), At: date(event.At),
			Machine: clean(event.Machine, nameLimit), Module: clean(event.Module, nameLimit),
			Text: clean(event.Text, eventLimit),
		}
		if !event.At.IsZero() {
			e.AgeSeconds = new(int64(event.Age.Seconds()))
		}
		pool.Events = append(pool.Events, e)
	}
	return pool
}

func (r result) jsonFinding(e entry) jsonFinding {
	m := r.explain(e)
	f := jsonFinding{
		State: e.Severity.String(), Subject: m.subject, Text: m.what, Advice: strings.Join(m.advice, "; "),
		TaskError: m.taskError,
	}
	if e.Finding != nil {
		f.Kind = string(e.Finding.Kind)
	} else {
		f.Kind, f.Module, f.Direction = moduleState, moduleName(e.Module), e.Direction.String()
	}
	return f
}

func (r result) jsonState(e entry, d status.Direction) jsonState {
	v := e.Module.Directions[d]
	state := jsonState{
		Word: stateWord(e, d), State: v.Severity.String(), Reason: r.stateReason(e, d), UnhealthySince: date(v.Since),
	}
	if v.Severity != thresholds.OK {
		state.Advice = stateAdvice(e, d)
	}
	if !v.Since.IsZero() {
		state.UnhealthySeconds = new(int64(v.For.Seconds()))
	}
	return state
}

func (r result) jsonPair(p thresholds.Pair) jsonPair {
	pair := jsonPair{Pools: []string{}, Ways: []jsonWay{}}
	for _, w := range p.Ways {
		way := jsonWay{
			From: clean(w.From, nameLimit), To: clean(w.To, nameLimit), State: w.Severity.String(),
			Problems: []jsonFinding{},
		}
		if r.asksReady() {
			way.Ready = &w.Ready
		}
		for _, problem := range w.Problems {
			way.Problems = append(way.Problems, r.jsonFinding(entry(problem)))
		}
		pair.Pools, pair.Ways = append(pair.Pools, way.From), append(pair.Ways, way)
	}
	return pair
}

// date writes a date as RFC 3339 has it; none is empty.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

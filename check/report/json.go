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

type jsonFinding struct {
	Kind    string `json:"kind"`
	State   string `json:"state"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text"`
	Advice  string `json:"advice,omitempty"`
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

// json prints the whole result on one line. Texts from outside are as clean as in the plugin output: a script may print
// them.
func (r result) json() string {
	counts := count(r.sections...)
	out := jsonResult{
		Schema: resultSchema, Version: r.Version, State: r.Severity.String(), ExitCode: r.Severity.Code(),
		Summary: r.summary(), Modules: map[string]int{},
		Pools: []jsonPool{}, Pairs: []jsonPair{}, Findings: []jsonFinding{}, Notes: []string{},
		PerformanceData: r.perfdata(),
	}
	if r.asksReady() && !r.unchecked() {
		ready := r.Judgement.Ready
		out.Ready = &ready
	}
	for _, s := range severities {
		out.Modules[strings.ToLower(s.String())] = counts[s]
	}
	for _, s := range r.sections {
		if s.pool == nil {
			out.Findings = append(out.Findings, newJSONFinding(s.entries[0], r.Options))
		} else {
			out.Pools = append(out.Pools, newJSONPool(s, r.Options))
		}
	}
	for _, pair := range r.Pairs {
		out.Pairs = append(out.Pairs, r.newJSONPair(pair))
	}
	out.Notes = append(out.Notes, r.notes()...)
	text, err := json.Marshal(out)
	if err != nil { // strings, numbers and lists of them: encoding/json has no reason to refuse
		panic(err)
	}
	return string(text) + "\n"
}

func newJSONPool(s section, o Options) jsonPool {
	p := s.pool
	pool := jsonPool{
		Pool: clean(p.Name, nameLimit), State: s.severity.String(), Origins: []string{},
		BackupPool: clean(p.Backup, nameLimit), ActiveMachine: clean(p.ActiveMachine, nameLimit),
		CollectedOn: clean(p.Host, nameLimit), PSModule: clean(p.PSModule, nameLimit),
		Collector: clean(p.Collector, nameLimit),
		Findings:  []jsonFinding{}, Modules: []jsonModule{}, Events: newJSONEvents(p),
	}
	for _, origin := range p.Origins {
		pool.Origins = append(pool.Origins, clean(origin, messageLimit))
	}
	if !p.CollectedAt.IsZero() {
		pool.CollectedAt = p.CollectedAt.UTC().Format(time.RFC3339)
	}
	if age, known := trueAge(p); known {
		seconds := int64(age.Seconds())
		pool.AgeSeconds = &seconds
	}
	for _, e := range s.entries {
		if e.finding != nil {
			pool.Findings = append(pool.Findings, newJSONFinding(e, o))
		} else {
			pool.Modules = append(pool.Modules, newJSONModule(e))
		}
	}
	return pool
}

func newJSONFinding(e entry, o Options) jsonFinding {
	m := explain(e, o)
	return jsonFinding{
		Kind: string(e.finding.Kind), State: e.severity.String(), Subject: m.subject, Text: m.what, Advice: m.advice,
		TaskError: clean(e.finding.TaskErr, messageLimit),
	}
}

func newJSONModule(e entry) jsonModule {
	return jsonModule{
		Identity: clean(e.module.Identity, nameLimit), State: e.module.Severity.String(), Ignored: e.module.Ignored,
		Export: newJSONState(e, status.Export), Import: newJSONState(e, status.Import),
	}
}

func newJSONState(e entry, d status.Direction) jsonState {
	v := e.module.Directions[d]
	state := jsonState{Word: stateWord(e, d), State: v.Severity.String(), Reason: stateReason(e, d)}
	if v.Severity != thresholds.OK {
		state.Advice = stateAdvice(e, d)
	}
	if !v.Since.IsZero() {
		seconds := int64(v.For.Seconds())
		state.UnhealthySince, state.UnhealthySeconds = v.Since.UTC().Format(time.RFC3339), &seconds
	}
	return state
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
	Problems []jsonProblem `json:"problems"`
}

type jsonProblem struct {
	Kind      string `json:"kind"`
	State     string `json:"state"`
	Subject   string `json:"subject,omitempty"`
	Module    string `json:"module,omitempty"`
	Direction string `json:"direction,omitempty"`
	Text      string `json:"text"`
	Advice    string `json:"advice,omitempty"`
}

// moduleState is the kind of a problem that is no finding, but the state of a module.
const moduleState = "module-state"

func (r result) newJSONPair(p thresholds.Pair) jsonPair {
	pair := jsonPair{Pools: []string{}, Ways: []jsonWay{}}
	for _, w := range p.Ways {
		pair.Pools = append(pair.Pools, clean(w.From, nameLimit))
		way := jsonWay{
			From: clean(w.From, nameLimit), To: clean(w.To, nameLimit), State: w.Severity.String(),
			Problems: []jsonProblem{},
		}
		if r.asksReady() {
			way.Ready = &w.Ready
		}
		for _, problem := range w.Problems {
			way.Problems = append(way.Problems, r.newJSONProblem(problem))
		}
		pair.Ways = append(pair.Ways, way)
	}
	return pair
}

func (r result) newJSONProblem(p thresholds.Problem) jsonProblem {
	e := problemEntry(p)
	problem := jsonProblem{State: p.Severity.String(), Advice: strings.Join(r.problemAdvice(p), "; ")}
	if e.finding != nil {
		m := explain(e, r.Options)
		problem.Kind, problem.Subject, problem.Text = string(e.finding.Kind), m.subject, m.what
		return problem
	}
	problem.Kind, problem.Subject, problem.Text = moduleState, title(p.Pool), r.problemText(p)
	problem.Module, problem.Direction = moduleName(p.Module), p.Direction.String()
	return problem
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

func newJSONEvents(p *thresholds.PoolVerdict) []jsonEvent {
	events := []jsonEvent{}
	for _, event := range p.Events {
		e := jsonEvent{
			ID: event.ID, Level: clean(event.Level, nameLimit), Machine: clean(event.Machine, nameLimit),
			Module: clean(event.Module, nameLimit), Text: clean(event.Text, eventLimit),
		}
		if !event.At.IsZero() {
			seconds := int64(event.Age.Seconds())
			e.At, e.AgeSeconds = event.At.UTC().Format(time.RFC3339), &seconds
		}
		events = append(events, e)
	}
	return events
}

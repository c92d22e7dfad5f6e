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
		Pools: []jsonPool{}, Pairs: []jsonPair{}, Findings: []jsonFinding{}, Notes: []string{}, PerformanceData: r.perfdata(),
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

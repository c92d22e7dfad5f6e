package report

import (
	"encoding/json"
	"strings"
	"time"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// resultSchema names the shape of the JSON result. Keys may be added under the same name; a key that changes its
// meaning gets a new one. README, "JSON".
const resultSchema = "check_cs_backup/result/1"

type jsonResult struct {
	Schema          string         `json:"schema"`
	Version         string         `json:"version"`
	State           string         `json:"state"`
	ExitCode        int            `json:"exitCode"`
	Summary         string         `json:"summary"`
	Modules         map[string]int `json:"modules"`
	Pools           []jsonPool     `json:"pools"`
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
	AgeSeconds    *int64        `json:"ageSeconds,omitempty"`
	Findings      []jsonFinding `json:"findings"`
	Modules       []jsonModule  `json:"modules"`
}

type jsonFinding struct {
	Kind    string `json:"kind"`
	State   string `json:"state"`
	Subject string `json:"subject,omitempty"`
	Text    string `json:"text"`
	Advice  string `json:"advice,omitempty"`
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
}

// renderJSON prints the whole result on one line. Texts from outside are as clean as in the plugin output: a script
// may print them.
func renderJSON(j thresholds.Judgement, o Options) string {
	counts := count(j.Pools...)
	result := jsonResult{
		Schema: resultSchema, Version: o.Version, State: j.Severity.String(), ExitCode: j.Severity.Code(),
		Summary: summary(j, o), Modules: map[string]int{},
		Pools: []jsonPool{}, Findings: jsonFindings(j.Findings, thresholds.PoolVerdict{}, o), Notes: []string{},
	}
	for _, s := range []thresholds.Severity{thresholds.OK, thresholds.Warning, thresholds.Critical, thresholds.Unknown} {
		result.Modules[strings.ToLower(s.String())] = counts[s]
	}
	for _, p := range j.Pools {
		result.Pools = append(result.Pools, newJSONPool(p, o))
	}
	for _, note := range j.Notes {
		result.Notes = append(result.Notes, clean(note, messageLimit))
	}
	if !unchecked(j) {
		result.PerformanceData = perfdata(j, o)
	}
	text, err := json.Marshal(result)
	if err != nil { // strings, numbers and lists of them: encoding/json has no reason to refuse
		panic(err)
	}
	return string(text) + "\n"
}

func newJSONPool(p thresholds.PoolVerdict, o Options) jsonPool {
	pool := jsonPool{
		Pool: clean(p.Name, nameLimit), State: p.Severity.String(), Origins: []string{},
		BackupPool: clean(p.Backup, nameLimit), ActiveMachine: clean(p.ActiveMachine, nameLimit),
		Findings: jsonFindings(p.Findings, p, o), Modules: []jsonModule{},
	}
	for _, origin := range p.Origins {
		pool.Origins = append(pool.Origins, clean(origin, messageLimit))
	}
	if !p.CollectedAt.IsZero() {
		seconds := int64(p.Age.Seconds())
		pool.CollectedAt, pool.AgeSeconds = p.CollectedAt.UTC().Format(time.RFC3339), &seconds
	}
	for _, m := range p.Modules {
		pool.Modules = append(pool.Modules, jsonModule{
			Identity: clean(m.Identity, nameLimit), State: m.Severity.String(), Ignored: m.Ignored,
			Export: newJSONState(p, m, status.Export), Import: newJSONState(p, m, status.Import),
		})
	}
	return pool
}

func newJSONState(p thresholds.PoolVerdict, m thresholds.ModuleVerdict, d status.Direction) jsonState {
	v := m.Directions[d]
	state := jsonState{Word: clean(string(m.State(d)), nameLimit), State: v.Severity.String(), Reason: reasonText(v)}
	if v.Severity != thresholds.OK {
		state.Advice = stateAdvice(p, m, d)
	}
	return state
}

func jsonFindings(findings []thresholds.Finding, p thresholds.PoolVerdict, o Options) []jsonFinding {
	list := []jsonFinding{}
	for _, f := range findings {
		m := explain(f, p, o)
		list = append(list, jsonFinding{
			Kind: string(f.Kind), State: f.Severity.String(), Subject: m.subject, Text: m.what, Advice: m.advice,
		})
	}
	return list
}

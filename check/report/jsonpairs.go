package report

import (
	"strings"

	"check_cs_backup/thresholds"
)

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
			From: clean(w.From, nameLimit), To: clean(w.To, nameLimit), State: w.Severity.String(), Problems: []jsonProblem{},
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

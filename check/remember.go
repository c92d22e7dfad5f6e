package check

import (
	"context"
	"slices"
	"time"

	"check_cs_backup/check/memory"
	"check_cs_backup/check/source"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// judge applies the rules, with what earlier checks remember where that is asked for and there is anything to add to it.
// Where it can't be had, or not be left for the next check, the verdict of the rules stands.
func judge(ctx context.Context, s Settings, inputs []thresholds.Input) thresholds.Judgement {
	now := s.Now()
	if s.StateFile == "" || !slices.ContainsFunc(inputs, hasModules) {
		return thresholds.Judge(inputs, s.Rules, now)
	}
	s.Phase("remembering")
	j, err := remember(ctx, s, inputs, now)
	if err != nil {
		j = thresholds.Judge(inputs, s.Rules, now)
		j.Remarks = append(j.Remarks, thresholds.Remark{Kind: thresholds.MemoryFailed, Origin: s.StateFile, Err: err})
	}
	return j
}

func hasModules(in thresholds.Input) bool {
	return slices.ContainsFunc(in.Pools, func(p status.Pool) bool { return len(p.Modules) > 0 })
}

// remember judges between reading the memory and writing it back, while no other check can do either. What is not
// understood is not overwritten.
func remember(ctx context.Context, s Settings, inputs []thresholds.Input, now time.Time) (j thresholds.Judgement, err error) {
	file, err := source.OpenMemory(ctx, s.StateFile)
	if err != nil {
		return j, err
	}
	defer file.Close()
	var past memory.Memory
	if file.Data != nil {
		if past, err = memory.Decode(file.Data); err != nil {
			return j, err
		}
	}
	rules := s.Rules
	rules.Memory = &past
	j = thresholds.Judge(inputs, rules, now)
	data, err := j.Memory.Encode()
	if err != nil {
		return j, err
	}
	return j, file.Replace(ctx, data)
}

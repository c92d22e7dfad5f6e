// Package check runs one check from start to end: a source brings bytes, they are decoded, the rules judge them.
package check

import (
	"context"
	"errors"
	"slices"
	"time"

	"check_cs_backup/check/decode"
	"check_cs_backup/check/memory"
	"check_cs_backup/check/source"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// Settings are what one check needs to know.
type Settings struct {
	Source source.Source
	Rules  thresholds.Settings
	// StateFile is where since when each module is unhealthy is remembered; empty where it is not.
	StateFile string
	// Now is the clock that ages are counted by.
	Now func() time.Time
	// Phase is told what is under way, for the case that it never ends.
	Phase func(string)
}

// Run makes the check. When ctx ends, what was not read by then counts as timed out.
func Run(ctx context.Context, s Settings) thresholds.Judgement {
	var inputs []thresholds.Input
	ended := false
	s.Phase("reading")
	for item := range s.Source(ctx) {
		if item.Err == nil {
			s.Phase("decoding " + item.Name)
		}
		inputs = append(inputs, input(item, s.Rules.Profile))
		if loss, ok := errors.AsType[status.Loss](item.Err); ok && ctx.Err() != nil && !ended {
			ended = true
			s.Phase(loss.What) // the source knows best what it was in the middle of
		}
		if !ended {
			s.Phase("reading")
		}
	}
	now, rules := s.Now(), s.Rules
	inputs = rules.NamePool(inputs)
	hasModules := func(in thresholds.Input) bool {
		return slices.ContainsFunc(in.Pools, func(p status.Pool) bool { return len(p.Modules) > 0 })
	}
	if s.StateFile != "" && slices.ContainsFunc(inputs, hasModules) {
		s.Phase("remembering")
		rules.Memory = remember(ctx, s.StateFile, inputs, now)
	}
	return thresholds.Judge(inputs, rules, now)
}

// remember adds what was read to the memory in a file, while no other check can do the same. Of a memory that could not
// be kept nothing is believed: what earlier checks saw may be missing in it as well. What is not understood is not
// overwritten.
func remember(ctx context.Context, path string, inputs []thresholds.Input, now time.Time) thresholds.Memory {
	failed := func(err error) thresholds.Memory { return thresholds.Memory{File: path, Err: err} }
	file, err := source.OpenStateFile(ctx, path)
	if err != nil {
		return failed(err)
	}
	defer file.Close()
	known, isNew := &memory.Memory{}, len(file.Data) == 0
	if !isNew {
		if known, err = memory.Decode(file.Data); err != nil {
			return failed(err)
		}
	}
	var snapshots []status.Snapshot
	for _, in := range inputs {
		snapshots = append(snapshots, in.Snapshot)
	}
	known.Add(snapshots, now.Add(thresholds.ClockSkew))
	data, err := known.Encode()
	if err == nil {
		err = file.Replace(ctx, data)
	}
	if err != nil {
		return failed(err)
	}
	return thresholds.Memory{File: path, IsNew: isNew, Since: known.Since}
}

// nrpePacket is how many bytes an answer of NRPE version 2 has at most, with the zero behind it, in whose place a line
// end may have come. What has this length and is damaged was cut there.
const (
	nrpePacket = 1024
	nrpeAdvice = "packets of NRPE version 2 hold 1,024 bytes, as many as came: use version 3 or newer on both sides"
)

// input decodes what a source brought. Content that is no status is a loss, which is UNKNOWN whatever a failed fetch
// is set to mean. A file's time of change is the date of a status that has none; but before a failover not of what the
// collector wrote, which always has one: a copy of an old file is new.
func input(item source.Item, profile thresholds.Profile) thresholds.Input {
	in := thresholds.Input{Err: item.Err, TaskErr: item.TaskErr}
	if item.Err == nil || item.Data != "" {
		in.Snapshot = decode.Decode(item.Data)
	}
	if item.Name == source.StdinName && len(item.Data) >= nrpePacket-2 && len(item.Data) <= nrpePacket {
		for i := range in.Losses {
			in.Losses[i].Advice = nrpeAdvice
		}
	}
	in.Origin = item.Name
	if in.CollectedAt.IsZero() && (in.Host == "" || profile != thresholds.Failover) {
		in.CollectedAt = item.Modified
	}
	return in
}

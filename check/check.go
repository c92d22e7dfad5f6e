// Package check runs one check from start to end: a source brings bytes, they are decoded, the rules judge them.
package check

import (
	"context"
	"errors"
	"time"

	"check_cs_backup/check/decode"
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
		inputs = append(inputs, input(item))
		if loss, ok := errors.AsType[status.Loss](item.Err); ok && ctx.Err() != nil && !ended {
			ended = true
			s.Phase(loss.What) // the source knows best what it was in the middle of
		}
		if !ended {
			s.Phase("reading")
		}
	}
	return judge(ctx, s, inputs)
}

// input decodes what a source brought. Content that is no status is a loss, which is UNKNOWN whatever a failed fetch
// is set to mean.
func input(item source.Item) thresholds.Input {
	in := thresholds.Input{Err: item.Err, TaskErr: item.TaskErr}
	if item.Err == nil || len(item.Data) > 0 {
		in.Snapshot = decode.Decode(string(item.Data))
	}
	in.Origin = item.Name
	if in.CollectedAt.IsZero() {
		in.CollectedAt = item.Modified
	}
	return in
}

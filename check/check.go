// Package check runs one check from start to end: a source brings bytes, they are decoded, the rules judge them.
package check

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"check_cs_backup/check/decode"
	"check_cs_backup/check/source"
	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

// largeInput is how many bytes of input are worth a garbage collector that works more often.
const largeInput = 8 << 20

// Settings are what one check needs to know.
type Settings struct {
	Source source.Source
	Rules  thresholds.Settings
	// Now is the clock that ages are counted by.
	Now func() time.Time
	// Phase is told what is under way, for the case that it never ends.
	Phase func(string)
}

// Run makes the check. When ctx ends, what was not read by then counts as timed out.
func Run(ctx context.Context, s Settings) thresholds.Judgement {
	var inputs []thresholds.Input
	s.Phase("reading")
	for item := range s.Source(ctx) {
		s.Phase("decoding " + item.Name)
		if len(item.Data) >= largeInput {
			debug.SetGCPercent(25) // time for memory: all of it stays under 4 times the input
		}
		inputs = append(inputs, input(item))
		if loss, ok := errors.AsType[status.Loss](item.Err); ok && ctx.Err() != nil {
			s.Phase(loss.What) // the source knows best what it was in the middle of
			break
		}
		s.Phase("reading")
	}
	return thresholds.Judge(inputs, s.Rules, s.Now())
}

// input decodes what a source brought. Content that is no status is a loss, which is UNKNOWN whatever a failed fetch
// is set to mean.
func input(item source.Item) thresholds.Input {
	in := thresholds.Input{Err: item.Err}
	if item.Err == nil || item.Data != nil { // a run that was ended in the middle has brought a part
		var err error
		in.Snapshot, err = decode.Decode(item.Data)
		if err != nil {
			loss, _ := errors.AsType[status.Loss](err) // which Decode promises
			in.Losses = append(in.Losses, loss)
		}
	}
	in.Origin = item.Name
	if in.CollectedAt.IsZero() {
		in.CollectedAt = item.Modified
	}
	return in
}

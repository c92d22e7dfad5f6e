// Package source brings the bytes of a status: from files, from standard input, from PowerShell here, or from
// PowerShell on another machine through ssh. It is the only package that touches the world, and it understands
// nothing of what it brings.
package source

import (
	"context"
	"iter"
	"time"
)

// Limit is how many bytes are read from one source at most.
const Limit = 16 << 20

// An Item is one status as bytes, or the reason why there is none, or both: what a live run had asked for before it
// failed or its time was up, and why that is not all.
type Item struct {
	// Name is where it came from, for people: a path, "standard input", a host.
	Name string
	// Data is what was read, at most Limit bytes; empty where nothing was.
	Data string
	// Modified is the file's time of change; zero where there is none.
	Modified time.Time
	// TaskErr is the first line of what the scheduled task that writes this file could not do, as it left it beside the
	// file; empty where it did not.
	TaskErr string
	// Err is why there is no Data, or not all of it. Where it is or wraps a status.Loss, that has the advice. It wraps
	// context.DeadlineExceeded or context.Canceled when ctx ended first, and then names the phase that was under way.
	Err error
}

// A Source yields its items one after the other, so that only one is held at a time. When ctx ends it ends what it
// started, yields that and all it did not get to as errors, and returns, within a second.
type Source func(ctx context.Context) iter.Seq[Item]

package memory

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"check_cs_backup/check/status"
)

// A memory's schema is a name and a number (docs/design.md, The memory).
const (
	schemaName   = "check_cs_backup/memory/"
	schemaNumber = 1
)

// document is the file.
type document struct {
	Schema string             `json:"schema"`
	Pools  map[string]modules `json:"pools"`
}

// Encode writes the memory as JSON, the same bytes for the same memory.
func (m *Memory) Encode() ([]byte, error) {
	data, err := json.Marshal(document{schemaName + strconv.Itoa(schemaNumber), m.pools},
		json.Deterministic(true), jsontext.WithIndent(" "))
	return append(data, '\n'), err
}

// startAnew is what to do about a memory that is beyond repair.
const startAnew = "move it away, then the next check begins a new one"

// Decode reads what Encode wrote, and nothing else: of a damaged memory nothing is believed. encoding/json would pass
// over double keys. Its error is a status.Loss.
func Decode(data []byte) (*Memory, error) {
	if err := checkSchema(data); err != nil {
		return nil, err
	}
	var doc document
	if err := json.Unmarshal(data, &doc, json.RejectUnknownMembers(true)); err != nil {
		loss := status.Loss{What: "is damaged", Advice: startAnew}
		if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
			loss.Line = line(data, semantic.ByteOffset)
		}
		return nil, loss
	}
	if err := doc.check(); err != nil {
		return nil, status.Loss{What: "is damaged", Advice: startAnew, Err: err}
	}
	return &Memory{pools: doc.Pools}, nil
}

// line is the line of the byte at an offset. The texts of the JSON library's errors are for programmers.
func line(data []byte, offset int64) int { return 1 + bytes.Count(data[:offset], []byte{'\n'}) }

// checkSchema finds what is no JSON, or was written by somebody else or by a newer version.
func checkSchema(data []byte) error {
	var head struct {
		Schema string `json:"schema"`
	}
	err := json.Unmarshal(data, &head)
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return status.Loss{
			Line: line(data, syntactic.ByteOffset), What: "is damaged, or no memory of this plugin", Advice: startAnew,
		}
	}
	number, isMemory := strings.CutPrefix(head.Schema, schemaName)
	version, notNumber := strconv.ParseUint(number, 10, 31)
	switch {
	case err != nil || !isMemory || notNumber != nil || version == 0:
		return status.Loss{What: "holds JSON that is no memory of this plugin", Advice: "name another file with --state-file"}
	case version > schemaNumber:
		return status.Loss{
			What:   "was written by a newer version of this plugin",
			Advice: "use the same version everywhere, or name another file with --state-file",
		}
	}
	return nil
}

// check finds what no check would have written.
func (d document) check() error {
	if d.Pools == nil {
		return errors.New("pools is missing")
	}
	for pool, rows := range d.Pools {
		if !isFolded(pool) {
			return fmt.Errorf("%q is not the name of a pool", pool)
		}
		for identity, r := range rows {
			for _, date := range []*time.Time{&r.Seen, &r.Export, &r.Import} {
				*date = date.Truncate(time.Second).UTC()
			}
			switch {
			case !isFolded(identity):
				return fmt.Errorf("%s: %q is not the name of a module", pool, identity)
			case !isDate(r.Seen):
				return fmt.Errorf("%s, %s: seen is missing, or no date", pool, identity)
			case r.Export.After(r.Seen), r.Import.After(r.Seen):
				return fmt.Errorf("%s, %s: unhealthy since a time after it was seen", pool, identity)
			case r.Export.Year() < 1, r.Import.Year() < 1:
				return fmt.Errorf("%s, %s: unhealthy since no date", pool, identity)
			}
			rows[identity] = r
		}
	}
	return nil
}

func isFolded(name string) bool { return isName(name) && status.Fold(name) == name }

package source

import (
	"encoding/base64"
	"strings"
)

// stepMarker stands before a step on the collector's error stream; behind it comes the base64 of the text.
const stepMarker = "-----CHECK_CS_BACKUP STEP-----"

// lastStep returns the step that the collector told last. Empty where it told none.
func lastStep(stream string) string {
	i := strings.LastIndex(stream, stepMarker)
	for ; i >= 0; i = strings.LastIndex(stream[:i], stepMarker) {
		line, _, whole := strings.Cut(stream[i+len(stepMarker):], "\n")
		text, err := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
		if whole && err == nil && len(text) > 0 {
			return shorten(string(text))
		}
	}
	return ""
}

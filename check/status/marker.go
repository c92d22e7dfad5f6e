package status

// The markers of the one-line form of the collector's document: what a process prints between them is the base64 of
// the document. They find it between whatever else is printed.
const (
	BeginMarker = "-----BEGIN CHECK_CS_BACKUP-----"
	EndMarker   = "-----END CHECK_CS_BACKUP-----"
)

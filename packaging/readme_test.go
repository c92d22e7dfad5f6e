package packaging

import (
	"regexp"
	"testing"
)

// TestReadmeInstall: the files that the README installs are made under these names.
func TestReadmeInstall(t *testing.T) {
	name := regexp.MustCompile(`(check[-_]cs[-_]backup[-_])0\.1\.0([-_]\w*[.\w]*\.(?:deb|rpm|zip|msi))`)
	found := name.FindAllStringSubmatch(string(readFile(t, "../README.md")), -1)
	if len(found) != 4 {
		t.Errorf("the README has %q", found)
	}
	for _, parts := range found {
		made(t, parts[1], parts[2])
	}
}

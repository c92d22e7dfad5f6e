package source

import (
	"io/fs"
	"os"
)

// keepOwner has nothing to do here: a new file has the rights of its folder.
func keepOwner(*os.File, fs.FileInfo) error { return nil }

package engines

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	plugins = "/usr/lib/nagios/plugins"
	plugin  = plugins + "/check_cs_backup"
	spool   = "/var/spool/cs_backup" // what NRPE's commands and Icinga's templates judge

	insideVariable = "ENGINES_TEST_PLUGIN" // set where a test runs inside: the plugin; a name that the plugin does not take for its own
)

// inside is false for a test that has to return: it was skipped, or run again in a place of its own, with folders,
// network and processes that nobody else sees. So the files of contrib/ need no change, and all that was started and
// written there is gone when the test ends. programs are what it needs.
func inside(t *testing.T, programs ...string) bool {
	t.Helper()
	if os.Getenv(insideVariable) != "" {
		return true
	}
	if testing.Short() {
		t.Skip("-short: it runs engines")
	}
	t.Parallel()
	for _, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			absent(t, err.Error())
		}
	}
	if os.Geteuid() != 0 {
		absent(t, "needs root")
	}
	built, err := build()
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run", "^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), insideVariable+"="+built)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWNET | unix.CLONE_NEWPID}
	if err := cmd.Start(); err != nil {
		absent(t, "needs namespaces for folders, network and processes: "+err.Error())
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	} else if !strings.Contains(out.String(), "--- PASS: "+t.Name()+" ") {
		t.Errorf("it did not run:\n%s", out.String())
	}
	return false
}

// absent skips a test that needs what is not there; under CI it fails.
func absent(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// buildFolder is where TestMain lets build put the plugin.
var buildFolder string

// build makes the plugin, once, and returns its path.
var build = sync.OnceValues(func() (string, error) {
	built := filepath.Join(buildFolder, "check_cs_backup")
	cmd := exec.Command("go", "build", "-o", built, "check_cs_backup/cmd/check_cs_backup")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	return built, cmd.Run()
})

func TestMain(m *testing.M) {
	var err error
	if buildFolder, err = os.MkdirTemp("", "engines"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(buildFolder)
	os.Exit(code)
}

// furnish makes the place: the plugin and check_nrpe where the packages have them, an empty spool, a network that
// reaches nobody else. The folders are emptied for the test alone.
func furnish(t *testing.T, folders ...string) {
	t.Helper()
	check(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	check(t, unix.Mount("proc", "/proc", "proc", 0, ""))
	checkNRPE, noNRPE := os.ReadFile(plugins + "/check_nrpe")
	built, err := os.ReadFile(os.Getenv(insideVariable))
	check(t, err)
	for _, folder := range append(folders, plugins, filepath.Dir(spool), "/run") {
		info, err := os.Stat(folder)
		check(t, err)
		check(t, unix.Mount("tmpfs", folder, "tmpfs", 0, "mode=0755"))
		owner := info.Sys().(*syscall.Stat_t)
		check(t, os.Chown(folder, int(owner.Uid), int(owner.Gid)))
	}
	check(t, os.WriteFile(plugin, built, 0o755))
	if noNRPE == nil {
		check(t, os.WriteFile(plugins+"/check_nrpe", checkNRPE, 0o755))
	}
	check(t, os.Mkdir(spool, 0o755))

	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	check(t, err)
	defer func() { _ = unix.Close(socket) }()
	loopback, err := unix.NewIfreq("lo")
	check(t, err)
	loopback.SetUint16(unix.IFF_UP)
	check(t, unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, loopback))
}

// start runs a daemon in the foreground. What it says is shown when the test fails.
func start(t *testing.T, name string, args ...string) {
	t.Helper()
	log, err := os.CreateTemp("/run", filepath.Base(name))
	check(t, err)
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	check(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("%s said:\n%s", name, said)
		}
	})
}

// copyTo puts a file of contrib/ there, as it stands.
func copyTo(t *testing.T, file, path string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../contrib", file))
	check(t, err)
	write(t, path, string(data))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	check(t, os.WriteFile(path, []byte(text), 0o644))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

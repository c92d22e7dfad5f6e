package source

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os/exec"
	"strings"
	"time"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// PowerShell runs the collector on this machine, in the PowerShell named exe. An empty exe is Windows PowerShell on
// Windows and pwsh elsewhere.
func PowerShell(exe string, q Query) Source {
	exe = cmp.Or(exe, defaultPowerShell())
	return live("PowerShell", func(ctx context.Context, left time.Duration) (string, error) {
		script := liveScript(q, left)
		if len(script) > scriptLimit {
			return "", status.Loss{
				What:   "the names of the pools are too long for one run",
				Advice: "ask for fewer pools in one run",
			}
		}
		// No standard input: PowerShell would wait for the end of one that an agent holds open.
		p := program{
			path: exe, arguments: powerShellArguments(fromEnvironment),
			environment: []string{scriptVariable + "=" + script},
		}.run(ctx)
		if p.startErr != nil {
			return "", startLoss(exe, p.startErr, "install PowerShell, or say where it is with --powershell-path")
		}
		return documentOf(ctx, p, "PowerShell", "waiting for the collector")
	})
}

// live is a source of one item, which ask brings in the time that is left.
func live(name string, ask func(ctx context.Context, left time.Duration) (string, error)) Source {
	return func(ctx context.Context) iter.Seq[Item] {
		return func(yield func(Item) bool) {
			if err := ctx.Err(); err != nil {
				yield(Item{Name: name, Err: status.Loss{What: "starting the collector", Err: err}})
				return
			}
			left := 24 * time.Hour
			if deadline, limited := ctx.Deadline(); limited {
				left = min(left, time.Until(deadline))
			}
			data, err := ask(ctx, left)
			yield(Item{Name: name, Data: data, Err: err})
		}
	}
}

// startLoss is a program on this machine that does not start; install is what to do where it is not there.
func startLoss(path string, err error, install string) status.Loss {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return status.Loss{What: status.Quote(path) + " was not found", Advice: install}
	}
	return status.Loss{
		What:   status.Quote(path) + " could not be started",
		Advice: "see that the account of this check may run it",
		Err:    err,
	}
}

// documentOf takes the document from a run, or what is known so far and why that is not all. who is the program that
// ran, phase what it was waited for if it told nothing itself.
func documentOf(ctx context.Context, p process, who, phase string) (string, error) {
	if p.out.document != "" {
		return p.out.document, nil
	}
	return p.told.part, p.fault(ctx.Err(), who, phase)
}

// fault says why a run has no document; ended is why it was ended from here, if it was.
func (p process) fault(ended error, who, phase string) status.Loss {
	if len(p.out.text) > p.out.limit {
		return status.Loss{
			What:   fmt.Sprintf("%s printed more than %d MiB and no whole document", who, p.out.limit>>20),
			Advice: "run the collector by hand (--print-collector) and look at what it prints",
			Err:    errNoEnd,
		}
	}
	if ended != nil {
		return status.Loss{What: cmp.Or(p.told.step, phase), Err: ended}
	}
	if n, cut := p.out.cut(); cut {
		return status.Loss{
			What:   fmt.Sprintf("the document of the collector is cut: %d bytes and no end (%s, %s)", n, who, p.state),
			Advice: "run the check again; when it stays so, run the collector by hand (--print-collector)",
		}
	}
	if bytes.Contains(p.told.text, []byte("ConstrainedLanguage")) {
		return status.Loss{
			What: who + " is in ConstrainedLanguage mode, in which the collector cannot run",
			Advice: "a policy such as AppLocker or App Control sets it: have that allow the collector's script, and " +
				"let a scheduled task run it (--print-collector)",
		}
	}
	what := fmt.Sprintf("%s ended without a document (%s)", who, p.state)
	if p.told.step != "" {
		what += " while " + p.told.step
	}
	if said := p.said(); said != "" {
		what += ": " + said
	}
	return status.Loss{
		What:   what,
		Advice: "run the collector by hand (--print-collector), as the account of this check",
	}
}

// messageLimit is how many characters of a message are shown.
const messageLimit = 1 << 10

// said returns the first that a process said of what went wrong: on its error stream, else on the other one.
func (p process) said() string {
	message := powershell.FirstError(string(p.told.text), messageLimit)
	if message == "" {
		message = powershell.FirstLine(string(p.out.text), messageLimit)
	}
	return strings.TrimSuffix(message, ".")
}

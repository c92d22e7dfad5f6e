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
	"strconv"
	"strings"

	"check_cs_backup/check/powershell"
	"check_cs_backup/check/status"
)

// PowerShell runs the collector on this machine, in the PowerShell named exe. An empty exe is Windows PowerShell on
// Windows and pwsh elsewhere.
func PowerShell(exe string, q Query) Source {
	if exe == "" {
		exe = defaultPowerShell()
	}
	return func(ctx context.Context) iter.Seq[Item] {
		return func(yield func(Item) bool) {
			data, err := askHere(ctx, exe, q)
			yield(Item{Name: "PowerShell", Data: string(data), Err: err})
		}
	}
}

func askHere(ctx context.Context, exe string, q Query) ([]byte, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, status.Loss{What: "starting PowerShell", Err: err}
	}
	script := liveScript(q, timeLeft(ctx))
	if len(script) > scriptLimit {
		return nil, status.Loss{
			What:   "the names of the pools are too long for one run",
			Advice: "ask for fewer pools in one run",
		}
	}
	// No standard input: PowerShell would wait for the end of one that an agent holds open.
	p := program{
		path: exe, arguments: powerShellArguments(fromEnvironment), environment: []string{scriptVariable + "=" + script},
	}.run(ctx)
	if p.startErr != nil {
		return nil, startLoss(exe, p.startErr)
	}
	return judge(ctx, p, "PowerShell", "waiting for the collector")
}

// check says what is wrong with a query that cannot be asked.
func (q Query) check() error {
	for _, pool := range q.Pools {
		if strings.TrimSpace(pool) != "" {
			return nil
		}
	}
	return status.Loss{
		What:   "no pool is named that the Backup Service could be asked for",
		Advice: "name the pool's FQDN with --pool",
	}
}

// startLoss is a PowerShell on this machine that does not start.
func startLoss(exe string, err error) status.Loss {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return status.Loss{
			What:   strconv.Quote(exe) + " was not found",
			Advice: "install PowerShell, or say where it is with --powershell-path",
		}
	}
	return status.Loss{
		What:   "PowerShell could not be started: " + strconv.Quote(exe),
		Advice: "see that the account of this check may run it, or name another one with --powershell-path",
		Err:    err,
	}
}

// judge takes the document from a run, or says why there is none; then it takes what is known so far. who is the
// program that ran, phase what it was waited for if it told nothing itself.
func judge(ctx context.Context, p process, who, phase string) ([]byte, error) {
	if document := p.out.found(); document != nil {
		return document, nil
	}
	return p.soFar(), p.fault(ctx.Err(), who, phase)
}

// soFar returns the document with what the collector had asked for when it was ended, or nil.
func (p process) soFar() []byte {
	if p.told.part == "" {
		return nil
	}
	return []byte(p.told.part)
}

// fault says why a run has no document; ended is why it was ended from here, if it was.
func (p process) fault(ended error, who, phase string) status.Loss {
	if p.out.total > p.out.limit {
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
			Advice: "a policy such as AppLocker or App Control sets it: have that allow the collector's script, and let a " +
				"scheduled task run it (--print-collector)",
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
		message = powershell.FirstLine(string(p.out.head), messageLimit)
	}
	return strings.TrimSuffix(message, ".")
}

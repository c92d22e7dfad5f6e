package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"check_cs_backup/thresholds"
)

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// hostName is the name of a pool or a host, of at most maxHostName bytes (RFC 1035).
type hostName string

const maxHostName = 253

// UnmarshalText takes a host name, and takes off the dot behind an FQDN.
func (h *hostName) UnmarshalText(text []byte) error {
	name := strings.TrimSuffix(string(text), ".")
	if err := thresholds.CheckName(name, ""); err != nil {
		return err
	}
	if name == "" || name[0] == '-' || len(name) > maxHostName || strings.Contains("."+name+".", "..") {
		return fmt.Errorf("%s is not the name of a host", thresholds.Quote(string(text)))
	}
	*h = hostName(name)
	return nil
}

// cmsMaster is the FQDN of a pool, or one of two words.
type cmsMaster string

// UnmarshalText takes "auto" and "none" without regard to case. A name without a dot is none: a mistyped word would
// make a pool of nobody's the CMS master.
func (m *cmsMaster) UnmarshalText(text []byte) error {
	for _, word := range []string{"auto", "none"} {
		if strings.EqualFold(string(text), word) {
			*m = cmsMaster(word)
			return nil
		}
	}
	var name hostName
	if err := name.UnmarshalText(text); err != nil {
		return err
	}
	if !strings.Contains(string(name), ".") {
		return fmt.Errorf("%s is not an FQDN, such as pool01.contoso.com, nor auto or none", thresholds.Quote(string(text)))
	}
	*m = cmsMaster(name)
	return nil
}

// sshTarget is what ssh takes for a destination: HOST or USER@HOST.
type sshTarget string

// UnmarshalText takes a host's name, one from ssh's configuration, or an address, in brackets or not; and in front of
// it a user's name, such as CONTOSO\svc or svc@contoso.com. The host part holds nothing that a shell could run: a
// ProxyCommand of the user's gets it as %h.
func (t *sshTarget) UnmarshalText(text []byte) error {
	user, host, hasUser := "", string(text), false
	if at := strings.LastIndexByte(host, '@'); at >= 0 {
		user, host, hasUser = host[:at], host[at+1:], true
	}
	if hasUser && (user == "" || strings.ContainsAny(user[:1], "-$ ")) { // a user's name may end with $; a macro begins so
		return fmt.Errorf("%s is not the name of a user, in %s", thresholds.Quote(user), thresholds.Quote(string(text)))
	}
	if err := thresholds.CheckName(user, `\@$ `); err != nil {
		return err
	}
	host, err := checkHost(host)
	if err != nil {
		return err
	}
	if hasUser {
		host = user + "@" + host
	}
	if *t != "" && !strings.EqualFold(string(*t), host) {
		return fmt.Errorf("a check asks one host, and not %s and %s: a check for each", thresholds.Quote(string(*t)), thresholds.Quote(host))
	}
	*t = sshTarget(host)
	return nil
}

// checkHost checks the name or the address of a host, and takes off what ssh does not want around it.
func checkHost(host string) (string, error) {
	bare := host
	if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
		bare = host[1 : len(host)-1]
	}
	if address, err := netip.ParseAddr(bare); err == nil && address.Is6() {
		return bare, thresholds.CheckName(bare, ":%") // a zone may be any text
	}
	if strings.Contains(host, ":") {
		return "", fmt.Errorf("%s is not a host; a port is given as --ssh-option Port=NUMBER", thresholds.Quote(host))
	}
	var name hostName
	err := name.UnmarshalText([]byte(host))
	return string(name), err
}

// duration is a time span that a user may give as plain seconds, as Nagios plugins have always taken it.
type duration time.Duration

// UnmarshalText reads "30", "1.5", "30s", "15m", "1h30m" or "1d12h".
func (d *duration) UnmarshalText(text []byte) error {
	span, err := thresholds.ParseTime(string(text))
	quoted := thresholds.Quote(string(text))
	switch {
	case err != nil:
		return fmt.Errorf("%s is not a time span: use seconds such as 30, or 30s, 15m, 2h, 1d", quoted)
	case span < 0:
		return fmt.Errorf("%s: a time span can't be negative", quoted)
	}
	*d = duration(span)
	return nil
}

// timeout is a time span that is not empty.
type timeout duration

// UnmarshalText reads what duration reads, except 0.
func (t *timeout) UnmarshalText(text []byte) error {
	if err := (*duration)(t).UnmarshalText(text); err != nil {
		return err
	}
	if *t == 0 {
		return errors.New("0 leaves no time: use seconds such as 30, or 30s")
	}
	return nil
}

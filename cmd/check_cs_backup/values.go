package main

import (
	"errors"
	"strings"

	"check_cs_backup/check/status"
	"check_cs_backup/thresholds"
)

func texts[T ~string](values []T) []string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = string(value)
	}
	return list
}

// hostName is the name of a pool or a host.
type hostName string

// UnmarshalText takes a name that is whole, of at most 253 bytes (RFC 1035). The dot behind an FQDN is taken off.
func (h *hostName) UnmarshalText(text []byte) error {
	name := strings.TrimSuffix(string(text), ".")
	if err := thresholds.CheckName(name, ""); err != nil {
		return err
	}
	if name == "" || len(name) > 253 || status.IsDamaged(name) {
		return errors.New("not the name of a host")
	}
	*h = hostName(name)
	return nil
}

// cmsMaster is the FQDN of a pool, or one of two words.
type cmsMaster string

// UnmarshalText takes "auto" and "none" without regard to case. A name without a dot is none: a mistyped word would
// make a pool of nobody's the CMS master.
func (m *cmsMaster) UnmarshalText(text []byte) error {
	word := strings.ToLower(string(text))
	if word == "auto" || word == "none" {
		*m = cmsMaster(word)
		return nil
	}
	err := (*hostName)(m).UnmarshalText(text)
	if err == nil && !strings.Contains(string(*m), ".") {
		err = errors.New("neither an FQDN, such as pool01.contoso.com, nor auto or none")
	}
	return err
}

// sshTarget is what ssh takes for a destination: HOST or USER@HOST.
type sshTarget string

// UnmarshalText takes the name of a host, one from ssh's configuration, or an address; and in front of it the name of a
// user, such as CONTOSO\svc or svc@contoso.com. Neither holds anything that a shell could run: a ProxyCommand of the
// user's gets the host as %h.
func (t *sshTarget) UnmarshalText(text []byte) error {
	at := strings.LastIndexByte(string(text), '@') + 1
	user, host := string(text[:at]), strings.TrimSuffix(string(text[at:]), ".")
	if err := thresholds.CheckName(user, `\@$ `); err != nil {
		return err
	}
	if user != "" && strings.ContainsAny(user[:1], "@-$ ") { // a name may end with $, but a macro begins so
		return errors.New("not the name of a user")
	}
	if strings.Count(host, ":") == 1 {
		return errors.New("not the name of a host; a port is given as --ssh-option Port=NUMBER")
	}
	var name hostName
	if err := name.UnmarshalText([]byte(strings.ReplaceAll(host, ":", ""))); err != nil { // an IPv6 address has several
		return err
	}
	target := sshTarget(user + host)
	if *t != "" && !strings.EqualFold(string(*t), string(target)) {
		return errors.New("a check asks one host, and this is not " + status.Quote(string(*t)) + ": a check for each")
	}
	*t = target
	return nil
}

package generate

// A commandKind is one of the CheckCommands that call the plugin; all have the same arguments.
type commandKind struct {
	suffix    string // behind the name of the common command
	extension string // of the plugin's file
	savedOnly bool   // --file must be given
	about     string
}

var commandKinds = []commandKind{
	{"", "", false, "Linux and other Unix: masters, satellites, agents."},
	{"_windows", ".exe", false, "Windows agents. It runs on Windows 10 or Server 2016 and later."},
	{
		"_file", "", true, "The same for saved statuses alone: where cs_backup_file is not filled in, that is an " +
			"error. The two above would ask PowerShell then.",
	},
	{"_file_windows", ".exe", true, "Saved statuses on Windows agents."},
}

// A way is one way to run the check: a service template.
type way struct {
	name              string // behind the name of the common template
	about             string // for whom it is, and what is to be set beside it; a sentence each
	command           string // suffix of a commandKind, or "_nrpe", which Icinga has of its own
	agent             bool   // it runs where the command endpoint is
	vars              []variable
	interval, timeout int // check_interval, check_timeout in s; 0 leaves the common ones
}

type variable struct {
	name  string
	value any // a string, a bool or an int
}

// What all services have in common. A state of the Backup Service is a snapshot, so a few attempts before an alert do
// good, if each sees another snapshot: a retry is no sooner than the scheduled task saves one.
const (
	checkInterval    = 300 // s: how often the scheduled task saves a status
	retryInterval    = 300 // s
	maxCheckAttempts = 3
	icon             = "database" // a name that the fonts of Icinga Web and of Icinga DB Web have
	iconAlt          = "Backup Service"
	notes            = "Is what the paired pools of Lync or Skype for Business Server copy to each other in good " +
		"order? The long output says what to do; docs/troubleshooting.md of check_cs_backup has more."
)

const (
	windowsStatus = `C:\check_cs_backup\status.json`
	linuxStatus   = "/var/spool/cs_backup"
)

// ways are the service templates.
var ways = []way{
	{
		name: "windows-agent", command: "_file_windows", agent: true,
		about: "The agent on Windows evaluates the file that the scheduled task saves. " +
			"Its account needs no more than to read that.",
		vars: []variable{{"cs_backup_file", windowsStatus}},
	},
	{
		name: "windows-live", command: "_windows", agent: true, interval: 600, timeout: 90,
		about: "The agent on Windows asks PowerShell itself, for the pools in cs_backup_pool and their backup pools. " +
			"Its account must be allowed to run Get-CsBackupServiceStatus. Do this on one front end of a pool only. " +
			"The module is slow to import: the plugin gives up after 80 s, Icinga 10 s later.",
		vars: []variable{{"cs_backup_powershell", true}, {"cs_backup_pair", true}, {"cs_backup_timeout", "80s"}},
	},
	{
		name: "linux-agent", command: "_file", agent: true,
		about: "The agent on Linux evaluates what is saved on a share that it sees, or copied there.",
		vars:  []variable{{"cs_backup_file", linuxStatus}},
	},
	{
		name: "nrpe", command: "_nrpe",
		about: "check_nrpe asks an NRPE or NSClient++, which has the command cs_backup. " +
			"A command that runs live there needs nrpe_timeout 65.",
		vars: []variable{{"nrpe_command", "cs_backup"}, {"nrpe_timeout", 20}},
	},
	{
		name: "ssh", interval: 600,
		about: "Whoever runs the check asks the front end through ssh, " +
			"for the pools in cs_backup_pool and their backup pools. " +
			"ssh runs as the user of icinga2, without a terminal: its key and known_hosts must be in place.",
		vars: []variable{{"cs_backup_hostname", "$address$"}, {"cs_backup_pair", true}},
	},
	{
		name: "file", command: "_file",
		about: "The master evaluates what is saved on a share that it sees, or copied there.",
		vars:  []variable{{"cs_backup_file", linuxStatus}},
	},
}

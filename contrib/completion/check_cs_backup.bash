# Completion for bash. Made from the flags by `make completion`: change those, not this.
# bash-completion finds it as check_cs_backup in its folder of completions; without that, source it.

_check_cs_backup() {
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	# bash takes --flag=value for three words.
	if [[ $word == '=' ]]; then
		word=''
	elif [[ $previous == '=' ]]; then
		previous=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	case $previous in
	-f | --file | --powershell-path | --state-file)
		compopt -o default # nothing of ours, so bash completes files
		return
		;;
	-H | --hostname)
		mapfile -t COMPREPLY < <(compgen -A hostname -- "$word")
		return
		;;
	--ssh-option | -P | --pool | --cms-master | --expect | --ignore | -r | --rule | --max-age | -c | --critical | -t | --timeout)
		return
		;;
	--category)
		mapfile -t COMPREPLY < <(compgen -W 'CMS UserData RGS' -- "$word")
		return
		;;
	--profile)
		mapfile -t COMPREPLY < <(compgen -W 'default failover' -- "$word")
		return
		;;
	--on-stale | --on-missing | --on-failure | --on-timeout)
		mapfile -t COMPREPLY < <(compgen -W 'ok warning critical unknown' -- "$word")
		return
		;;
	-o | --output)
		mapfile -t COMPREPLY < <(compgen -W 'nagios json' -- "$word")
		return
		;;
	--perfdata)
		mapfile -t COMPREPLY < <(compgen -W 'modules pools counts none' -- "$word")
		return
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W '--file --powershell --hostname --ssh-option --powershell-path --category --pair --no-events --pool --cms-master --expect --ignore --profile --rule --max-age --on-stale --on-missing --on-failure --on-timeout --state-file --critical --timeout --output --perfdata --verbose --print-collector --help --version' -- "$word")
}
complete -F _check_cs_backup check_cs_backup

# Reads `go test -v` and prints what `go test` would: a line for each package, and of what failed all that it said. At the
# end, a line each, what was skipped and why.

function say(test, line) {
	if (!(test in said)) order[++tests] = test
	said[test] = said[test] line "\n"
}

/^=== / { test = $3; next }

/^ *--- PASS: / { delete said[$3]; next }
/^ *--- SKIP: / { delete said[$3]; skipped[++count] = $3 ": " reason[$3]; next }
/^ *--- FAIL: / { say($3, $0); next }

/^ok / || /^FAIL\t/ || /^\?/ {
	if (/^FAIL/) {
		failed = 1
		for (i = 1; i <= tests; i++) printf "%s", said[order[i]]
	}
	print
	split("", said); split("", reason); tests = 0; test = ""
	next
}

/^(PASS|FAIL)$/ { next }

{
	say(test, $0)
	if (match($0, /^ +[A-Za-z0-9_]+\.go:[0-9]+: /)) reason[test] = substr($0, RLENGTH + 1)
}

END {
	for (i = 1; i <= tests; i++) printf "%s", said[order[i]] # what go says before it comes to a package
	if (count) print "\nSkipped:"
	for (i = 1; i <= count; i++) print "  " skipped[i]
	exit failed
}

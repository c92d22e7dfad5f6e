# Reads `go test -v` and prints what `go test` would: a line for each package, and of what failed all that it said. At the
# end, a line for each reason, which tests were skipped.

function say(test, line) {
	if (!(test in said)) order[++tests] = test
	said[test] = said[test] line "\n"
}

/^=== / { test = $3; next }

/^ *--- PASS: / { delete said[$3]; next }
/^ *--- SKIP: / {
	delete said[$3]
	if (!(reason[$3] in skipped)) reasons[++count] = reason[$3]
	skipped[reason[$3]] = skipped[reason[$3]] " " $3
	next
}
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
	for (i = 1; i <= count; i++) print "  " reasons[i] ":" skipped[reasons[i]]
	exit failed
}

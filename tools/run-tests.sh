#!/bin/sh
# Runs test programs and scripts one after another, prints one line for each and
# a sum, and shows the output of those that fail. A program of cmocka's is
# counted by its tests; a script by its own last "N passed, N failed", else as one.
set -u
out=$(mktemp)
trap 'rm -f "$out"' EXIT
passed=0 failed=0 broken=

count() { # STATUS: sets p and f from the output
	p=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed.*/\1/p' "$out" | tail -n 1)
	f=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$out" | tail -n 1)
	[ -z "$p" ] || return 0
	p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$out" | awk '{n += $1} END {print n + 0}')
	f=$(sed -n 's/^\[  FAILED  \] .*, \{0,1\}\([0-9]*\) test.*/\1/p;
		s/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$out" | awk '{n += $1} END {print n + 0}')
	[ "$p$f" != 00 ] || { [ "$1" = 0 ] && p=1 || f=1; }
}

for t in "$@"; do
	case $t in
	*.sh) sh "$t" > "$out" 2>&1 ;;
	# shellcheck disable=SC2086 # a command and its options
	*) ${RUNNER:-} "./$t" > "$out" 2>&1 ;;
	esac
	status=$?
	count $status
	# A crash or a sanitizer's report can come after the last test passed.
	[ $status = 0 ] || [ "$f" != 0 ] || f=1
	if [ $status = 0 ] && [ "$f" = 0 ]; then
		[ -z "${V:-}" ] || cat "$out"
		echo "ok      ${t##*/} ($p)"
	else
		cat "$out"
		echo "FAILED  ${t##*/} ($f of $((p + f)), status $status)"
		broken="$broken ${t##*/}"
	fi
	passed=$((passed + p))
	failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ -z "$broken" ]

#!/bin/sh
# Runs test programs and scripts, as many at a time as there are processors, prints one line for each
# in the order they were given and a sum, and shows the output of those that fail. A program of
# cmocka's is counted by its tests; a script by its own last "N passed, N failed", else as one.
set -u
if [ "${1:-}" = --one ]; then # FOLDER NUMBER TEST: its output and status go into FOLDER
	case $4 in
	*.sh) sh "$4" > "$2/$3.out" 2>&1 ;;
	# shellcheck disable=SC2086 # a command and its options
	*) ${RUNNER:-} "./$4" > "$2/$3.out" 2>&1 ;;
	esac
	echo $? > "$2/$3.status"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 broken= number=0

count() { # FILE STATUS: sets p and f from the output
	p=$(sed -n 's/^\([0-9]*\) passed, [0-9]* failed.*/\1/p' "$1" | tail -n 1)
	f=$(sed -n 's/^[0-9]* passed, \([0-9]*\) failed.*/\1/p' "$1" | tail -n 1)
	[ -z "$p" ] || return 0
	p=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test.*/\1/p' "$1" | awk '{n += $1} END {print n + 0}')
	f=$(sed -n 's/^\[  FAILED  \] .*, \{0,1\}\([0-9]*\) test.*/\1/p;
		s/^\[  FAILED  \] \([0-9]*\) test.*/\1/p' "$1" | awk '{n += $1} END {print n + 0}')
	[ "$p$f" != 00 ] || { [ "$2" = 0 ] && p=1 || f=1; }
}

for t in "$@"; do
	number=$((number + 1)) && echo "$number $t"
done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -L 1 sh "$0" --one "$work"

number=0
for t in "$@"; do
	number=$((number + 1))
	out=$work/$number.out
	status=$(cat "$work/$number.status" 2> /dev/null) || status=1
	count "$out" "$status"
	# A crash or a sanitizer's report can come after the last test passed.
	[ "$status" = 0 ] || [ "$f" != 0 ] || f=1
	if [ "$status" = 0 ] && [ "$f" = 0 ]; then
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

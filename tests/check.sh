# check.sh - for test scripts that run idletx; they source it. Sets 'here' (the project), 'idletx'
# (absolute) and 'tmp' (gone at the end), and counts. What the last run printed is in
# $tmp/out and $tmp/err, and is shown when a check fails. A run may take two minutes at most.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
idletx=${IDLETX:-build/debug/idletx}
case $idletx in /*) ;; *) idletx=$PWD/$idletx ;; esac
[ -x "$idletx" ] || { echo "'$idletx' is missing, run make debug" >&2 && exit 1; }
tmp=$(mktemp -d)
tmp=$(cd "$tmp" && pwd -P)
trap 'chmod -R u+rwX "$tmp" && rm -rf "$tmp"' EXIT
# Nothing of the user's decides: neither git's configuration nor colours.
export HOME="$tmp" GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES="$tmp" LC_ALL=C.UTF-8
# A sanitizer's report must not look like findings, whose status is 1.
export ASAN_OPTIONS="exitcode=99${ASAN_OPTIONS:+:$ASAN_OPTIONS}"
export UBSAN_OPTIONS="exitcode=99:print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
unset NO_COLOR GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
passed=0 failed=0

check() { # NAME COMMAND...: the command must succeed
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
		return
	fi
	failed=$((failed + 1))
	echo "not so: $name"
	for stream in out err; do
		[ ! -s "$tmp/$stream" ] || { echo "  $stream:" && head -c 2000 "$tmp/$stream" | sed 's/^/    /'; }
	done
}

# Runs idletx in the folder where the script is; the result is its exit status.
run() { # ARGUMENT...
	status=0
	timeout 120 "$idletx" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null || status=$?
	return $status
}

ends() { # STATUS ARGUMENT...: idletx ends with it
	wanted=$1
	shift
	run "$@"
	[ $status = "$wanted" ] || { echo "  ends with $status, not $wanted" && false; }
}

prints() { # STATUS TEXT ARGUMENT...: ends so, and the text is in its output
	wanted=$1 text=$2
	shift 2
	ends "$wanted" "$@" && grep -qF -- "$text" "$tmp/out"
}

says() { # STATUS TEXT ARGUMENT...: ends so, and the text is in its messages
	wanted=$1 text=$2
	shift 2
	ends "$wanted" "$@" && grep -qF -- "$text" "$tmp/err"
}

# A mistake: status 2, nothing printed, and exactly this one line of message.
refuses() { # LINE ARGUMENT...
	text=$1
	shift
	ends 2 "$@" && [ ! -s "$tmp/out" ] && [ "$(cat "$tmp/err")" = "$text" ]
}

finish() {
	echo "$passed passed, $failed failed"
	[ $failed = 0 ]
	exit
}

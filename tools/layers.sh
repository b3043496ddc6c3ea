#!/bin/sh
# Data flows one way: a file includes headers of its own folder, of folders
# before it in the pipeline, and nothing else. A rule includes only rule.h.
set -u
cd "$(dirname "$0")/.."

order="base input syntax flow project state program rules triage report fix top"
bad=0
complain() {
	echo "$*"
	bad=1
}

rank() { # FOLDER: its place in the order, 0 when it has none
	n=0
	for folder in $order; do
		n=$((n + 1))
		[ "$folder" != "$1" ] || { echo $n && return; }
	done
	echo 0
}

folder_of() { # a path below analyzer/, or one that is included
	case $1 in
	*/*) echo "${1%%/*}" ;;
	*.inc) echo rules ;;
	*) if [ -f "rules/$1" ]; then echo rules; else echo top; fi ;;
	esac
}

includes() { # FILE: the headers it names in quotes
	sed -n 's/^#[[:space:]]*include "\(.*\)".*/\1/p' "$1"
}

check() { # FILE FOLDER
	from=$(rank "$2")
	[ "$from" -gt 0 ] || complain "$1: folder '$2' is not listed in $0"
	for h in $(includes "$1"); do
		to=$(rank "$(folder_of "$h")")
		[ "$to" -gt 0 ] && [ "$to" -le "$from" ] || complain "$1: must not include '$h'"
	done
}

for f in analyzer/*.[ch]; do
	[ ! -f "$f" ] || check "$f" top
done
for f in analyzer/*/*.[ch]; do
	[ -f "$f" ] || continue
	below=${f#analyzer/}
	check "$f" "${below%%/*}"
done
for f in rules/*.[ch]; do
	[ ! -f "$f" ] || check "$f" rules
done
for f in rules/*/rule.c; do
	[ -f "$f" ] || continue
	for h in $(includes "$f"); do
		[ "$h" = rule.h ] || complain "$f: a rule includes only rule.h, not '$h'"
	done
done
# The tree dies in syntax/; toml in input/ is the only other use.
for f in $(grep -l '^#include <tree_sitter/' analyzer/*.[ch] analyzer/*/*.[ch] rules/*.[ch] \
	rules/*/*.c 2>/dev/null); do
	case $f in
	analyzer/syntax/* | analyzer/input/*) ;;
	*) complain "$f: must not use tree-sitter" ;;
	esac
done
exit $bad

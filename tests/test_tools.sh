#!/bin/sh
# test_tools.sh - the gates and generators can fail, and say why when they do.
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "$(dirname "${IDLETX:-$here/build/debug/idletx}")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

check() { # NAME, then a command that must succeed
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		echo "not so: $name"
		failed=$((failed + 1))
	fi
}

# A tree with one file in it; prints what layers.sh says of it.
layers_of() { # FILE INCLUDE
	rm -rf "$tmp/tree"
	mkdir -p "$tmp/tree/tools" "$tmp/tree/rules" "$tmp/tree/$(dirname "$1")"
	cp "$here/tools/layers.sh" "$tmp/tree/tools/"
	: > "$tmp/tree/rules/finding.h"
	: > "$tmp/tree/rules/rule.h"
	echo "#include $2" > "$tmp/tree/$1"
	sh "$tmp/tree/tools/layers.sh" 2>&1
}
allowed() {
	layers_of "$1" "$2" > /dev/null
}
refused() {
	! layers_of "$1" "$2" > "$tmp/said" && grep -q "^$1: " "$tmp/said"
}
check 'a phase includes an earlier one' allowed analyzer/flow/lower.c '"syntax/ast.h"'
check 'a phase includes itself' allowed analyzer/flow/lower.c '"flow/cfg.h"'
check 'a phase does not include a later one' refused analyzer/flow/lower.c '"state/solve.h"'
check 'base includes only base' refused analyzer/base/pool.c '"input/options.h"'
check 'a report includes findings' allowed analyzer/report/text.c '"finding.h"'
check 'flow knows no findings' refused analyzer/flow/lower.c '"finding.h"'
check 'the pipeline includes everything' allowed analyzer/pipeline.c '"report/report.h"'
check 'no phase includes the pipeline' refused analyzer/report/text.c '"pipeline.h"'
check 'a rule includes rule.h' allowed rules/unused-session/rule.c '"rule.h"'
check 'a rule includes nothing else' refused rules/unused-session/rule.c '"state/solve.h"'
check 'a new folder must be ranked' refused analyzer/misc/misc.c '"base/base.h"'
check 'trees live in syntax' allowed analyzer/syntax/parse.c '<tree_sitter/api.h>'
check 'trees do not leave syntax' refused analyzer/flow/lower.c '<tree_sitter/api.h>'

rules_page_is_current() {
	sh "$here/tools/rules-page.sh" | diff -u "$here/docs/rules.md" - > "$tmp/said" ||
		{ head -20 "$tmp/said"; false; }
}
check 'docs/rules.md is what make rules-page makes' rules_page_is_current

new_rule() { # NAME: in a tree that has only the template
	rm -rf "$tmp/tree"
	mkdir -p "$tmp/tree/tools"
	cp "$here/tools/new-rule.sh" "$tmp/tree/tools/"
	mkdir -p "$tmp/tree/rules"
	cp -r "$here/rules/_template" "$tmp/tree/rules/"
	sh "$tmp/tree/tools/new-rule.sh" "$1" > /dev/null 2>&1
}
refuses_name() {
	! new_rule "$1" && [ "$(ls "$tmp/tree/rules")" = _template ]
}
makes_rule() {
	new_rule use-after-close && grep -q rule_use_after_close "$tmp/tree/rules/use-after-close/rule.c"
}
check 'a new rule has its symbol' makes_rule
for name in '' Upper under_score -lead trail- a--b ../up 'a b'; do
	check "'$name' is no rule's name" refuses_name "$name"
done

# Bytes that a string literal must escape; what is compiled again must be the same.
embeds() {
	printf 'a"b\\c\n??=\t\0011\000\377é' > "$tmp/odd"
	"$build/embed" "$tmp/odd.c" "$tmp/odd" &&
		printf '%s\n' '#include "base/embedded.h"' '#include <stdio.h>' 'int main(void)' \
			'{ fwrite(embedded_files[0].text.ptr, 1, embedded_files[0].text.len, stdout); }' \
			> "$tmp/main.c" &&
		${CC:-cc} -std=c11 -D_GNU_SOURCE -I"$here/analyzer" -o "$tmp/main" "$tmp/main.c" "$tmp/odd.c" &&
		"$tmp/main" | cmp - "$tmp/odd"
}
check 'odd bytes are embedded as they are' embeds

# What make would do for these tests when the checker's own code has changed.
links_checker() { # TEST
	env -u MAKEFLAGS -u MAKELEVEL make -n -C "$here" MODE=debug V=1 -W analyzer/main.c "build/debug/$1" 2>&1 |
		grep -q -- '-o build/debug/idletx '
}
check 'the cases are never run with an old checker' links_checker test_cases
check 'other tests do not wait for it' eval '! links_checker test_arena'

echo "$passed passed, $failed failed"
[ $failed = 0 ]

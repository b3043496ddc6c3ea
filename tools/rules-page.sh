#!/bin/sh
# Prints docs/rules.md: the pages of all rules as one, by name.
set -eu
cd "$(dirname "$0")/.."
LC_ALL=C
export LC_ALL

echo '# All rules'
echo
echo 'Made by `make rules-page` from the rule.md of each rule: edit those.'
echo
for page in rules/[a-z]*/rule.md; do
	name=${page#rules/}
	name=${name%/rule.md}
	echo "- [$name](#$name)"
done
for page in rules/[a-z]*/rule.md; do
	echo
	# one level down; what looks like a heading in a block of code is a comment
	awk '/^```/ { code = !code } !code && /^#/ { $0 = "#" $0 } { print }' "$page"
done

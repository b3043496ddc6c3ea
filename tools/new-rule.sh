#!/bin/sh
# Makes the folder of a new rule from rules/_template.
set -eu
cd "$(dirname "$0")/.."

name=${1:-}
case $name in
'' | *[!a-z0-9-]* | -* | *- | *--*)
	echo "new-rule: say NAME=in-words-and-hyphens, what is wrong: use-after-close" >&2
	exit 2
	;;
esac
if [ -e "rules/$name" ]; then
	echo "new-rule: 'rules/$name' is there already" >&2
	exit 2
fi

symbol=$(echo "$name" | tr - _)
mkdir "rules/$name"
for f in rules/_template/*; do
	sed "s/RULE_NAME/$name/g; s/RULE_SYMBOL/$symbol/g" "$f" > "rules/$name/${f##*/}"
done
echo "rules/$name: write bad.py with its expectations, see it fail, then rule.c, ok.py and rule.md"

#!/bin/sh
# Runs one libFuzzer target for some seconds. New inputs are kept under build/,
# a crash is kept in fixtures/crash/ by whoever mends it.
#
#     tools/fuzz.sh build/fuzz/fuzz_lower 600
set -eu
program=$1 seconds=$2
corpus=$program.corpus seeds=$program.seeds
rm -rf "$seeds"
mkdir -p "$corpus" "$seeds"

# Seeds by target; a flat folder, because names repeat.
n=0
seed() {
	for f in "$@"; do
		[ ! -f "$f" ] || { n=$((n + 1)) && cp "$f" "$seeds/$n"; }
	done
}
case $program in
*config)
	seed $(find fixtures allowlist.example.json -name '*.toml' -o -name '*allowlist*.json' \
		-o -name '.idletx.json')
	;;
*version)
	seed $(find fixtures -name '*.toml' -o -name 'requirements*.txt' -o -name '*.lock')
	;;
*record)
	IDLETX_FUZZ_RECORDS=$seeds "${program%record}lower" $(find fixtures rules -name '*.py') \
		> /dev/null 2>&1
	n=$(find "$seeds" -type f | wc -l)
	;;
*program)
	seed $(find fixtures/regress rules -name '*.py')
	for project in fixtures/projects/*/; do # its files as one text, each below its name
		n=$((n + 1))
		(cd "$project" && find . -name '*.py' -o -name '*.toml' | sort |
			while read -r f; do echo "#file: ${f#./}" && cat "$f"; done) > "$seeds/$n"
	done
	;;
*) seed $(find fixtures rules -name '*.py') ;;
esac

case $program in
*record) longest=16384 ;;
*config) longest=1024 ;;
*program) longest=12288 ;;
*) longest=4096 ;;
esac
# What was freed is kept for a while to catch its use; less of it, or paging dominates.
export ASAN_OPTIONS=quarantine_size_mb=8
dictionary=tests/${program##*/}.dict
# Buffers that grow look like leaks to its heuristic, which then runs everything twice; the
# tests look for leaks.
echo "== ${program##*/}: $seconds s, $n seeds"
if ! "$program" -max_total_time="$seconds" -max_len=$longest -timeout=20 -rss_limit_mb=2048 \
	$([ ! -f "$dictionary" ] || echo "-dict=$dictionary") \
	-print_final_stats=1 -detect_leaks=0 -verbosity=0 -artifact_prefix="$program." "$corpus" "$seeds" \
	> "$program.log" 2>&1; then
	tail -n 60 "$program.log"
	exit 1
fi
sed -n 's/^stat::\(number_of_executed_units\|peak_rss_mb\)/\1/p' "$program.log"

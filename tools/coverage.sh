#!/bin/sh
# Prints how much of each source file the tests have executed. FOLDER holds the objects.
set -eu
out=$1
find "$out/analyzer" "$out/rules" -name '*.gcda' |
	while read -r data; do gcov -n "$data" 2>/dev/null; done |
	awk -v q="'" '
		/^File / { split($0, part, q); file = part[2] }
		/^Lines executed:/ && file ~ /^(analyzer|rules)\/.*\.c$/ {
			split($2, rate, /[:%]/)
			printf "%6.1f %%  %5d  %s\n", rate[2], $NF, file
			lines += $NF
			hit += rate[2] * $NF / 100
			file = ""
		}
		END { if (lines) printf "%6.1f %%  %5d  together\n", 100 * hit / lines, lines }
	' | sort -n

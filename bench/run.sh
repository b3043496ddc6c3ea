#!/bin/sh
# Checking DIR against a program that only reads and parses the same files, and
# against ast-grep with one trivial pattern: medians of one hyperfine run, their
# ratios, and peak memory. Ratios, not seconds: machines differ.
set -eu

dir=${1:-}
[ -d "$dir" ] || { echo "bench: say DIR=a-folder-with-python" >&2 && exit 2; }
here=$(cd "$(dirname "$0")/.." && pwd)
idletx=$here/build/release/idletx
bare=$here/build/release/bare_parse
peer=$(ls "$here"/node_modules/@ast-grep/cli-linux-*/ast-grep 2>/dev/null | head -n 1)
jobs=${JOBS:-$(getconf _NPROCESSORS_ONLN)}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

check="$idletx check --no-cache --fail-on never --jobs $jobs --output $out/report $dir"
parse="$bare --jobs $jobs $dir"
pooled="$bare --pool --jobs $jobs $dir"
search="$peer run --lang python --pattern 'len(\$X)' --threads $jobs --json=stream $dir"

set -- -n check "$check" -n parse "$parse" -n pooled "$pooled"
[ -z "$peer" ] || set -- "$@" -n ast-grep "$search"
# ast-grep ends with 1 when nothing matches; ours must work.
$check
$parse > /dev/null
hyperfine -N -i --warmup 2 --runs "${RUNS:-15}" --export-json "$out/times.json" "$@" >&2

peak() { # COMMAND: its largest resident set in kB
	python3 - "$@" <<'PY'
import resource, shlex, subprocess, sys
subprocess.run(shlex.split(sys.argv[1]), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
PY
}

$parse
python3 - "$out/times.json" "$(peak "$check")" "$(peak "$parse")" <<'PY'
import json, sys
median = {r["command"]: r["median"] for r in json.load(open(sys.argv[1]))["results"]}
check, parse = int(sys.argv[2]), int(sys.argv[3])
for name, seconds in median.items():
    print(f"{name:9} {seconds * 1000:8.1f} ms")
print(f"time    check / parse     {median['check'] / median['parse']:.2f}   (tree-sitter as it comes)")
print(f"time    check / pooled    {median['check'] / median['pooled']:.2f}   (with our memory for trees)")
if "ast-grep" in median:
    print(f"time    check / ast-grep  {median['check'] / median['ast-grep']:.2f}")
print(f"memory  check / parse     {check / parse:.2f}   ({check // 1024} MB, {parse // 1024} MB)")
PY

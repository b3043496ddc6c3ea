#!/bin/sh
# test_trace.sh - a finding whose cause lies in a callee names it: in the text, and as steps of the trace.
. "$(dirname "$0")/check.sh"

cp -r "$here/fixtures/projects/trace_into_callees" "$tmp/quay"
cd "$tmp/quay" || exit 1
steps() { # FUNCTION EXPECTED: the trace of its first finding above a note, as path:line
	run --no-cache --format json
	python3 -c 'import json, sys
of = [f for f in json.load(sys.stdin)["findings"] if f["function"] == sys.argv[1] and f["level"] != "note"]
print(" ".join("%s:%d" % (t["path"], t["line"]) for t in of[0]["trace"]))' "$1" < "$tmp/out" > "$tmp/steps"
	[ "$(cat "$tmp/steps")" = "$2" ]
}
flows() { # EXPECTED: the paths of the first code flow in SARIF, each once
	run --no-cache --format sarif --select held-during-external-call
	python3 -c 'import json, sys
flow = json.load(sys.stdin)["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
print(" ".join(sorted({l["location"]["physicalLocation"]["artifactLocation"]["uri"] for l in flow})))' < "$tmp/out" > "$tmp/flows"
	[ "$(cat "$tmp/flows")" = "$1" ]
}

check 'the statement two calls below, and the wait one below' steps told \
	'quay/routes.py:12 quay/routes.py:13 quay/berths.py:15 quay/berths.py:10 quay/routes.py:14 quay/berths.py:24'
check 'the end of the transaction before, and the statement' steps partly \
	'quay/routes.py:20 quay/routes.py:21 quay/berths.py:19 quay/routes.py:22 quay/berths.py:15 quay/berths.py:10 quay/routes.py:24'
check 'the function that makes the session' steps job \
	'quay/db.py:16 quay/routes.py:30 quay/routes.py:31 quay/berths.py:15 quay/berths.py:10 quay/routes.py:31'
check 'SARIF shows the same' flows 'quay/berths.py quay/routes.py'
check 'in words' prints 1 'queried by  rows (quay/berths.py:10), called at 13' --no-cache
check 'of the maker, too' prints 1 'opened by   opened (quay/db.py:16), called at 30' --no-cache
check 'a named file shows what passes through it' prints 1 'quay/routes.py:14: warning held-during-external-call' --no-cache quay/berths.py

echo "$passed passed, $failed failed"
[ $failed = 0 ]

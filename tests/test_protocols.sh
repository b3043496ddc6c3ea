#!/bin/sh
# test_protocols.sh - protocol files: the schema and the reader ask for the same, a mistake has its place, and the
# README's driver can be taught by a file of a project's own.
. "$(dirname "$0")/check.sh"

schema=$here/rules/protocols/schema.json
valid=$(dirname "$idletx")/schema
cd "$tmp" || exit 1

# ---- the README's driver -----------------------------------------------------------------------

mkdir -p shop/idletx-protocols
printf '[project]\nname = "shop"\n\n[tool.idletx]\nprotocols = ["idletx-protocols/acme.json"]\n' > shop/pyproject.toml
sed -n '/^## A driver of your own/,/^## /p' "$here/README.md" | sed -n '/^```json/,/^```$/p' | sed '1d;$d' \
	> shop/idletx-protocols/acme.json
cat > shop/stock.py <<'END'
import acmedb

pool = acmedb.open_pool("stock")


def forgets(item):
    conn = pool.borrow()
    row = conn.run("SELECT amount FROM stock WHERE item = ?", item)
    if row is None:
        return 0
    pool.give_back(conn)
    return row.amount


def gives_back(item):
    conn = pool.borrow()
    try:
        return conn.run("SELECT amount FROM stock WHERE item = ?", item)
    finally:
        pool.give_back(conn)
END
lines=$(wc -l < shop/idletx-protocols/acme.json)
check 'the README teaches a driver in under 30 lines' [ "$lines" -gt 10 -a "$lines" -lt 30 ]
check 'the schema takes it' "$valid" "$schema" shop/idletx-protocols/acme.json
only_the_forgotten_one() {
	ends 1 check --no-cache shop && [ "$(grep -c 'stock.py:' "$tmp/out")" = 1 ] && grep -q '^stock.py:7: error connection-not-returned' "$tmp/out"
}
check 'what is forgotten is found, what is given back is not' only_the_forgotten_one
check 'protocols lists what the project teaches' prints 0 'idletx-protocols/acme.json' protocols --root shop
check 'and from where in JSON' prints 0 '"file": "idletx-protocols/acme.json"' protocols --root shop --format json
check 'what is built in is from nowhere' prints 0 '"file": null' protocols --root shop --format json
check 'elsewhere only what is built in' [ "$("$idletx" protocols | grep -c acme)" = 0 ]

# ---- mistakes ------------------------------------------------------------------------------------

taught() { # TEXT
	printf '%s' "$1" > shop/idletx-protocols/acme.json
}
refused() { # MESSAGE: by check and by protocols alike, with the place
	says 2 "idletx-protocols/acme.json:$1" check --no-cache shop && says 2 "idletx-protocols/acme.json:$1" protocols --root shop
}
rejected() { # the schema says so too
	! "$valid" "$schema" shop/idletx-protocols/acme.json 2> "$tmp/err"
}
mistake() { # NAME TEXT MESSAGE
	taught "$2"
	check "$1" refused "$3"
	check "$1: in the schema" rejected
}
mistake 'a key of the file' '{"version": 1,
 "libary": "acme"}' "2:2: error: unknown key 'libary': did you mean 'library'?"
mistake 'a key of a resource' '{"version": 1, "resources": {
  "acme": {"nuon": "pool"}}}' "2:12: error: unknown key 'nuon': did you mean 'noun'?"
mistake 'a key of a method' '{"version": 1, "resources": {"acme": {"methods": {"get": {"give": "acme"}}}}}' \
	"1:59: error: unknown key 'give': did you mean 'gives'?"
mistake 'a word' '{"version": 1, "resources": {"acme": {"methods": {"get": "comit"}}}}' \
	"1:58: error: 'comit' is none of none, statement, sql"
mistake 'a wrong type' '{"version": 1, "resources": {"acme": {"makers": "acme.open"}}}' "1:49: error: 'makers' must be"
mistake 'no version' '{"resources": {}}' "1:1: error: 'version' must be 1"
taught '{"version": 1, "resources": {"acme": {"like": "acne"}}}'
check 'a resource that there is not' refused "1:47: error: there is no resource 'acne'"
rm shop/idletx-protocols/acme.json
check 'a file that there is not' refused ' error: cannot read this protocol file'

# ---- schema and reader -------------------------------------------------------------------------------

# A key that one of them does not know is answered by "unknown key".
python3 - "$schema" > keys <<'END'
import json
import sys

defs = json.load(open(sys.argv[1]))["$defs"]
print(*defs["resource"]["properties"], sep="\n")
END
every_key_is_read() {
	while read -r key; do
		taught "{\"version\": 1, \"resources\": {\"acme\": {\"$key\": 0}}}"
		run protocols --root shop
		[ "$status" = 2 ] && ! grep -q 'unknown key' "$tmp/err" || { echo "  $key" && return 1; }
	done < keys
}
check 'every key of the schema is one of the reader' every_key_is_read
every_key_is_described() {
	sed -n '/^static bool read_kind(.*depth)$/,/};/p' "$here/analyzer/state/protocol_read.c" | grep -o '"[a-z_]*"' | tr -d '"' | sort > read
	sort keys | cmp -s - read
}
check 'every key of the reader is one of the schema' every_key_is_described

finish

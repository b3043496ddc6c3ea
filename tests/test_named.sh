#!/bin/sh
# test_named.sh - one defect is one finding, and what is reported when single files are named, as a hook does.
. "$(dirname "$0")/check.sh"

cp -r "$here/fixtures/projects/unguarded_provider" "$tmp/kennel"
cd "$tmp/kennel" || exit 1
found() { # EXPECTED ARGUMENT...: these findings above a note, as path:line rule
	wanted=$1
	shift
	run --no-cache --format json "$@"
	python3 -c 'import json, sys
for f in json.load(sys.stdin)["findings"]:
    if f["level"] != "note" and f["status"] == "open": print("%s:%d %s" % (f["path"], f["line"], f["rule"]))' < "$tmp/out" > "$tmp/found"
	printf '%s' "${wanted:+$wanted
}" | diff - "$tmp/found"
}
related() { # EXPRESSION over 'r', the related places of the first finding
	run --no-cache --format json
	python3 -c 'import json, sys
r = json.load(sys.stdin)["findings"][0]["related"]
sys.exit(not eval(sys.argv[1]))' "$1" < "$tmp/out"
}

check 'the provider speaks for its handlers' found 'app/db.py:10 unguarded-dependency
app/db.py:15 dependency-returns-session
app/dogs.py:35 unreleased-on-return'
check 'which are related' related '[(x["rule"], x["path"], x["line"]) for x in r] == [("unreleased-on-raise", "app/dogs.py", 16), ("unreleased-on-raise", "app/dogs.py", 22)]'
check 'a provider that is named shows what it breaks elsewhere' found 'app/db.py:10 unguarded-dependency
app/db.py:15 dependency-returns-session
app/dogs.py:35 unreleased-on-return' app/db.py
check 'handlers that are named speak for themselves' found 'app/dogs.py:16 unreleased-on-raise
app/dogs.py:22 unreleased-on-raise
app/dogs.py:27 unreleased-on-return
app/dogs.py:35 unreleased-on-return' app/dogs.py
printf 'x = 1\n' > app/other.py
check 'a file that has nothing to do with it' found '' app/other.py
sed -i 's/  # expect.*/  # idletx: ignore[unreleased-on-return] -- for a test/' app/dogs.py
check 'comments beside the named file count' found 'app/db.py:10 unguarded-dependency
app/db.py:15 dependency-returns-session' app/db.py

i=0
while [ $i -lt 30 ]; do
	printf '\n\n@router.get("/more/%d")\ndef more_%d(db: Session = Depends(get_db)):\n    return db.scalars(select(Dog.name)).all()\n' $i $i
	i=$((i + 1))
done >> app/dogs.py
check 'the list of what suffers is bounded' related 'len(r) == 21 and r[-1]["message"] == "and 12 more"'
check 'and counted' prints 1 'breaks      32 functions that get it, the first app/dogs.py:16' --no-cache

echo "$passed passed, $failed failed"
[ $failed = 0 ]

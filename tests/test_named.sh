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

# ---- what is named is what the trace passes through, however it is named --------------------------

mkdir -p "$tmp/farm/app/sub" && cd "$tmp/farm" || exit 1
printf '[project]\nname = "farm"\n' > pyproject.toml
: > app/__init__.py && : > app/sub/__init__.py
cat > app/db.py <<'END'
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db
END
cat > app/base.py <<'END'
from app.db import SessionLocal


class Base:
    def open(self):
        return SessionLocal()
END
cat > app/load.py <<'END'
def first(db):
    return db.query(Tree).first()


def close(db):
    db.commit()
    db.close()
END
printf 'def last(db):\n    return None\n' > app/apart.py
cat > app/sub/service.py <<'END'
from app.base import Base
from app.apart import last


class Trees(Base):
    def all(self):
        db = self.open()
        return db.query(Tree).all()
END
cat > app/sub/routes.py <<'END'
from fastapi import APIRouter, Depends
from app.db import get_db
from app.load import close, first

router = APIRouter()


@router.get("/tree")
def tree(flag: bool, db=Depends(get_db)):
    row = first(db)
    if flag:
        return {}
    close(db)
    return row
END
opened='app/sub/service.py:7 session-not-closed'
left='app/sub/routes.py:12 unreleased-on-return'
check 'all of it' found "$left
$opened"
check "a base class's module shows who leaves open what it opens" found "$opened" app/base.py
check 'a callee shows the caller that leaves open what it queries' found "$left" app/load.py
check 'what no trace passes through shows nothing' found '' app/apart.py
check 'an absolute path' found "$opened" "$PWD/app/base.py"
check 'one file under several names' found "$opened" app/base.py ./app/../app/base.py "$PWD/app/base.py"
ln -s "$PWD" "$tmp/link"
check 'through a link to the project' found "$opened" "$tmp/link/app/base.py"
check 'excluded, but named' found "$opened" --exclude 'app/base.py' app/base.py
check 'excluded by force' found '' --exclude 'app/base.py' --force-exclude app/base.py
printf 'not python at all (\n' > notes.txt
check 'what is no Python says nothing' found "$opened" notes.txt app/base.py
cp app/sub/service.py "$tmp/apart.py"
check 'a file outside of the root' found '../apart.py:7 session-not-closed' --root . "$tmp/apart.py"
cd app/sub || exit 1
check 'from a folder below' found "$opened" ../base.py
check 'the folder itself' found "$left
$opened" .
cd "$tmp/farm" || exit 1
rm app/load.py
check 'a file that is gone is 3' says 3 'app/load.py: error: cannot read this path: no such file or folder' --no-cache app/load.py app/base.py
check 'and the others are reported all the same' prints 3 "app/sub/service.py:7: error session-not-closed" --no-cache app/load.py app/base.py

echo "$passed passed, $failed failed"
[ $failed = 0 ]

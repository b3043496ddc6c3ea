#!/bin/sh
# test_audit_responses.sh - the audit tells handlers that return rows of their session from those that return plain values.
. "$(dirname "$0")/check.sh"

mkdir -p "$tmp/hall/app" && cd "$tmp/hall" || exit 1
printf '[project]\nname = "hall"\n' > pyproject.toml
cat > app/store.py <<'PY'
from sqlalchemy import select


class Seats:
    def __init__(self, db):
        self.db = db

    def free(self, row):
        query = self.db.query(Seat)
        if row:
            query = query.filter(Seat.row == row)
        return query.limit(10).all()

    def one(self, key):
        found = self.db.get(Seat, key)
        if found is None:
            return None
        return found

    def count(self):
        return self.db.query(Seat).count()

    def labels(self):
        return [seat.label for seat in self.db.query(Seat).all()]

    def columns(self):
        return self.db.execute(select(Seat.id, Seat.label)).all()
PY
cat > app/routes.py <<'PY'
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import get_db
from app.store import Seats

router = APIRouter()


@router.get("/free")
def free(db: Session = Depends(get_db)):
    seats = Seats(db).free("A")
    return seats


@router.get("/one")
def one(db: Session = Depends(get_db)):
    return Seats(db).one(1)


@router.get("/own")
def own(db: Session = Depends(get_db)):
    statement = select(Seat).where(Seat.row == "A")
    return db.execute(statement).scalars().all()


@router.get("/count")
def count(db: Session = Depends(get_db)):
    return Seats(db).count()


@router.get("/labels")
def labels(db: Session = Depends(get_db)):
    return Seats(db).labels()


@router.get("/columns")
def columns(db: Session = Depends(get_db)):
    return Seats(db).columns()


@router.get("/plain")
def plain(db: Session = Depends(get_db)):
    seat = db.get(Seat, 1)
    return seat.label
PY
responses() { # EXPECTED: "function=response ..." of all handlers, by name
	run audit --no-cache --format json
	python3 -c 'import json, sys
print(" ".join(sorted("%s=%s" % (h["function"], ",".join(h["response"])) for h in json.load(sys.stdin)["handlers"])))' < "$tmp/out" > "$tmp/told"
	[ "$(cat "$tmp/told")" = "$1" ]
}
check 'rows of the session, from queries of callees too' responses \
	'columns=other count=other free=orm labels=other one=orm own=orm plain=other'

echo "$passed passed, $failed failed"
[ $failed = 0 ]

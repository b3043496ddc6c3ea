#!/bin/sh
# test_fixes.sh - the fix that is proposed must mend the finding and not break the function.
. "$(dirname "$0")/check.sh"

cd "$tmp" || exit 1
printf '[project]\nname = "orchard"\ndependencies = ["fastapi==0.128.0"]\n' > pyproject.toml
cat > app.py <<'END'
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session, sessionmaker

router = APIRouter()
SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db


def name_of(db):
    return db.query(Tree.name).first()


@router.get("/asks")
def asks(flag: bool, db: Session = Depends(get_db)):
    if flag:
        return name_of(db)
    db.commit()
    db.close()
    return {}


@router.get("/asked")
def asked(flag: bool, db: Session = Depends(get_db)):
    name = name_of(db)
    if flag:
        return name
    db.commit()
    db.close()
    return {}


@router.get("/caught")
def caught(flag: bool, db: Session = Depends(get_db)):
    name = None
    try:
        name = name_of(db)
    except Exception:
        pass
    if flag:
        return name
    db.rollback()
    db.close()
    return {}


class Base:
    def open(self):
        return SessionLocal()


class Trees(Base):
    def all(self):
        db = self.open()
        return name_of(db)


def opened():
    return SessionLocal(), True


def unpacked():
    db, owned = opened()
    return name_of(db)
END
fix_of() { # FUNCTION TEXT: the fix of the finding whose aside begins with it
	run --no-cache app.py
	awk -v name="$1" '$0 ~ "  " name "(,|$)" { found = 1 } found && $1 == "fix" { sub(/^ *fix +/, ""); print; exit }' \
		"$tmp/out" > got
	printf '%s\n' "$2" | diff - got
}
check 'a return that asks itself keeps its result first' fix_of asks 'result = ...; db.commit(); db.close(); return result'
check 'one that has asked before does not' fix_of asked 'db.commit(); db.close() before 30'
check 'what has failed takes no commit' fix_of caught 'db.commit(), or rollback() after a caught error; db.close() before 44'
check 'a method is called as it is written' fix_of Trees.all 'with self.open(...) as db:   (or close it in a finally)'
check 'a tuple is no context manager' fix_of unpacked 'try: ...   finally: db.close()'

finish

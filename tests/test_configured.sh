#!/bin/sh
# test_configured.sh - --stats lists what could not be followed, and naming it in the configuration has an effect.
. "$(dirname "$0")/check.sh"

cd "$tmp" || exit 1
configured() { # SETTING
	printf '[project]\nname = "farm"\ndependencies = ["fastapi==0.128.0"]\n[tool.idletx]\n%s\n' "$1" > pyproject.toml
}
cat > app.py <<'END'
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from farmlib import bus
from farmlib.db import finish, tenant
from farmlib.mail import notify

router = APIRouter()
Local = scoped_session(sessionmaker())


@router.get("/provider")
def by_provider(flag: bool, db=Depends(tenant)):
    row = db.query(Tree).first()
    if flag:
        return {}
    db.commit()
    db.close()
    return {"row": row}


@router.get("/release")
def by_release(flag: bool, db: Session = Depends(tenant)):
    row = db.query(Tree).first()
    if flag:
        finish(db)
        return {}
    notify.send(db)
    db.commit()
    db.close()
    return {"row": row}


def on_message(message):
    Local.query(Tree).all()


bus.subscribe("trees", on_message)


@bus.handler
def on_other(message):
    Local.query(Tree).all()
END
check_app() { # STATUS TEXT
	prints "$1" "$2" --no-cache app.py
}
silent() { # STATUS TEXT: the text is not there
	run --no-cache app.py
	[ $status = "$1" ] && ! grep -qF -- "$2" "$tmp/out"
}

configured ''
check 'stats: callees' says 1 '     1 `farmlib.db.finish`' --no-cache --stats app.py
check 'stats: methods' says 1 '     1 `farmlib.mail.notify.send`' --no-cache --stats app.py
check 'stats: providers' says 1 '     1 `farmlib.db.tenant`' --no-cache --stats app.py

check 'each with its first place' says 1 '     1 `farmlib.db.finish`, at app.py:25' --no-cache --stats app.py
check 'the last lines count them' check_app 1 'not followed: 2 calls with a session (--stats lists them)'

check 'a provider that nobody knows gives nothing' silent 1 'app.py:15'
configured 'providers = ["farmlib.db:tenant"]'
check 'a named provider gives a session' check_app 1 'app.py:15: warning unreleased-on-return'
check 'which it is said to close' check_app 1 'tenant, through Depends (the configuration says that it closes it)'
check 'a named provider is not unresolved' says 1 'unresolved providers 0' --no-cache --stats app.py

configured ''
check 'a callee that nobody knows releases nothing' check_app 1 'app.py:26: warning unreleased-on-return'
configured 'releases = ["db:finish"]'
check 'a named one does' silent 0 'app.py:26'
check 'and is not unresolved' says 0 'unresolved callees that are given a session 1' --no-cache --stats app.py

cat > known.py <<'END'
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

engine = create_engine("postgresql:///farm")
SessionLocal = sessionmaker()


class Repo:
    def __init__(self, db: Session):
        self.db = db

    def trees(self):
        return self.db.query(Tree).all()


def on_a_connection():
    with engine.connect() as conn, Session(bind=conn) as db:
        Repo(db).trees()
        db.commit()


def one_name_for_two(given):
    if given:
        repo = Repo(given["db"])
        return repo.trees()
    with SessionLocal() as db:
        repo = Repo(db)
        return repo.trees()
END
configured ''
follows_all() { # PATH
	ends 0 --no-cache "$1" && ! grep -q 'not followed' "$tmp/out"
}
check 'a session on a connection is no unknown' says 0 'unresolved receivers that hold a session 0' --no-cache --stats known.py
check 'nor is what a name does on other ways' follows_all known.py

cat > slow.py <<'END'
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session, sessionmaker
from farmlib import weather

router = APIRouter()
SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db


@router.get("/slow")
def forecast(db: Session = Depends(get_db)):
    place = db.query(Place).first()
    return weather.ask(place.name)
END
configured ''
check 'a call that nobody knows is no wait' ends 0 --no-cache slow.py
configured 'slow-calls = ["farmlib.weather.*"]'
check 'a named one is' prints 1 'slow.py:17: warning held-during-external-call' --no-cache slow.py

configured ''
check 'a function that nobody runs is not judged' silent 1 'scoped-session-not-removed'
configured 'entry-points = ["farmlib.bus.subscribe"]'
check 'one that is passed to an entry point is' check_app 1 'app.py:34: error scoped-session-not-removed'
configured 'entry-points = ["farmlib.bus.*"]'
check 'so is one that is decorated' check_app 1 'app.py:42: error scoped-session-not-removed'

echo "$passed passed, $failed failed"
[ $failed = 0 ]

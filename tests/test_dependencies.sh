#!/bin/sh
# test_dependencies.sh - which dependencies a request runs, in which order and how often: --dump=harness.
. "$(dirname "$0")/check.sh"

cd "$tmp" || exit 1
printf '[project]\nname = "farm"\n' > pyproject.toml

# The tree of the one handler in the Python on stdin must be what the second argument says.
runs() { # NAME EXPECTED, the body of the file on stdin
	{
		printf '%s\n' 'from dataclasses import dataclass' 'from functools import partial' \
			'from typing import Annotated' 'from fastapi import APIRouter, Depends, FastAPI, Security' \
			'from elsewhere import outside' '' 'router = APIRouter()' '' \
			'def get_db():' '    yield 1' ''
		cat
	} > app.py
	printf '%s\n' "$2" > wanted
	check "$1" tree_is
}
tree_is() {
	run --no-cache --dump=harness . && grep '^  ' "$tmp/out" > got
	sed 's/^/  /' wanted | diff - got
}

runs "parameters, nested ones first and each once" 'get_db for user
user for admin
admin for h' <<'END'
def user(db=Depends(get_db)): ...
def admin(u=Depends(user), db=Depends(get_db)): ...
@router.get("/")
def h(a: Annotated[str, Security(admin, scopes=["x"])], db=Depends(get_db)): ...
END
runs "what is not cached runs again" 'get_db for user
user for h
get_db for h, uncached' <<'END'
def user(db=Depends(get_db)): ...
@router.get("/")
def h(u=Depends(user), db=Depends(get_db, use_cache=False)): ...
END
runs "another scope is another run" 'get_db for user
user for h
get_db for h, scope function' <<'END'
def user(db=Depends(get_db)): ...
@router.get("/")
def h(u=Depends(user), db=Depends(get_db, scope="function")): ...
END
runs "router, application, include_router and decorator" 'get_db for app
a for router
b for router
c for h
d for h' <<'END'
def a(): ...
def b(): ...
def c(): ...
def d(): ...
app = FastAPI(dependencies=[Depends(get_db)])
router = APIRouter(dependencies=[Depends(b)])
@router.get("/", dependencies=[Depends(c)])
def h(x=Depends(d)): ...
app.include_router(router, dependencies=[Depends(a)])
END
runs "an application that a function makes" 'get_db for router' <<'END'
@router.get("/")
def h(): ...
def create_app():
    app = FastAPI(dependencies=[Depends(get_db)])
    app.include_router(router)
    return app
END
runs "classes, their __init__ and dataclasses" 'get_db for Data
Data (class) for h
Page.__init__ for Page
Page (class) for h' <<'END'
class Page:
    def __init__(self, db=Depends(get_db)): ...
@dataclass
class Data:
    db: object = Depends(get_db)
@router.get("/")
def h(d: Annotated[Data, Depends()], page: Page = Depends()): ...
END
runs "objects, their methods, class methods" 'get_db for Auth.__call__
Auth.__call__ for h
Auth.user for h
Auth.make for h' <<'END'
class Auth:
    def __init__(self, realm): ...
    def __call__(self, db=Depends(get_db)): ...
    def user(self): ...
    @classmethod
    def make(cls): ...
auth = Auth("a")
@router.get("/")
def h(a=Depends(auth), b=Depends(auth.user), c=Depends(Auth.make), d=Depends(Auth("b"))): ...
END
runs "factories, partials and lambdas" 'get_db for role.<locals>.check
role.<locals>.check for h
bound for h
<lambda> for h
elsewhere.outside (not found) for h' <<'END'
def role(name):
    def check(db=Depends(get_db)): ...
    return check
def bound(x): ...
ADMIN = Depends(role("admin"))
@router.get("/")
def h(a=ADMIN, b=Depends(partial(bound, 1)), c=Depends(lambda: 1), d=Depends(outside)): ...
END
runs "class-based views" 'get_db for View.h' <<'END'
class Base:
    db: object = Depends(get_db)
class View(Base):
    @router.get("/")
    def h(self): ...
END
runs "routes that are added by a call" 'get_db for h' <<'END'
def h(): ...
router.add_api_route("/", h, dependencies=[Depends(get_db)])
END
runs "circles end" 'b for a
a for h' <<'END'
def a(x=Depends(b)): ...
def b(x=Depends(a)): ...
@router.get("/")
def h(x=Depends(a)): ...
END

# ---- the audit's row ---------------------------------------------------------------------------

cat > app.py <<'END'
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session, sessionmaker

router = APIRouter()
SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db


def audit_db():
    db = SessionLocal()
    yield db
    db.close()


def user(db: Session = Depends(audit_db)):
    return db.scalar("x")


@router.get("/")
def h(u=Depends(user), db: Session = Depends(get_db)):
    return db.scalar("y")
END
providers_of() { # FUNCTION EXPECTED
	run audit --no-cache --format json
	python3 -c 'import json, sys
row = [h for h in json.load(sys.stdin)["handlers"] if h["function"] == sys.argv[1]][0]
print(" ".join("%s:%s:%s" % (p["name"], p["through"], p["guarded"]) for p in row["providers"]))' "$1" < "$tmp/out" > got
	printf '%s\n' "$2" | diff - got
}
check "an audit's row has the providers of its dependencies" providers_of h 'get_db:None:True audit_db:user:False'
check 'the table counts them' prints 0 'audit_db (app.py:13): orm-session, not guarded, 2 handlers' audit --no-cache

cat > others.py <<'END'
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from app import SessionLocal, get_db, user

router = APIRouter()
Registry = scoped_session(SessionLocal)


class Trees:
    def __init__(self, db: Session = Depends(get_db)):
        self.db = db

    def all(self):
        return self.db.scalars("x").all()


@router.get("/through")
def through(u=Depends(user)):
    return u


@router.get("/object")
def in_object(trees: Trees = Depends()):
    return trees.all()


@router.get("/own")
def own():
    with SessionLocal() as db:
        return {"n": db.scalar("x")}


@router.get("/registry")
def registry():
    return {"n": Registry.scalar("x")}


@router.get("/none")
def none():
    return {}
END
row_of() { # FUNCTION EXPRESSION over 'h', its row: None when it has none
	run audit --no-cache --format json
	python3 -c 'import json, sys
h = ([h for h in json.load(sys.stdin)["handlers"] if h["function"] == sys.argv[1]] or [None])[0]
sys.exit(not eval(sys.argv[2]))' "$1" "$2" < "$tmp/out"
}
check 'a handler without a session of its own has a row for those of its dependencies' providers_of through 'audit_db:user:False'
check 'it is given none to be judged by' row_of through 'h["parameter"] is None and h["naive"] is None and h["category"] is None'
check 'the session in an injected object, with what its method did' row_of in_object \
	'h["providers"][0]["through"] == "Trees.__init__" and h["exits"][0]["transaction_open"] == "all" and h["exits"][0]["released_by"] == "response-sent"'
check 'one of its own' row_of own 'h["exits"][0]["closed"] == "all" and h["exits"][0]["released_by"] == "prompt"'
check "a registry's" row_of registry 'h["exits"][0]["transaction_open"] == "all" and h["exits"][0]["released_by"] == "never"'
check 'who has to do with no session has no row' row_of none 'h is None'
check 'nor has a provider' row_of get_db 'h is None'
check 'they are counted apart' prints 0 '4 more without a parameter for it' audit --no-cache
check 'and listed' prints 0 'others.py:19 through: audit_db through user' audit --no-cache
check 'the hand-made table is of those that are given one' prints 0 '3 handlers: 3 missing both' audit --no-cache --naive
rm others.py

sed -i 's/Depends(get_db)/Depends(get_db, scope="function")/' app.py
check 'a scope of its own is said' prints 1 'released    by get_db, before the response is sent (scope="function", FastAPI' --no-cache

echo "$passed passed, $failed failed"
[ $failed = 0 ]

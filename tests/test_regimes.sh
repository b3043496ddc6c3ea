#!/bin/sh
# test_regimes.sh - a range of FastAPI that spans versions which tear dependencies down at different moments: every rule is
# asked under each, and what holds in some of them only says in which.
. "$(dirname "$0")/check.sh"

cd "$tmp" || exit 1
requires() { # SPECIFIER
	printf '[project]\nname = "grove"\ndependencies = ["fastapi%s"]\n' "$1" > pyproject.toml
}
cat > app.py <<'END'
from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker()


def get_db():
    with SessionLocal() as db:
        yield db


@app.get("/beside")
def beside(db: Session = Depends(get_db)):
    names = [tree.name for tree in db.query(Tree).all()]
    return StreamingResponse(iter(names))


@app.get("/inside")
def inside(db: Session = Depends(get_db)):
    def rows():
        for tree in db.query(Tree):
            yield tree.name

    return StreamingResponse(rows())


@app.get("/yields")
def yields(db: Session = Depends(get_db)):
    for tree in db.query(Tree).all():
        yield tree.name


def log(db):
    db.query(Tree).all()


@app.post("/task")
def task(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(log, db)
    return {}


@app.get("/scoped")
def scoped(db: Session = Depends(get_db, scope="function")):
    def rows():
        for tree in db.query(Tree):
            yield tree.name

    return StreamingResponse(rows())


@app.get("/some")
def some(flag: bool, db: Session = Depends(get_db)):
    tree = db.query(Tree).first()
    if flag:
        return {}
    db.commit()
    db.close()
    return {"tree": tree}


@app.websocket("/socket")
async def socket(ws, db: Session = Depends(get_db)):
    db.query(Tree).all()
    await ws.receive_text()
END

# What is found above a note, one line a finding: function rule level assumed "depends" with which versions.
found() { # ARGUMENT..., what is expected on stdin
	cat > wanted
	run --no-cache --format json "$@" app.py
	python3 -c 'import json, sys
for f in sorted(json.load(sys.stdin)["findings"], key=lambda f: f["function_line"]):
    if f["level"] == "note": continue
    a = f["assumed"]
    said = f["message"].partition("; depends on the version: FastAPI ")[2]
    print(f["function"], f["rule"], f["level"], a["fastapi"] or "-", "depends" if a["depends_on_version"] else "same", said)' \
		< "$tmp/out" | sed 's/ $//' > got
	diff wanted got
}
prints_related() { # RULE TEXT: a finding has a related one of this rule whose message has the text
	run --no-cache --format json app.py
	python3 -c 'import json, sys
sys.exit(not any(r["rule"] == sys.argv[1] and sys.argv[2] in r["message"]
                 for f in json.load(sys.stdin)["findings"] for r in f["related"]))' "$1" "$2" < "$tmp/out"
}

requires '==0.128.0'
check 'one version' found <<'END'
beside held-during-stream error 0.128.0 same
inside held-during-stream error 0.128.0 same
task held-by-background-task warning 0.128.0 same
scoped session-reopened error 0.128.0 same
some unreleased-on-return warning 0.128.0 same
socket held-by-websocket error - same
END
requires '>=0.118,<0.130'
check 'a range within one regime' found <<'END'
beside held-during-stream error 0.129 same
inside held-during-stream error 0.129 same
task held-by-background-task warning 0.129 same
scoped session-reopened error 0.129 same
some unreleased-on-return warning 0.129 same
socket held-by-websocket error - same
END
requires '>=0.118'
check 'handlers that yield are streams in some versions of it' found <<'END'
beside held-during-stream error 0.162.0 same
inside held-during-stream error 0.162.0 same
yields held-during-stream error 0.162.0 depends from 0.134 on
task held-by-background-task warning 0.162.0 same
scoped session-reopened error 0.162.0 same
some unreleased-on-return warning 0.162.0 same
socket held-by-websocket error - same
END
requires '>=0.100'
check 'a range over both teardowns' found <<'END'
beside held-during-stream error 0.162.0 depends before 0.106 or from 0.118 on
inside held-during-stream error 0.162.0 depends before 0.106 or from 0.118 on
yields held-during-stream error 0.162.0 depends from 0.134 on
task held-by-background-task warning 0.162.0 depends before 0.106 or from 0.118 on
scoped session-reopened error 0.162.0 same
some unreleased-on-return warning 0.162.0 depends
socket held-by-websocket error - same
END
check 'which the text says' prints 1 'released    by get_db, after the response is sent; depends on the version: before it with FastAPI 0.106 to 0.117 (range >=0.100 in pyproject.toml)' --no-cache app.py
check 'what the other teardown does is related' prints_related 'session-reopened' '; depends on the version: FastAPI 0.106 to 0.117'
check 'the last lines say it' prints 1 'assumed: FastAPI 0.162.0 (range >=0.100 in pyproject.toml; teardown differs within it)' --no-cache app.py
check '--stats says it' says 1 'FastAPI 0.162.0 (range >=0.100 in pyproject.toml; teardown differs within it)' --no-cache --stats app.py
check 'SARIF says it' prints 1 'depends on the version: FastAPI before 0.106 or from 0.118 on' --no-cache --format sarif app.py
requires ''
check 'any version' found <<'END'
beside held-during-stream error 0.162.0 depends before 0.106 or from 0.118 on
inside held-during-stream error 0.162.0 depends before 0.106 or from 0.118 on
yields held-during-stream error 0.162.0 depends from 0.134 on
task held-by-background-task warning 0.162.0 depends before 0.106 or from 0.118 on
scoped session-reopened error 0.162.0 same
some unreleased-on-return warning 0.162.0 depends
socket held-by-websocket error - same
END
requires '>=0.100,<0.118'
check 'the newest that is allowed is assumed; what holds in others only is no error' found <<'END'
beside held-during-stream warning 0.105 depends before 0.106
inside session-reopened error 0.117 depends 0.106 to 0.117
task session-reopened error 0.117 depends 0.106 to 0.117
scoped session-reopened error 0.117 same
some unreleased-on-return warning 0.117 depends
socket held-by-websocket error - same
END
check 'the option says which' found --fastapi-version 0.100 <<'END'
beside held-during-stream error 0.100 same
inside held-during-stream error 0.100 same
task held-by-background-task warning 0.100 same
scoped session-reopened error 0.100 same
some unreleased-on-return warning 0.100 same
socket held-by-websocket error - same
END
printf '[[package]]\nname = "fastapi"\nversion = "0.117.1"\n' > uv.lock
check 'so does a lock file' found <<'END'
inside session-reopened error 0.117.1 same
task session-reopened error 0.117.1 same
scoped session-reopened error 0.117.1 same
some unreleased-on-return warning 0.117.1 same
socket held-by-websocket error - same
END

finish

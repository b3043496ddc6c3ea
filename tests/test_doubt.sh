#!/bin/sh
# test_doubt.sh - a run that found nothing because it followed no session says so, and no other run does.
. "$(dirname "$0")/check.sh"

cd "$tmp" || exit 1
project() { # NAME: an empty one, entered
	mkdir "$tmp/$1"
	cd "$tmp/$1" || exit 1
	printf '[project]\nname = "farm"\ndependencies = ["fastapi==0.128.0"]\n' > pyproject.toml
}
route() { # BODY...: app.py with one route
	printf 'from fastapi import FastAPI\nfrom farmlib import sessions\n\napp = FastAPI()\n\n\n@app.get("/")\nasync def one():\n' > app.py
	printf '    %s\n' "$@" >> app.py
}
doubts() { # STATUS FORMAT
	run --no-cache --format "$2" .
	[ $status = "$1" ] && grep -qF "no session was followed, though there is 1 handler and tables.py imports sqlalchemy" "$tmp/out"
}
is_sure() {
	run --no-cache .
	! grep -qF "no session was followed" "$tmp/out" "$tmp/err"
}

project unseen
route 'return await sessions.fetch(1)'
printf 'from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n' > tables.py
check "it is said in text" doubts 0 text
check "and in JSON" doubts 0 json
mkdir alembic
printf 'from alembic import context\nfrom sqlalchemy import NullPool, create_engine\n\n\ndef run():\n    with create_engine("x", poolclass=NullPool).connect() as conn:\n        context.configure(connection=conn)\n' > alembic/env.py
check "what runs migrations is not the application" doubts 0 text
printf 'from sqlalchemy.orm import Session\n\n\ndef count(db: Session):\n    return db.execute("SELECT 1").scalar()\n' > service.py
check "one session that is followed is enough" is_sure

project without
route 'return await sessions.fetch(1)'
check "a project that imports no such library is sure" is_sure

project routeless
printf 'from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n' > tables.py
check "so is one without handlers" is_sure

finish

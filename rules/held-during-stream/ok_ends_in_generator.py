"""The generator ends what it begins before it yields: nothing is held while the client reads."""

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from orchard.db import SessionLocal, get_db
from orchard.models import Tree

router = APIRouter()


def committed(db):
    names = db.scalars(select(Tree.name)).all()
    db.commit()
    yield from names


def own():
    with SessionLocal() as db:
        names = db.scalars(select(Tree.name)).all()
    for name in names:
        yield name


def formatted(db, names):
    kind = type(db).__name__
    for name in names:
        yield f"{kind} {name}"


@router.get("/ends")
def generator_commits(db: Session = Depends(get_db)):
    return StreamingResponse(committed(db))


@router.get("/closes")
def captured_and_closed():
    def generate():
        with SessionLocal() as db:
            names = db.scalars(select(Tree.name)).all()
        yield from names

    return StreamingResponse(generate())


@router.get("/own")
def generator_has_its_own(db: Session = Depends(get_db)):
    count = db.scalar(select(Tree.id))
    db.commit()
    if count is None:
        return []
    return StreamingResponse(own())


@router.get("/unused")
def given_and_not_used(db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    db.close()
    return StreamingResponse(formatted(db, names))

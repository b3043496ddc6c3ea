# options: --fastapi-version=0.115.0
"""The session is closed when the stream begins, and the stream opens it again."""

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from harbour.db import SessionLocal, get_db
from harbour.models import Ship

router = APIRouter()


def names(db):
    for ship in db.scalars(select(Ship)):
        yield ship.name


def encoded(texts):
    for text in texts:
        yield text.encode()


@router.get("/given")
def given(db: Session = Depends(get_db)):
    return StreamingResponse(names(db))  # expect: session-reopened "the stream uses"


@router.get("/variable")
def kept_in_a_variable(db: Session = Depends(get_db)):
    stream = names(db=db)
    return StreamingResponse(stream)  # expect: session-reopened


@router.get("/wrapped")
def wrapped(db: Session = Depends(get_db)):
    return StreamingResponse(encoded(names(db)))  # expect: session-reopened


@router.get("/captured")
def captured(db: Session = Depends(get_db)):
    async def generate():
        for ship in db.scalars(select(Ship)):
            yield ship.name

    return StreamingResponse(generate())  # expect: session-reopened


@router.get("/block")
def returned_inside_the_block():
    with SessionLocal() as db:
        return StreamingResponse(names(db))  # expect: session-reopened "the stream uses"


@router.get("/finally")
def closed_in_a_finally():
    db = SessionLocal()
    try:
        return StreamingResponse(names(db))  # expect: session-reopened
    finally:
        db.close()

"""The transaction is open when the stream begins, and the dependency ends it after the stream."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sse_starlette.sse import EventSourceResponse

from orchard.db import get_async_session, get_db
from orchard.models import Tree

router = APIRouter()
Db = Annotated[Session, Depends(get_db)]


class LinesResponse(StreamingResponse):
    media_type = "text/plain"


class SlowLinesResponse(LinesResponse):
    pass


def lines(names):
    for name in names:
        yield name


async def events(name):
    while True:
        yield {"data": name}


@router.get("/plain")
def plain(db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    return StreamingResponse(lines(names))  # expect: held-during-stream "whole stream"


@router.get("/events")
async def server_sent(name: str, session: AsyncSession = Depends(get_async_session)):
    tree = await session.scalar(select(Tree).where(Tree.name == name))
    if tree is None:
        raise HTTPException(404)
    return EventSourceResponse(events(name))  # expect: held-during-stream


@router.get("/subclass")
def subclass(db: Db):
    names = db.scalars(select(Tree.name)).all()
    return SlowLinesResponse(lines(names))  # expect: held-during-stream


@router.get("/variable")
def variable(kind: str, db: Db):
    names = db.scalars(select(Tree.name)).all()
    if kind == "json":
        response = JSONResponse(names)
    else:
        response = StreamingResponse(lines(names))
    response.headers["x-kind"] = kind
    return response  # expect: held-during-stream


@router.get("/choice")
def choice(kind: str, db: Db):
    names = db.scalars(select(Tree.name)).all()
    return names if kind == "json" else LinesResponse(lines(names))  # expect: held-during-stream


@router.get("/early")
def committed_on_the_other_path(kind: str, db: Db):
    names = db.scalars(select(Tree.name)).all()
    if kind == "lines":
        return StreamingResponse(lines(names))  # expect: held-during-stream
    db.commit()
    return StreamingResponse(lines(names))


@router.get("/given")
def session_given_to_the_generator(db: Db):
    return StreamingResponse(rows(db))  # expect: held-during-stream


def rows(db):
    for tree in db.scalars(select(Tree)):
        yield tree.name


@router.get("/captured")
def session_captured_by_the_generator(db: Db):
    def generate():
        for tree in db.scalars(select(Tree)):
            yield tree.name

    return StreamingResponse(generate())  # expect: held-during-stream


@router.get("/again")
def used_again_after_the_commit(db: Db):
    names = db.scalars(select(Tree.name)).all()
    db.commit()
    if not names:
        return JSONResponse([])
    return StreamingResponse(rows(db))  # expect: held-during-stream

"""Somebody else makes the streaming response."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from orchard.db import get_db
from orchard.models import Tree
from orchard.upstream import client

router = APIRouter()


def lines(names):
    for name in names:
        yield name


def as_stream(names):
    return StreamingResponse(lines(names), media_type="text/plain")


async def forward(name: str):
    answer = await client.get(name)
    if answer.is_event_stream:
        return StreamingResponse(answer.aiter_bytes())
    return JSONResponse(answer.json())


async def forward_twice(name: str):
    response = await forward(name)
    return response


def promised(name) -> StreamingResponse:
    return client.stream(name)


class Renderer:
    def render(self, names):
        return as_stream(names)


@router.get("/helper")
def by_helper(db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    return as_stream(names)  # expect: held-during-stream


@router.get("/awaited")
async def awaited_helper(db: Session = Depends(get_db)):
    tree = db.scalars(select(Tree)).first()
    return await forward_twice(tree.name)  # expect: held-during-stream "may stay"


@router.get("/method")
def by_method(db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    renderer = Renderer()
    return renderer.render(names)  # expect: held-during-stream


@router.get("/promised")
def by_annotation(db: Session = Depends(get_db)):
    tree = db.scalars(select(Tree)).first()
    return promised(tree.name)  # expect: held-during-stream


class Reports:
    def __init__(self, db):
        self.db = db

    def lines(self):
        for tree in self.db.scalars(select(Tree)):
            yield tree.name


def wrapped(db):
    """Iterates over a generator that has the session: that runs its statements."""
    for line in Reports(db).lines():
        yield line.upper()


@router.get("/object")
def generator_of_an_object(db: Session = Depends(get_db)):
    reports = Reports(db)
    return StreamingResponse(reports.lines())  # expect: held-during-stream


@router.get("/wrapped")
def generator_of_a_generator(db: Session = Depends(get_db)):
    return StreamingResponse(wrapped(db))  # expect: held-during-stream

"""Generators that use their session in the loop in which they yield, or hold nothing there."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from orchard.db import AsyncSessionLocal, SessionLocal
from orchard.models import Tree
from orchard.upstream import narrate

router = APIRouter()


async def rows():
    async with AsyncSessionLocal() as session:
        result = await session.stream(select(Tree))
        async for tree in result.scalars():
            yield tree.name


def loaded():
    with SessionLocal() as db:
        trees = db.scalars(select(Tree)).all()
        for number, tree in enumerate(trees):
            yield f"{number} {tree.owner.name}"


async def polls():
    async with AsyncSessionLocal() as session:
        while True:
            yield await session.scalar(select(Tree.name))


async def committed():
    async with AsyncSessionLocal() as session:
        name = await session.scalar(select(Tree.name))
        await session.commit()
        async for word in narrate(name):
            yield word


async def closed():
    async with AsyncSessionLocal() as session:
        name = await session.scalar(select(Tree.name))
    async for word in narrate(name):
        yield word


async def not_streamed():
    """Nobody here sends it to a client."""
    async with AsyncSessionLocal() as session:
        name = await session.scalar(select(Tree.name))
        async for word in narrate(name):
            yield word


@router.get("/all")
async def stream(kind: str):
    if kind == "rows":
        return StreamingResponse(rows())
    if kind == "loaded":
        return StreamingResponse(loaded())
    if kind == "polls":
        return StreamingResponse(polls())
    if kind == "committed":
        return StreamingResponse(committed())
    return StreamingResponse(closed())

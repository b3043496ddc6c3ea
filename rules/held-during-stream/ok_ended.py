"""Ended before the stream begins: nothing is held while it runs."""

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse, StreamingResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from orchard.db import AsyncSessionLocal, SessionLocal, get_async_session, get_db
from orchard.models import Tree

router = APIRouter()


def lines(trees):
    for tree in trees:
        yield f"{tree}\n"


@router.get("/closed")
def closed(db: Session = Depends(get_db)):
    trees = [tree.name for tree in db.scalars(select(Tree))]
    db.close()
    return StreamingResponse(lines(trees))


@router.get("/committed")
def committed(db: Session = Depends(get_db)):
    trees = [tree.name for tree in db.scalars(select(Tree))]
    db.commit()
    return StreamingResponse(lines(trees))


@router.get("/rolled-back")
def rolled_back(db: Session = Depends(get_db)):
    trees = [tree.name for tree in db.scalars(select(Tree))]
    db.rollback()
    response = StreamingResponse(lines(trees))
    return response


@router.get("/awaited")
async def awaited(session: AsyncSession = Depends(get_async_session)):
    trees = (await session.scalars(select(Tree.name))).all()
    await session.close()
    return StreamingResponse(lines(trees))


@router.get("/own")
async def own_session():
    async with AsyncSessionLocal() as session:
        trees = (await session.scalars(select(Tree.name))).all()
    return StreamingResponse(lines(trees))


@router.get("/inside")
def returned_inside_the_block():
    with SessionLocal() as db:
        trees = [tree.name for tree in db.scalars(select(Tree))]
        return StreamingResponse(lines(trees))


@router.get("/finally")
def in_a_finally(db: Session = Depends(get_db)):
    try:
        trees = [tree.name for tree in db.scalars(select(Tree))]
        return StreamingResponse(lines(trees))
    finally:
        db.close()


@router.get("/never-asked")
def never_asked(kind: str, db: Session = Depends(get_db)):
    if kind == "all":
        return StreamingResponse(lines(["oak", "ash"]))
    names = db.scalars(select(Tree.name)).all()
    return JSONResponse({"names": names})


@router.get("/one-way")
def only_the_other_way_streams(kind: str, db: Session = Depends(get_db)):
    names = db.scalars(select(Tree.name)).all()
    if kind == "json":
        return {"names": names}
    db.commit()
    return StreamingResponse(lines(names))

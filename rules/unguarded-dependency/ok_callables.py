"""Providers that are no plain def, and guarded: what their handlers leave open is a matter of course."""
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker

from orchard.models import Tree

SessionLocal = sessionmaker(create_engine("postgresql:///orchard"))
router = APIRouter()


class OfMaker:
    def __init__(self, maker: async_sessionmaker):
        self.maker = maker

    async def __call__(self):
        async with self.maker() as session:
            yield session


class Pool:
    def lend(self):
        session = SessionLocal()
        try:
            yield session
        finally:
            session.close()


def of_tenant(name):
    def dependency():
        with SessionLocal() as session:
            yield session

    return dependency


def bound(name: str, flag: bool):
    with SessionLocal() as session:
        yield session


of_maker = OfMaker(async_sessionmaker())
pool = Pool()
POOLED = Depends(pool.lend)


@router.get("/object")
async def by_object(db: Annotated[AsyncSession, Depends(of_maker)]):
    return (await db.scalars(select(Tree.name))).all()


@router.get("/method")
def by_method(name: str, db: Session = POOLED):
    tree = db.scalar(select(Tree.name).where(Tree.name == name))
    if tree is None:
        raise HTTPException(404)
    return tree


@router.get("/factory")
def by_factory(db: Session = Depends(of_tenant("north"))):
    return db.scalars(select(Tree.name)).all()


@router.get("/partial")
def by_partial(db: Session = Depends(partial(bound, "south"))):
    return db.scalars(select(Tree.name)).all()

"""Providers that are no plain def: objects, methods, factories, partials, lambdas, the maker itself."""
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
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
        session = self.maker()
        yield session  # expect: unguarded-dependency "OfMaker.__call__"
        await session.close()


class Pool:
    def lend(self):
        session = SessionLocal()
        yield session  # expect: unguarded-dependency "never given back by Pool.lend"


def of_tenant(name):
    def dependency():
        session = SessionLocal()
        yield session  # expect: unguarded-dependency
        session.close()

    return dependency


def bound(name: str, flag: bool):
    session = SessionLocal()
    yield session  # expect: unguarded-dependency
    session.close()


of_maker = OfMaker(async_sessionmaker())
pool = Pool()


@router.get("/object")
async def by_object(db: Annotated[AsyncSession, Depends(of_maker)]):
    return {}


@router.get("/method")
def by_method(db: Session = Depends(pool.lend)):
    db.close()


@router.get("/factory")
def by_factory(db: Session = Depends(of_tenant("north"))):
    db.close()


@router.get("/partial")
def by_partial(db: Session = Depends(partial(bound, "south"))):
    db.close()


@router.get("/maker")
def by_maker(db: Annotated[Session, Depends(SessionLocal)]):
    return db.scalars(select(Tree.name)).all()  # expect: unreleased-on-return

"""Injected and never touched."""
from typing import Annotated

from fastapi import APIRouter, Depends, Security
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from cache.db import get_async_session, get_db
from cache.store import stats, wipe

router = APIRouter()
DbDep = Annotated[Session, Depends(get_db)]


@router.get("/stats")
def cache_stats(db: Session = Depends(get_db)):  # expect: unused-session "`db`"
    return stats()


@router.post("/wipe")
async def cache_wipe(
    force: bool = False,
    session: AsyncSession = Depends(get_async_session),  # expect: unused-session "`session`"
):
    if force:
        await wipe()
    return {"wiped": force}


@router.get("/size")
def cache_size(store: DbDep):  # expect: unused-session "`store`"
    return {"size": stats()["size"]}


@router.get("/hits")
def cache_hits(*, database=Security(get_db)):  # expect: unused-session
    return {"hits": stats()["hits"]}


class Cache:
    @router.get("/misses")
    def misses(self, db: Annotated[Session, Depends(get_db)]):  # expect: unused-session
        return {"misses": stats()["misses"]}


@router.get("/shadowed")
def shadowed(db: DbDep):  # expect: unused-session
    def size(db):
        return db["size"]

    return size(stats())

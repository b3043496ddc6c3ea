"""A leading underscore says it: injected on purpose, for the dependency's own effect."""
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from cache.db import get_async_session, get_db
from cache.store import stats, wipe

router = APIRouter()
DbDep = Annotated[Session, Depends(get_db)]


@router.get("/stats")
def cache_stats(_db: Session = Depends(get_db)):
    return stats()


@router.post("/wipe")
async def cache_wipe(_: DbDep, _session: AsyncSession = Depends(get_async_session)):
    await wipe()
    return {"wiped": True}


@router.get("/size", dependencies=[Depends(get_db)])
def cache_size():
    return {"size": stats()["size"]}

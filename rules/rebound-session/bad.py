"""The injected session's name is bound to a session that the handler makes itself."""
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from stats.auth import require_permission
from stats.db import AsyncSessionLocal, SessionLocal, get_async_session, get_db
from stats.models import Sample

router = APIRouter()


@router.get("/1")
@require_permission("stats.read")
async def from_the_provider(db: Session = Depends(get_db)):
    db = next(get_db())  # expect: rebound-session "`db`"
    try:
        return {"samples": db.scalar(select(func.count(Sample.id)))}
    finally:
        try:
            db.commit()
        finally:
            db.close()


@router.get("/2")
def from_the_factory(db: Session = Depends(get_db)):
    db = SessionLocal()  # expect: rebound-session
    try:
        return {"samples": db.scalar(select(func.count(Sample.id)))}
    finally:
        db.close()


@router.get("/3")
def by_with(db: Annotated[Session, Depends(get_db)]):
    with SessionLocal() as db:  # expect: rebound-session
        return {"samples": db.scalar(select(func.count(Sample.id)))}


@router.get("/4")
async def by_async_with(session: AsyncSession = Depends(get_async_session)):
    async with AsyncSessionLocal() as session:  # expect: rebound-session "`session`"
        return {"samples": await session.scalar(select(func.count(Sample.id)))}


@router.get("/5")
def by_loop(db: Session = Depends(get_db)):
    for db in get_db():  # expect: rebound-session
        return {"samples": db.scalar(select(func.count(Sample.id)))}

# options: --policy=leaks
"""The policy leaks has no word about what a guarded provider gives back after the response."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from forum.db import get_async_session, get_db
from forum.models import Thread

router = APIRouter()


@router.get("/threads")
def list_threads(db: Session = Depends(get_db)):
    return db.scalars(select(Thread.title)).all()


@router.get("/threads/{thread_id}")
async def read_thread(thread_id: int, session: AsyncSession = Depends(get_async_session)):
    thread = await session.get(Thread, thread_id)
    return {"title": thread.title}

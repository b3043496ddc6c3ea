"""Commit and close one after the other in plain code: the guarded provider has the failing commit covered."""
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from depot.db import get_async_session, get_db
from depot.models import Item

router = APIRouter()
AsyncDb = Annotated[AsyncSession, Depends(get_async_session)]


@router.get("/items")
def items(db: Session = Depends(get_db)):
    names = db.scalars(select(Item.name)).all()
    db.commit()
    db.close()
    return names


@router.post("/items/{item_id}/take")
async def take(item_id: int, session: AsyncDb):
    changed = await session.execute(update(Item).where(Item.id == item_id).values(taken=True))
    if changed.rowcount == 0:
        await session.rollback()
        await session.close()
        return {"taken": False}
    await session.commit()
    await session.close()
    return {"taken": True}

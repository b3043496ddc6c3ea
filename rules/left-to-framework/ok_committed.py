"""After a commit or a rollback the connection is back in the pool: nothing is left to anybody."""
from fastapi import APIRouter, Depends
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from mail.db import get_async_session, get_db
from mail.models import Letter

router = APIRouter()


@router.post("/letters")
def send(to: str, text: str, db: Session = Depends(get_db)):
    db.add(Letter(to=to, text=text))
    db.commit()
    return {"sent": True}


@router.post("/letters/{letter_id}/read")
def mark_read(letter_id: int, db: Session = Depends(get_db)):
    changed = db.execute(update(Letter).where(Letter.id == letter_id).values(read=True)).rowcount
    if changed == 0:
        db.rollback()
        return {"read": False}
    db.commit()
    return {"read": True}


@router.delete("/letters")
async def purge(session: AsyncSession = Depends(get_async_session)):
    async with session.begin():
        await session.execute(delete(Letter).where(Letter.read))
    return {"purged": True}


@router.get("/letters/unread")
async def unread(session: AsyncSession = Depends(get_async_session)):
    ids = (await session.scalars(select(Letter.id).where(Letter.read.is_(False)))).all()
    await session.commit()
    return {"unread": len(ids)}

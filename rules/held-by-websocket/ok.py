# A session for each message, or one that is ended before the next is waited for.
from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from inn.db import async_session, get_async_session, get_db
from inn.models import Message

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


@router.websocket("/each")
async def one_for_each(websocket: WebSocket):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        with SessionLocal() as db:
            db.add(Message(text=text))
            db.commit()


@router.websocket("/ended")
async def ended_before_the_next(websocket: WebSocket, db: AsyncSession = Depends(get_async_session)):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        db.add(Message(text=text))
        await db.commit()


@router.websocket("/unused")
async def nothing_has_run(websocket: WebSocket, db: Session = Depends(get_db)):
    await websocket.accept()
    text = await websocket.receive_text()
    found = db.scalars(select(Message).where(Message.text == text)).all()
    db.close()
    await websocket.send_json(len(found))

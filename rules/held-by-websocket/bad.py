# One session for as long as somebody keeps the page open.
import asyncio

from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from inn.db import get_async_session, get_db
from inn.models import Guest, Message

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


@router.websocket("/loop")
async def endless_loop(websocket: WebSocket, db: AsyncSession = Depends(get_async_session)):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()  # expect: held-by-websocket "`db`"
        found = await db.scalar(select(Message).where(Message.text == text))
        await websocket.send_json(found.id)


@router.websocket("/first")
async def looks_up_first(websocket: WebSocket, token: str, db: Session = Depends(get_db)):
    guest = db.scalars(select(Guest).where(Guest.token == token)).first()  # noqa
    await websocket.accept()
    async for text in websocket.iter_text():  # expect: held-by-websocket
        await websocket.send_text(guest.name + text)


@router.websocket("/push")
async def pushes(websocket: WebSocket):
    await websocket.accept()
    with SessionLocal() as db:
        while True:
            rows = db.scalars(select(Message)).all()
            await websocket.send_json(len(rows))
            await asyncio.sleep(1)  # expect: held-by-websocket

# A dependency that has given the connection back when the socket is accepted, or that no socket waits with.
from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from inn.db import get_db
from inn.models import Guest

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


def ended(websocket: WebSocket, db: Session = Depends(get_db)):
    guest = db.scalars(select(Guest).where(Guest.token == websocket.query_params["token"])).one()
    db.close()
    return guest


def of_its_own(websocket: WebSocket):
    with SessionLocal() as db:
        return db.scalars(select(Guest).where(Guest.token == websocket.query_params["token"])).one().id


def ended_by_the_handler(websocket: WebSocket, db: Session = Depends(get_db)):
    return db.scalars(select(Guest).where(Guest.token == websocket.query_params["token"])).one().id


def for_one_answer(db: Session = Depends(get_db)):
    return db.scalars(select(Guest)).all()


@router.websocket("/a")
async def a(websocket: WebSocket, guest=Depends(ended), number=Depends(of_its_own)):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json({"guest": number, "text": text})


@router.websocket("/b")
async def b(websocket: WebSocket, guest=Depends(ended_by_the_handler), db: Session = Depends(get_db)):
    db.rollback()
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_json({"guest": guest, "text": text})


@router.websocket("/c")
async def c(websocket: WebSocket, guests=Depends(for_one_answer)):
    await websocket.accept()
    await websocket.send_json({"guests": len(guests)})
    await websocket.close()

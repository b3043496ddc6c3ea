# The handler asks the database for nothing: what it depends on did, and keeps the session until the socket closes.
from typing import Annotated

from fastapi import APIRouter, Depends, WebSocket
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from inn.models import Guest

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


def get_db():
    with SessionLocal() as db:
        yield db


def guest_of_token(websocket: WebSocket, db: Session = Depends(get_db)):
    token = websocket.query_params["token"]
    return db.scalars(select(Guest).where(Guest.token == token)).one()  # expect: held-by-websocket "sockets"


def paying_guest(guest: Annotated[Guest, Depends(guest_of_token)]):
    return guest if guest.paid else None


@router.websocket("/bell")
async def bell(websocket: WebSocket, guest: Annotated[Guest, Depends(paying_guest)]):
    await websocket.accept()
    while True:
        await websocket.receive_text()
        await websocket.send_json({"guest": guest.id})


@router.get("/me")
def me(guest: Annotated[Guest, Depends(guest_of_token)]):
    return {"id": guest.id}

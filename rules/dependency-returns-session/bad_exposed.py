"""An injected session inside a dict or tuple, which handlers get that stream or hold a socket."""
from typing import Annotated

from fastapi import APIRouter, Depends, Header, WebSocket
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from archive.models import Page, User

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///archive"))


def get_db():
    with SessionLocal() as db:
        yield db


def current_user(token: str = Header(), db: Session = Depends(get_db)) -> dict:
    name = db.scalar(select(User.name).where(User.token == token))
    if name is None:
        return {"name": "guest", "db": db}  # expect: dependency-returns-session "inside what current_user returns"
    user = {"name": name, "db": db}
    return user


def reader(db: Session = Depends(get_db)) -> tuple:
    return db, db.scalar(select(User.name))  # expect: dependency-returns-session


def admin(user: dict = Depends(current_user)) -> dict:
    return user


@router.get("/pages")
def pages(user: Annotated[dict, Depends(admin)]):
    def lines():
        for page in user["db"].scalars(select(Page.text)):
            yield page

    return StreamingResponse(lines())


@router.websocket("/live")
async def live(socket: WebSocket, pair=Depends(reader)):
    await socket.accept()

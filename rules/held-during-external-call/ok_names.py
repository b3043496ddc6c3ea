# Methods with names of slow ones, on what is no such client.
import redis
from fastapi import Depends, UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from inn.db import get_db
from inn.models import Guest

store = redis.Redis()


def quick_cache(db: Session = Depends(get_db)):
    guests = db.scalars(select(Guest)).all()
    store.set("guests", len(guests))
    return store.get("guests")


def sessions_have_get_too(session: Session, other: dict):
    first = session.get(Guest, 1)
    second = session.get(Guest, 2)
    return other.get(first.name), second


class Rooms:
    def send(self):
        return 1

    def post(self):
        return 2


def methods_of_ours(session: Session, rooms: Rooms):
    session.get(Guest, 1)
    return rooms.send() + rooms.post()


async def coroutine_of_another(session: Session, file: UploadFile):
    session.get(Guest, 1)
    return file.filename

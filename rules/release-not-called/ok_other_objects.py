"""Not sessions: files, sockets, HTTP sessions; properties that are called close; a remove() of a list or a store."""
import aiohttp
import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from garden.models import Plant

SessionLocal = sessionmaker(create_engine("postgresql:///garden"))


class Market:
    close = 17.5

    def last(self) -> float:
        self.close
        return self.close


def file_of(path: str) -> str:
    f = open(path)
    f.close
    return f.read()


def page(url: str) -> str:
    session = requests.Session()
    session.close
    return session.get(url).text


async def status(url: str) -> int:
    session = aiohttp.ClientSession()
    session.close
    return (await session.get(url)).status


def forget(names: list[str], store) -> None:
    db = SessionLocal()
    try:
        db.query(Plant).all()
        names.remove("rose")
        store.remove()
    finally:
        db.close()


def probe() -> None:
    db = SessionLocal()
    try:
        db.is_active
        db.new
        db.execute(select(Plant))
    finally:
        db.close()

"""Returned, yielded or stored: the session has another owner, and this function owes it nothing."""
import threading
from dataclasses import dataclass

from flask import g
from sqlalchemy import create_engine, select, text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from harbour.models import Berth, Ship
from harbour.repository import ShipRepository

SessionLocal = sessionmaker(create_engine("postgresql:///harbour"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///harbour"))
local = threading.local()
current = None
open_sessions = {}
idle = []


def tenant_session(tenant: str) -> Session:
    session = SessionLocal()
    session.execute(text("SET search_path TO " + tenant))
    return session


async def checked_session():
    session = AsyncSessionLocal()
    await session.execute(text("SELECT 1"))
    return session


def session_or_none(tenant: str):
    session = SessionLocal()
    if session.scalar(select(Ship.id).limit(1)):
        return session
    session.close()
    return None


def with_berth(berth_id: int):
    session = SessionLocal()
    berth = session.get(Berth, berth_id)
    return session, berth


def as_dict(ship_id: int) -> dict:
    session = SessionLocal()
    return {"ship": session.get(Ship, ship_id), "session": session}


def repository() -> ShipRepository:
    session = SessionLocal()
    session.execute(text("SELECT 1"))
    return ShipRepository(session)


def remember(name: str) -> None:
    session = SessionLocal()
    session.execute(text("SELECT 1"))
    open_sessions[name] = session


def put_back() -> None:
    session = SessionLocal()
    session.execute(text("SELECT 1"))
    idle.append(session)


def make_current() -> None:
    global current
    current = SessionLocal()
    current.execute(text("SELECT 1"))


def of_this_request() -> Session:
    if "db" not in g:
        g.db = SessionLocal()
        g.db.execute(text("SELECT 1"))
    return g.db


def of_this_thread() -> None:
    session = SessionLocal()
    session.execute(text("SELECT 1"))
    local.session = session


@dataclass
class Work:
    session: Session


def work() -> Work:
    session = SessionLocal()
    session.execute(text("SELECT 1"))
    return Work(session=session)


def sessions(names: list[str]):
    for name in names:
        session = SessionLocal()
        session.execute(text("SET application_name = 'harbour'"))
        yield session


class Pilot:
    def __init__(self):
        self.session = SessionLocal()
        self.ships = self.session.scalars(select(Ship.name)).all()

    def __enter__(self):
        session = SessionLocal()
        session.execute(text("SELECT 1"))
        self.second = session
        return self

    def __exit__(self, *exc):
        self.second.close()
        self.session.close()

"""A session that is made once and kept: an attribute, a cache, the state of the application, a context variable."""
from contextvars import ContextVar

from fastapi import FastAPI, Request
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from observatory.models import Star

app = FastAPI()
SessionLocal = sessionmaker(create_engine("postgresql:///observatory"))
session_context: ContextVar[Session] = ContextVar("session")
_session = None
_sessions = {}


class Catalogue:
    def __init__(self, db=None):
        self._session = None
        self.db = db or SessionLocal()

    @property
    def session(self):
        if self._session is None:
            self._session = SessionLocal()
            self._session.execute(text("SELECT 1"))
        return self._session

    def open(self):
        if self._session is None:
            self._session = SessionLocal()
        return self._session

    def names(self) -> list[str]:
        session = self.open()
        return session.scalars(select(Star.name)).all()

    def count(self) -> int:
        return len(self.session.scalars(select(Star.id)).all())

    def close(self):
        self._session.close()
        self.db.close()


def get_shared():
    global _session
    if _session is None:
        _session = SessionLocal()
    return _session


def names() -> list[str]:
    # note: held, by whoever keeps it
    return get_shared().scalars(select(Star.name)).all()


def of_tenant(tenant: str):
    if tenant not in _sessions:
        _sessions[tenant] = SessionLocal()
    return _sessions[tenant]


def names_of(tenant: str) -> list[str]:
    # note: held, by whoever keeps it
    session = of_tenant(tenant)
    return session.scalars(select(Star.name)).all()


def enter_context() -> None:
    # note: held, by whoever keeps it
    session = SessionLocal()
    session_context.set(session)
    session.execute(text("SELECT 1"))


@app.on_event("startup")
def start() -> None:
    app.state.db = SessionLocal()
    app.state.db.execute(text("SELECT 1"))


@app.on_event("shutdown")
def stop() -> None:
    app.state.db.close()


@app.middleware("http")
async def with_db(request: Request, call_next):
    request.state.db = SessionLocal()
    try:
        request.state.db.execute(text("SELECT 1"))
        return await call_next(request)
    finally:
        request.state.db.close()

"""Registries that are handed out: removed in a finally, or by somebody else who is not seen here."""
from asyncio import current_task
from typing import AsyncIterator

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker
from sqlalchemy.orm import Session, scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine("postgresql:///vineyard")))


def get_db():
    try:
        yield Registry
    finally:
        Registry.remove()


def passed_on():
    yield Registry


def session_of_thread() -> Session:
    return Registry()


class OfTask:
    def __init__(self) -> None:
        self._sessions: async_scoped_session | None = None

    async def __call__(self) -> AsyncIterator[async_scoped_session]:
        if self._sessions is None:
            raise RuntimeError("not started")
        try:
            yield self._sessions
        finally:
            await self._sessions.remove()

    def start(self, maker: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = async_scoped_session(maker, scopefunc=current_task)


of_task = OfTask()
Db = Depends(get_db)
TaskDb = Depends(of_task)
PassedOn = Depends(passed_on)
OfThread = Depends(session_of_thread)

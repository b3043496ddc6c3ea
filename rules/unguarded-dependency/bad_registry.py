"""A registry that is handed out and removed behind the yield: its session outlives the request that raised."""
from asyncio import current_task
from typing import AsyncIterator

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker
from sqlalchemy.orm import Session, scoped_session, sessionmaker

Registry = scoped_session(sessionmaker(create_engine("postgresql:///vineyard")))


def get_db():
    yield Registry  # expect: unguarded-dependency "`Registry` stays open"
    Registry.remove()


class OfTask:
    def __init__(self) -> None:
        self._sessions: async_scoped_session | None = None

    async def __call__(self) -> AsyncIterator[async_scoped_session]:
        if self._sessions is None:
            raise RuntimeError("not started")
        yield self._sessions  # expect: unguarded-dependency "OfTask.__call__"
        await self._sessions.remove()

    def start(self, maker: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = async_scoped_session(maker, scopefunc=current_task)


of_task = OfTask()
Db = Depends(get_db)
TaskDb = Depends(of_task)

# note: a parameter's annotation, or a private name, says that it makes sessions
from typing import Optional

from elsewhere.database import _session_factory, _sessionmaker
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker

from depot.models import Pallet


def subscripted(make: sessionmaker[Session]) -> int:
    session = make()  # expect: session-not-closed
    return session.query(Pallet).count()


def optional(make: Optional[sessionmaker] = None) -> int:
    session = make()  # expect: session-not-closed
    return session.query(Pallet).count()


def united(make: sessionmaker | None = None) -> int:
    session = make()  # expect: session-not-closed
    return session.query(Pallet).count()


async def awaited(make: async_sessionmaker[AsyncSession]) -> list:
    session = make()  # expect: session-not-closed
    return (await session.scalars(select(Pallet))).all()


def private() -> int:
    session = _session_factory()  # expect: session-not-closed
    return session.query(Pallet).count()


def early(wanted: bool) -> int:
    session = _sessionmaker()  # expect: session-not-closed
    try:
        found = session.query(Pallet).count()
        if not wanted:
            return 0
        session.close()
        return found
    except:
        session.close()
        raise


class Depot:
    def __init__(self, maker) -> None:
        self._session_factory = maker

    def count(self) -> int:
        session = self._session_factory()  # expect: session-not-closed
        return session.query(Pallet).count()

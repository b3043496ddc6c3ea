"""Providers that are methods of a database object."""
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker


class Database:
    def __init__(self, url: str):
        self.engine = create_engine(url)

    @contextmanager
    def session(self):
        session = Session(self.engine)
        yield session  # expect: unguarded-dependency "session"
        session.close()

    def get_db(self):
        with Session(self.engine) as db:
            yield db

    def provide(self):
        db = Session(self.engine)
        yield db  # expect: unguarded-dependency "provide"
        db.close()


class AsyncDatabase:
    def __init__(self, url: str):
        self.session_maker = async_sessionmaker(create_async_engine(url))

    @asynccontextmanager
    async def session(self):
        session = self.session_maker()
        yield session  # expect: unguarded-dependency
        await session.close()


database = Database("postgresql:///ferry")
Db = Annotated[Session, Depends(database.provide)]

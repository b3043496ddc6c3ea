"""Dependencies that yield: FastAPI resumes them, so the return in one of them returns nothing."""
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///orchard"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///orchard"))


def get_db(dry_run: bool = False):
    if dry_run:
        yield None
        return
    with SessionLocal() as db:
        yield db


async def get_async_session():
    async with AsyncSessionLocal() as session:
        yield session


class Provider:
    def __init__(self, maker):
        self.maker = maker

    def __call__(self):
        with self.maker() as session:
            yield session


provider = Provider(SessionLocal)
Db = Annotated[Session, Depends(get_db)]
AsyncDb = Annotated[AsyncSession, Depends(get_async_session)]
Provided = Annotated[Session, Depends(provider)]

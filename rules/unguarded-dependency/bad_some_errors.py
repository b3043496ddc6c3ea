"""A try that covers too little: some exceptions only, a swallowed one that comes before the close, a yield outside."""
import logging
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///clinic"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///clinic"))


def database_errors_only():
    db = SessionLocal()
    try:
        # an HTTPException is no SQLAlchemyError
        yield db  # expect: unguarded-dependency
        db.commit()
    except SQLAlchemyError:
        db.rollback()
        raise
    db.close()


def logs():
    db = SessionLocal()
    try:
        yield db  # expect: unguarded-dependency
    except Exception:
        logger.exception("the request failed")
        raise
    db.close()


def yields_outside():
    db = SessionLocal()
    try:
        db.execute(text("SET statement_timeout = 1000"))
    except Exception:
        db.close()
        raise
    yield db  # expect: unguarded-dependency
    db.close()


@asynccontextmanager
async def tenant_session(tenant: str):
    session = AsyncSessionLocal()
    try:
        await session.execute(text("SET search_path TO clinic"))
        yield session  # expect: unguarded-dependency
        await session.commit()
        await session.close()
    except SQLAlchemyError:
        await session.close()
        raise


Checked = Annotated[Session, Depends(database_errors_only)]
Logged = Annotated[Session, Depends(logs)]
Outside = Annotated[Session, Depends(yields_outside)]

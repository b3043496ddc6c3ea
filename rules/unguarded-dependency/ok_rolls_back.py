"""commit() on the normal way and rollback() when something raises: both give the connection back, close or not."""
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

from fastapi import Depends, HTTPException
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///press"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///press"))


def get_db():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise


def get_session():
    session = SessionLocal()
    try:
        yield session
    except BaseException:
        session.rollback()
        raise
    else:
        session.rollback()


def closes_either_way():
    db = SessionLocal()
    try:
        yield db
    except Exception as error:
        db.close()
        raise HTTPException(500) from error
    db.close()


def read_only():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.rollback()


@contextmanager
def swallowing():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()


@asynccontextmanager
async def async_scope():
    session = AsyncSessionLocal()
    try:
        yield session
        await session.commit()
    except BaseException:
        await session.rollback()
        raise


Either = Annotated[Session, Depends(closes_either_way)]
ReadOnly = Annotated[Session, Depends(read_only)]

"""Providers that miss exceptions in other ways, and other ways to raise."""
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from press.models import Article

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///press"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///press"))


def commits_then_closes():
    db = SessionLocal()
    yield db
    db.commit()
    db.close()


async def plain_async():
    session = AsyncSessionLocal()
    yield session
    await session.close()


def only_value_errors():
    db = SessionLocal()
    try:
        yield db
    except ValueError:
        db.rollback()
    db.close()


@contextmanager
def scope():
    db = SessionLocal()
    yield db
    db.close()


def with_scope():
    with scope() as db:
        yield db


Plain = Annotated[AsyncSession, Depends(plain_async)]


@router.get("/1/{slug}")
def one(slug: str, db: Session = Depends(commits_then_closes)):
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)  # expect: unreleased-on-raise
    return {"title": article.title}


@router.get("/2/{slug}")
async def two(slug: str, session: Plain):
    article = await session.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)  # expect: unreleased-on-raise "`session`"
    return {"title": article.title}


@router.get("/3/{slug}")
def three(slug: str, db: Session = Depends(only_value_errors)):
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)  # expect: unreleased-on-raise
    return {"title": article.title}


@router.get("/4/{slug}")
def four(slug: str, db: Session = Depends(with_scope)):
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)  # expect: unreleased-on-raise
    return {"title": article.title}

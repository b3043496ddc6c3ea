"""A provider that rolls back on an exception gives the connection back, even if it never closes."""
from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from press.models import Article

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///press"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///press"))


def unit():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise


async def async_unit():
    session = AsyncSessionLocal()
    try:
        yield session
        await session.commit()
    except Exception:
        await session.rollback()
        raise


@router.get("/articles/{slug}")
def read_article(slug: str, db: Session = Depends(unit)):
    article = db.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)
    return {"title": article.title}


@router.get("/async/articles/{slug}")
async def read_async(slug: str, session: AsyncSession = Depends(async_unit)):
    article = await session.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        raise HTTPException(404)
    return {"title": article.title}

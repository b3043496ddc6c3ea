"""Injected sessions whose provider commits, or which others have to commit."""
from fastapi import APIRouter, Depends, Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

from bakery.models import Loaf

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))
make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg:///bakery"))


def get_db():
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


async def get_session():
    async with make_session() as session:
        async with session.begin():
            yield session


def get_plain():
    with SessionLocal() as db:
        yield db


def get_request_db(request: Request):
    yield request.state.db


@router.post("/1/{name}")
def one(name: str, db: Session = Depends(get_db)):
    db.add(Loaf(name=name))
    return {}


@router.post("/2/{name}")
async def two(name: str, session: AsyncSession = Depends(get_session)):
    session.add(Loaf(name=name))
    return {}


@router.post("/3/{name}")
def three(name: str, db: Session = Depends(get_request_db)):
    db.add(Loaf(name=name))
    return {}


def audited(db: Session = Depends(get_plain)):
    db.add(Loaf(name="seen"))
    return db


@router.post("/4/{name}")
def four(name: str, db: Session = Depends(get_plain), seen: Session = Depends(audited)):
    db.add(Loaf(name=name))
    db.commit()
    return {}

"""Not a handler, not a session, or not known: no note."""
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clients import get_session
from app.db import SessionLocal, get_db
from app.dependencies import get_repository, get_store
from app.models import User

router = APIRouter()
DbDep = Annotated[Session, Depends(get_db)]


def find_user(db: DbDep, name: str):
    return db.scalar(select(User).where(User.name == name))


def tenant_session(db: Session = Depends(get_db)):
    db.scalar(select(User.tenant))
    return db


def count_users() -> int:
    with SessionLocal() as db:
        return len(db.scalars(select(User.id)).all())


@router.get("/ping")
async def ping(session: httpx.AsyncClient = Depends(get_session)):
    answer = await session.get("https://status.example")
    return answer.json()


@router.get("/store")
def read_store(store=Depends(get_store)):
    return store.query("everything")


@router.get("/users")
def users(repository=Depends(get_repository)):
    return repository.all()

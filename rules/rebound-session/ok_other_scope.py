"""The same name in another scope, or a parameter that nothing injects."""
from typing import Optional

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from press.db import SessionLocal, get_db
from press.models import Article

router = APIRouter()


@router.get("/nested")
def nested(db: Session = Depends(get_db)):
    def archive_size():
        db = SessionLocal()
        try:
            return len(db.scalars(select(Article.id)).all())
        finally:
            db.close()

    return {"archive": archive_size(), "now": len(db.scalars(select(Article.id)).all())}


@router.get("/comprehension")
def comprehension(db: Session = Depends(get_db)):
    names = [db for db in ("a", "b")]
    return {"names": names, "count": len(db.scalars(select(Article.id)).all())}


def titles(db: Optional[Session] = None) -> list[str]:
    owns = db is None
    if owns:
        db = SessionLocal()
    try:
        return list(db.scalars(select(Article.title)))
    finally:
        if owns:
            db.close()


def purge(db=None):
    db = db or SessionLocal()
    db.query(Article).delete()
    db.commit()


def rebuild(session: Session) -> int:
    session = SessionLocal()
    count = len(session.scalars(select(Article.id)).all())
    session.close()
    return count

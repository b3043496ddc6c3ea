"""The injected session was given back before its name was used again, or is given back under another name."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from press.db import SessionLocal, get_db
from press.models import Article

router = APIRouter()


@router.get("/closed")
def closed(db: Session = Depends(get_db)):
    titles = db.scalars(select(Article.title)).all()
    db.close()
    db = SessionLocal()
    try:
        return titles + db.scalars(select(Article.author)).all()
    finally:
        db.close()


@router.get("/alias")
def alias(db: Session = Depends(get_db)):
    session = db
    titles = session.scalars(select(Article.title)).all()
    session.close()
    with SessionLocal() as db:
        return titles + db.scalars(select(Article.author)).all()

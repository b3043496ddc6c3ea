"""No statement, no connection: a return before the first query holds nothing (explicit would still ask)."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from search.db import get_db
from search.models import Document, Visit
from search.text import normalise

router = APIRouter()
MINIMUM = 3


@router.get("/search")
def search(q: str = "", limit: int = 20, db: Session = Depends(get_db)):
    words = normalise(q)
    if len(words) < MINIMUM:
        return {"hits": []}
    if limit <= 0:
        return {"hits": [], "limit": 0}
    hits = [row.title for row in db.scalars(select(Document).limit(limit))]
    db.commit()
    db.close()
    return {"hits": hits}


@router.post("/visits")
def record_visit(page: str, dry_run: bool = False, db: Session = Depends(get_db)):
    db.add(Visit(page=page))
    if dry_run:
        # add() alone opens nothing
        return {"stored": False}
    db.commit()
    db.close()
    return {"stored": True}


@router.get("/suggest")
def suggest(q: str, db: Session = Depends(get_db)):
    try:
        prefix = normalise(q)[0]
    except IndexError:
        return []
    titles = db.scalars(select(Document.title).where(Document.title.startswith(prefix))).all()
    db.commit()
    db.close()
    return titles

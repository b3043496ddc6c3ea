# options: --policy=explicit
"""Under explicit every return path commits and closes: the ones before the first statement too."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from search.db import get_db
from search.models import Document

router = APIRouter()


@router.get("/search")
def search(q: str = "", db: Session = Depends(get_db)):
    if not q:
        return {"hits": []}  # expect: unreleased-on-return
    hits = db.scalars(select(Document.title).where(Document.title.contains(q))).all()
    db.commit()
    db.close()
    return {"hits": hits}


@router.get("/documents/{document_id}")
def read(document_id: int, db: Session = Depends(get_db)):
    title = db.scalar(select(Document.title).where(Document.id == document_id))
    if title is None:
        db.commit()
        return {}  # expect: unreleased-on-return "close"
    db.commit()
    db.close()
    return {"title": title}


@router.delete("/documents/{document_id}")
def remove(document_id: int, db: Session = Depends(get_db)):
    document = db.get(Document, document_id)
    if document is None:
        return {"removed": False}  # expect: unreleased-on-return
    db.delete(document)
    db.commit()
    db.close()
    return {"removed": True}

"""The name is bound to the same session again, or another name is bound."""
from contextlib import closing

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from press.db import SessionLocal, get_db
from press.models import Article
from press.tenants import scoped_to

router = APIRouter()


@router.get("/1")
def alias(db: Session = Depends(get_db)):
    session = db
    db = session
    return db.scalars(select(Article.title)).all()


@router.get("/2")
def entered(db: Session = Depends(get_db)):
    with closing(db) as session:
        return session.scalars(select(Article.title)).all()


@router.get("/3")
def entered_as_itself(db: Session = Depends(get_db)):
    with db as db:
        return db.scalars(select(Article.title)).all()


@router.get("/4")
def beside(db: Session = Depends(get_db)):
    with SessionLocal() as other:
        known = other.scalars(select(Article.id)).all()
    return [db.get(Article, number).title for number in known]


@router.get("/5")
def decorated(tenant: str, db: Session = Depends(get_db)):
    # whatever comes back has been given the injected session
    db = scoped_to(tenant, db)
    return db.scalars(select(Article.title)).all()


@router.get("/6")
def transaction(db: Session = Depends(get_db)):
    with db.begin() as work:
        work.session.execute(select(Article.id))
    return {}

"""Every way to write the dependency: default, Annotated, alias, Security, keyword-only, method, nested."""
from typing import Annotated

import fastapi
from fastapi import APIRouter, Depends, Security
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.db import get_db
from forum.models import Thread

router = APIRouter()
DbDep = Annotated[Session, Depends(get_db)]


@router.get("/1")
def annotated(db: Annotated[Session, Depends(get_db)], q: str = ""):
    titles = db.scalars(select(Thread.title)).all()
    if not q:
        return titles  # expect: unreleased-on-return
    db.close()
    return [title for title in titles if q in title]


@router.get("/2")
def alias(store: DbDep, q: str = ""):
    titles = store.scalars(select(Thread.title)).all()
    if not q:
        return titles  # expect: unreleased-on-return "`store`"
    store.close()
    return []


@router.get("/3")
def security(connection: Session = Security(get_db, scopes=["read"]), q: str = ""):
    titles = connection.scalars(select(Thread.title)).all()
    if not q:
        return titles  # expect: unreleased-on-return "`connection`"
    connection.close()
    return []


@router.get("/4")
def keyword_only(q: str = "", *, db=fastapi.Depends(get_db)):
    titles = db.scalars(select(Thread.title)).all()
    if not q:
        return titles  # expect: unreleased-on-return
    db.close()
    return []


class Threads:
    @router.get("/5")
    def method(self, s: Session = Depends(dependency=get_db), q: str = ""):
        titles = s.scalars(select(Thread.title)).all()
        if not q:
            return titles  # expect: unreleased-on-return "`s`"
        s.close()
        return []


def make_router(prefix: str) -> APIRouter:
    nested = APIRouter(prefix=prefix)

    @nested.get("/6")
    async def inner(db: DbDep, q: str = ""):
        titles = db.scalars(select(Thread.title)).all()
        if not q:
            return titles  # expect: unreleased-on-return
        db.close()
        return []

    return nested


@router.get("/7")
def without_type(q: str, session=Depends(get_db, use_cache=False)):
    titles = session.scalars(select(Thread.title)).all()
    if not q:
        return titles  # expect: unreleased-on-return "`session`"
    session.close()
    return []

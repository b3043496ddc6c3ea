"""The session belongs to another dependency, to the middleware, to the caller or to another manager: they give it back."""
from contextlib import contextmanager, nullcontext
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///studio"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@contextmanager
def scope():
    with SessionLocal() as db:
        yield db


def committing(db: Session = Depends(get_db)):
    yield db
    db.commit()


def of_request(request: Request):
    db = request.state.db
    yield db
    db.commit()


def with_scope():
    with scope() as db:
        yield db


def with_contextmanager():
    with contextmanager(get_db)() as db:
        yield db


def delegated():
    yield from get_db()


def looped():
    for db in get_db():
        yield db


@contextmanager
def tenant(db: Session, name: str):
    db.execute(text("SET search_path TO studio"))
    yield db
    db.execute(text("RESET search_path"))


@contextmanager
def given_or_own(db: Session | None = None):
    if db is not None:
        yield db
        return
    with SessionLocal() as own:
        yield own


@contextmanager
def given_or_own_in_one(db: Session | None = None):
    with nullcontext(db) if db is not None else SessionLocal() as session:
        yield session


@contextmanager
def given_or_closed(db: Session | None = None):
    own = db is None
    session = SessionLocal() if own else db
    try:
        yield session
    finally:
        if own:
            session.close()


Committing = Annotated[Session, Depends(committing)]
OfRequest = Annotated[Session, Depends(of_request)]
WithScope = Annotated[Session, Depends(with_scope)]
WithContextmanager = Annotated[Session, Depends(with_contextmanager)]
Delegated = Annotated[Session, Depends(delegated)]
Looped = Annotated[Session, Depends(looped)]

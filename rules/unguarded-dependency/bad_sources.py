"""Sessions that the provider takes out of something else, and still has to give back."""
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql:///ferry"))


def new_session() -> Session:
    return SessionLocal()


def from_function():
    session = new_session()
    yield session  # expect: unguarded-dependency
    session.close()


def in_request(request: Request):
    db = SessionLocal()
    request.state.name = "ferry"
    db.execute(text("SELECT 1"))
    yield db  # expect: unguarded-dependency
    db.close()


@contextmanager
def given_or_own(db: Session | None = None):
    if db is not None:
        yield db
        return
    own = SessionLocal()
    yield own  # expect: unguarded-dependency
    own.close()


FromFunction = Annotated[Session, Depends(from_function)]
InRequest = Annotated[Session, Depends(in_request)]

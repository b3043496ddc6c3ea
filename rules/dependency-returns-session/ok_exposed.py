"""An injected session inside something that no stream gets, an object that is a service, and plain data."""
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from archive.models import Page, User

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///archive"))


def get_db():
    with SessionLocal() as db:
        yield db


class Pages:
    def __init__(self, db: Session):
        self.db = db

    def titles(self) -> list[str]:
        return self.db.scalars(select(Page.title)).all()


def context(token: str = Header(), db: Session = Depends(get_db)) -> dict:
    return {"token": token, "db": db}


def service(db: Session = Depends(get_db)) -> Pages:
    return Pages(db)


def current_user(token: str = Header(), db: Session = Depends(get_db)) -> dict:
    name = db.scalar(select(User.name).where(User.token == token))
    db.close()
    return {"name": name, "db": None}


def passed_on(db: Session = Depends(get_db)) -> Session:
    return db


@router.get("/titles")
def titles(found: Annotated[dict, Depends(context)], pages: Pages = Depends(service)):
    return pages.titles() + found["db"].scalars(select(Page.text)).all()


@router.get("/pages")
def pages(user: Annotated[dict, Depends(current_user)], db: Session = Depends(passed_on)):
    texts = db.scalars(select(Page.text)).all()
    db.close()
    return StreamingResponse(iter(texts))

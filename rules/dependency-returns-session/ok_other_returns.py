"""Dependencies that return something else: a maker, a service on a borrowed session, rows, other libraries' sessions."""
from typing import Annotated

import requests
from fastapi import Depends, Header, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from archive.models import User
from archive.services import UserService

SessionLocal = sessionmaker(create_engine("postgresql:///archive"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def get_maker() -> sessionmaker:
    return SessionLocal


def user_service(db: Session = Depends(get_db)) -> UserService:
    return UserService(db)


def user_context(db: Session = Depends(get_db), token: str = Header()) -> dict:
    return {"token": token, "db": db}


def current_user(token: str = Header()) -> str:
    with SessionLocal() as db:
        name = db.scalar(select(User.name).where(User.token == token))
    if name is None:
        raise HTTPException(401)
    return name


def is_admin(token: str = Header()) -> bool:
    db = SessionLocal()
    try:
        return bool(db.scalar(select(User.admin).where(User.token == token)))
    finally:
        db.close()


def get_http() -> requests.Session:
    return requests.Session()


class Pages:
    def __init__(self, page: int = 1, size: int = 50):
        self.page, self.size = page, size


Maker = Annotated[sessionmaker, Depends(get_maker)]
Users = Annotated[UserService, Depends(user_service)]
Context = Annotated[dict, Depends(user_context)]
CurrentUser = Annotated[str, Depends(current_user)]
Admin = Annotated[bool, Depends(is_admin)]
Http = Annotated[requests.Session, Depends(get_http)]
Page = Annotated[Pages, Depends()]

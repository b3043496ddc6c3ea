# options: --fastapi-version=0.128.0
# A dependency asks the database; the handler that uses it waits, and the session is only taken back afterwards.
import requests
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from inn.models import Guest

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))


def get_db():
    with SessionLocal() as db:
        yield db


def current_guest(token: str, db: Session = Depends(get_db)) -> str:
    return db.scalars(select(Guest).where(Guest.token == token)).one().name  # expect: held-during-external-call "`db`"


@router.get("/rate")
def rate(guest: str = Depends(current_guest)):
    return requests.get("https://rates.example/" + guest).json()


@router.get("/name")
def name(guest: str = Depends(current_guest)):
    return guest


def room_of_guest(token: str, db: Session = Depends(get_db)) -> int:
    room = db.scalars(select(Guest.room).where(Guest.token == token)).one()
    db.commit()
    return room


@router.get("/key")
def key(room: int = Depends(room_of_guest)):
    return requests.get("https://keys.example/", params={"room": room}).json()


def bill_of_guest(token: str, db: Session = Depends(get_db)) -> str:
    return db.scalars(select(Guest.bill).where(Guest.token == token)).one()


@router.get("/bill")
def bill(text: str = Depends(bill_of_guest)):
    return text

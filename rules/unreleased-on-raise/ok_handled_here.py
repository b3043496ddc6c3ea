"""The provider does not survive a raise, so the handler ends the session before anything can leave it."""
from contextlib import closing

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from dock.models import Ship

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///dock"))


def get_db():
    db = SessionLocal()
    yield db
    db.close()


@router.get("/ships/{name}")
def read_ship(name: str, db: Session = Depends(get_db)):
    try:
        ship = db.scalar(select(Ship).where(Ship.name == name))
        if ship is None:
            raise HTTPException(404)
        return {"tons": ship.tons}
    finally:
        db.close()


@router.get("/ships")
def list_ships(db: Session = Depends(get_db)):
    with closing(db):
        names = db.scalars(select(Ship.name)).all()
        if not names:
            raise HTTPException(204)
    return names


@router.post("/ships")
def add_ship(name: str, db: Session = Depends(get_db)):
    try:
        db.add(Ship(name=name))
        db.commit()
    except Exception:
        db.rollback()
        raise
    return {"name": name}


@router.get("/ping")
def ping(token: str = "", db: Session = Depends(get_db)):
    if token != "harbour":
        # nothing has run: there is no connection to lose
        raise HTTPException(403)
    return {"pong": True}

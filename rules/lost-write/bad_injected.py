"""Nobody commits for the handler: its provider only closes."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from bakery.models import Loaf

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///bakery"))


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@router.post("/loaves/{name}")
def bake(name: str, db: Session = Depends(get_db)):
    loaf = Loaf(name=name)
    db.add(loaf)  # expect: lost-write "nobody commits what is written here"
    db.flush()
    return {"id": loaf.id}


@router.delete("/loaves/{loaf_id}")
def eat(loaf_id: int, db: Session = Depends(get_db)):
    loaf = db.get(Loaf, loaf_id)
    if loaf is None:
        return {"eaten": False}
    db.delete(loaf)  # expect: lost-write
    return {"eaten": True}

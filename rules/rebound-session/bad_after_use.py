"""Rebound in the middle: the injected session has run a query, and nobody here can reach it any more."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from depot.db import SessionLocal, get_db
from depot.models import Item

router = APIRouter()


@router.post("/items/{item_id}/count")
def count(item_id: int, db: Session = Depends(get_db)):
    item = db.get(Item, item_id)
    if item is None:
        db.close()
        return {"count": None}
    name = item.name
    db = SessionLocal()  # expect: rebound-session "`db`"
    try:
        return {"count": len(db.scalars(select(Item.id).where(Item.name == name)).all())}
    finally:
        db.close()


@router.get("/items")
def items(archive: bool = False, db: Session = Depends(get_db)):
    names = db.scalars(select(Item.name)).all()
    if archive:
        with SessionLocal() as db:  # expect: rebound-session
            names += db.scalars(select(Item.name).where(Item.archived)).all()
    db.close()
    return names


class Items:
    @router.get("/items/first")
    def first(self, *, store: Session = Depends(get_db)):
        if (store := SessionLocal()) is not None:  # expect: rebound-session "`store`"
            name = store.scalar(select(Item.name).limit(1))
            store.close()
            return {"first": name}
        return {"first": None}


@router.get("/items/last")
def last(db: Session = Depends(get_db)):
    names = db.scalars(select(Item.name)).all()
    db, size = SessionLocal(), len(names)  # expect: rebound-session
    db.close()
    return {"size": size}


@router.get("/items/again")
def again(db: Session = Depends(get_db)):
    names = db.scalars(select(Item.name)).all()
    generator = get_db()
    db = next(generator)  # expect: rebound-session
    try:
        return names + db.scalars(select(Item.name)).all()
    finally:
        generator.close()

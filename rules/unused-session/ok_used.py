"""A session that is used, however small the use."""
from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from atlas.db import get_db
from atlas.models import City
from atlas.services import CityService, load_cities

router = APIRouter()


@router.get("/1")
def queried(db: Session = Depends(get_db)):
    return db.scalars(select(City.name)).all()


@router.get("/2")
def passed(db: Session = Depends(get_db)):
    return load_cities(db)


@router.get("/3")
def passed_by_name(q: str, db: Session = Depends(get_db)):
    return load_cities(query=q, session=db)


@router.get("/4")
def wrapped(db: Session = Depends(get_db)):
    return CityService(db).all()


@router.get("/5")
def in_a_closure(db: Session = Depends(get_db)):
    def names():
        return db.scalars(select(City.name)).all()

    return names()


@router.get("/6")
def in_a_lambda(limit: int, db: Session = Depends(get_db)):
    load = dict(run=lambda: load_cities(db, limit))
    return load["run"]()


@router.get("/7")
def stored(request: Request, db: Session = Depends(get_db)):
    request.state.db = db
    return {"stored": True}


@router.get("/8")
def in_a_comprehension(ids: str, db: Session = Depends(get_db)):
    return [db.get(City, int(number)).name for number in ids.split(",")]


@router.get("/9")
def in_one_branch(full: bool = False, db: Session = Depends(get_db)):
    if full:
        return db.scalars(select(City)).all()
    return []


@router.get("/10")
def returned(db: Session = Depends(get_db)):
    return db


@router.get("/11")
def in_a_string(db: Session = Depends(get_db)):
    return f"connected to {db.bind.url.host}"


@router.get("/12")
def as_a_default(db: Session = Depends(get_db)):
    def names(session=db):
        return session.scalars(select(City.name)).all()

    return names()


@router.get("/13")
def in_a_generator(db: Session = Depends(get_db)):
    yield from (city.name for city in db.scalars(select(City)))


@router.get("/14")
def under_another_name(db: Session = Depends(get_db)):
    session = db
    return session.scalars(select(City.name)).all()


@router.get("/15")
def in_a_dict(db: Session = Depends(get_db)):
    context = {"session": db}
    return load_cities(**context)

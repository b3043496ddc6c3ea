# options: --fastapi-version=0.115.0
"""Streams that do not touch a session which was closed for them."""

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from harbour.db import SessionLocal, get_db
from harbour.models import Ship

router = APIRouter()


def plain(names):
    yield from names


def ends(db):
    names = db.scalars(select(Ship.name)).all()
    db.close()
    yield from names


def own():
    with SessionLocal() as db:
        for ship in db.scalars(select(Ship)):
            yield ship.name


def only_formats(db, names):
    for name in names:
        yield f"{db!r} {name}"


def takes_over(db):
    try:
        yield from db.scalars(select(Ship.name))
    finally:
        db.close()


@router.get("/data")
def data_only(db: Session = Depends(get_db)):
    return StreamingResponse(plain(db.scalars(select(Ship.name)).all()))


@router.get("/ends")
def the_generator_ends_it(db: Session = Depends(get_db)):
    return StreamingResponse(ends(db))


@router.get("/own")
def the_generator_has_its_own(db: Session = Depends(get_db)):
    db.scalar(select(Ship.id))
    return StreamingResponse(own())


@router.get("/formats")
def not_used(db: Session = Depends(get_db)):
    return StreamingResponse(only_formats(db, db.scalars(select(Ship.name)).all()))


@router.get("/handed-over")
def handed_over():
    db = SessionLocal()
    return StreamingResponse(takes_over(db))


@router.get("/read-inside")
def read_inside_the_block():
    with SessionLocal() as db:
        names = list(takes_over(db))
    return StreamingResponse(plain(names))


@router.get("/inside")
def returned_inside_with_data():
    with SessionLocal() as db:
        names = db.scalars(select(Ship.name)).all()
        return StreamingResponse(plain(names))

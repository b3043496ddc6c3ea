"""Ways out that pass a close: else, finally around a return, a second manager, a raise turned into a return."""
from contextlib import closing, nullcontext

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select
from tenacity import Retrying

from shop.db import get_session
from shop.models import Item
from shop.services import load

router = APIRouter()


@router.get("/1")
def in_the_else(n: int, db: Session = Depends(get_session)):
    try:
        rows = db.exec(select(Item)).all()
    except SQLAlchemyError:
        db.rollback()
        raise HTTPException(400)
    else:
        if n:
            return rows
    finally:
        db.close()
    return []


@router.get("/2")
async def awaited(db: Session = Depends(get_session)):
    try:
        return await load(db)
    finally:
        db.close()


@router.get("/3")
def two_managers(n: int, db: Session = Depends(get_session)):
    with closing(db), open("items.txt", encoding="utf-8") as file:
        if n:
            return file.read()
        return db.exec(select(Item)).all()


@router.get("/4")
def harmless_manager(n: int, db: Session = Depends(get_session)):
    with nullcontext(db) as session:
        rows = session.exec(select(Item)).all()
        if n:
            session.close()
            return rows
    db.close()
    return []


@router.get("/5")
def retried(n: int, db: Session = Depends(get_session)):
    for attempt in Retrying():
        with attempt:
            rows = db.exec(select(Item)).all()
            if n:
                db.close()
                return rows
    db.close()
    return []


@router.get("/6")
def caught_here(n: int, db: Session = Depends(get_session)):
    rows = db.exec(select(Item)).all()
    try:
        if n:
            return rows
        raise HTTPException(404)
    except HTTPException:
        return []
    finally:
        db.close()


@router.get("/7")
def after_the_close(n: int, db: Session = Depends(get_session)):
    rows = db.exec(select(Item)).all()
    db.close()
    if n:
        return rows
    assert rows
    return [row for row in rows if row.stock]


@router.get("/8")
def one_line(n: int, db: Session = Depends(get_session)):
    rows = db.exec(select(Item)).all()
    db.commit() if n else db.rollback(); db.close()
    if n: return rows
    return []

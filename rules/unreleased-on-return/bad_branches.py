"""Loops, match, nested try and a release that stands in one branch only."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from depot.db import get_session
from depot.log import logger
from depot.models import Item, Shelf

router = APIRouter()


@router.get("/items/first")
def first(session: Session = Depends(get_session)):
    for item in session.scalars(select(Item)):
        if item.broken:
            continue
        name = item.name
        session.close()
        return {"first": name}
    return {"first": None}  # expect: unreleased-on-return


@router.post("/items/{item_id}/{action}")
def act(item_id: int, action: str, session: Session = Depends(get_session)):
    item = session.get(Item, item_id)
    match action:
        case "scrap":
            session.delete(item)
        case "mend":
            item.broken = False
        case _:
            return {"error": action}  # expect: unreleased-on-return
    session.commit()
    session.close()
    return {"done": action}


@router.get("/shelves")
def shelves(session: Session = Depends(get_session)):
    attempt = 0
    while True:
        attempt += 1
        try:
            codes = session.scalars(select(Shelf.code)).all()
        except OperationalError:
            if attempt > 3:
                return []  # expect: unreleased-on-return
            session.rollback()
            continue
        break
    session.commit()
    session.close()
    return codes


@router.delete("/shelves/{code}")
def remove(code: str, force: bool = False, session: Session = Depends(get_session)):
    shelf = session.get(Shelf, code)
    if force:
        session.delete(shelf)
        session.commit()
        session.close()
    else:
        shelf.closing = True
        session.flush()
    return {"removed": force}  # expect: unreleased-on-return


@router.post("/shelves/{code}/count")
def count(code: str, session: Session = Depends(get_session)):
    try:
        try:
            total = len(session.scalars(select(Item.id).where(Item.shelf == code)).all())
        finally:
            logger.info("counted %s", code)
        session.commit()
    except SQLAlchemyError:
        logger.exception("count failed")
        return {"total": None}  # expect: unreleased-on-return
    session.close()
    return {"total": total}

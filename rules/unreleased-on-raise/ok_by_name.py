"""Providers that are imported are judged by their name: get_db and its kin are taken to be guarded."""
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Security
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from cinema import database
from cinema.database import get_async_session, get_db, get_session
from cinema.models import Film

router = APIRouter()
Db = Annotated[Session, Depends(get_session)]


@router.get("/films/{film_id}")
def read_film(film_id: int, db: Session = Depends(get_db)):
    film = db.get(Film, film_id)
    if film is None:
        raise HTTPException(404, "no such film")
    return {"title": film.title}


@router.put("/films/{film_id}")
def rename(film_id: int, title: str, db: Db):
    film = db.get(Film, film_id)
    if film is None:
        raise HTTPException(404)
    try:
        film.title = title
        db.flush()
    except ValueError as error:
        raise HTTPException(422) from error
    db.commit()
    db.close()
    return {"title": title}


@router.delete("/films/{film_id}")
def remove(film_id: int, db: Session = Security(database.get_db)):
    film = db.get(Film, film_id)
    assert film is not None, "checked by the gateway"
    db.delete(film)
    db.commit()


@router.get("/films")
async def films(session: AsyncSession = Depends(get_async_session)):
    titles = (await session.scalars(select(Film.title))).all()
    if not titles:
        raise LookupError("empty database")
    return titles

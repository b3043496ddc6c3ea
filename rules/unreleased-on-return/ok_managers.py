"""Context managers that close or end the injected session, returns inside them included."""
import contextlib
from contextlib import ExitStack, closing

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from media.db import get_async_session, get_db
from media.models import Track

router = APIRouter()


@router.get("/tracks/{track_id}")
def read_track(track_id: int, db: Session = Depends(get_db)):
    with closing(db):
        track = db.get(Track, track_id)
        if track is None:
            return {"title": None}
        return {"title": track.title}


@router.get("/tracks")
def list_tracks(genre: str = "", db: Session = Depends(get_db)):
    with contextlib.closing(db) as session:
        rows = session.scalars(select(Track).where(Track.genre == genre)).all()
        if not rows:
            return []
    return [genre]


@router.get("/albums")
def albums(db: Session = Depends(get_db)):
    with db:
        names = db.scalars(select(Track.album)).all()
        if len(names) > 100:
            return names[:100]
    return names


@router.get("/genres")
def genres(full: bool = False, db: Session = Depends(get_db)):
    if full:
        with ExitStack() as stack:
            stack.callback(db.close)
            return {"genres": db.scalars(select(Track.genre)).all()}
    known = db.scalars(select(Track.genre).distinct()).all()
    db.close()
    return {"genres": known}


@router.post("/tracks")
async def add_track(title: str, session: AsyncSession = Depends(get_async_session)):
    async with session.begin():
        if await session.scalar(select(Track).where(Track.title == title)):
            return {"added": False}
        session.add(Track(title=title))
    await session.close()
    return {"added": True}

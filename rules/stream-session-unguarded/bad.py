"""The close stands behind a yield that the reader may never come back from."""

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlalchemy import select

from station.announcer import words
from station.db import AsyncSessionLocal, SessionLocal, get_db
from station.models import Train

router = APIRouter()


def closed_at_the_end():
    db = SessionLocal()
    for train in db.scalars(select(Train)):
        yield train.name  # expect: stream-session-unguarded "stops here"
    db.close()


async def closed_by_an_except_only():
    session = AsyncSessionLocal()
    try:
        train = await session.scalar(select(Train))
        async for word in words(train.name):
            yield word  # expect: stream-session-unguarded
    except ValueError:
        await session.close()
        raise
    await session.close()


async def yields_twice():
    session = AsyncSessionLocal()
    name = await session.scalar(select(Train.name))
    yield name  # expect: stream-session-unguarded
    yield name.upper()
    await session.close()


@router.get("/nested")
def nested():
    def generate():
        db = next(get_db())
        for train in db.scalars(select(Train)):
            yield train.name  # expect: stream-session-unguarded
        db.close()

    return StreamingResponse(generate())

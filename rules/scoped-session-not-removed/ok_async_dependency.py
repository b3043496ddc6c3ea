"""An async dependency cleans up on the event loop, where its async handlers run."""
from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from chat.models import Room

Registry = scoped_session(sessionmaker(create_engine("postgresql:///chat")))


async def registry():
    try:
        yield Registry
    finally:
        Registry.remove()


router = APIRouter(dependencies=[Depends(registry)])


@router.get("/rooms")
async def rooms():
    return Registry.scalars(select(Room.name)).all()


@router.get("/rooms/{name}")
async def room(name: str):
    return {"topic": Registry.scalar(select(Room.topic).where(Room.name == name))}

"""FastAPI makes the object for each request, the object makes a session, and nobody ends it."""
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from kennel.models import Dog

SessionLocal = sessionmaker(create_engine("postgresql:///kennel"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///kennel"))
router = APIRouter()


class Dogs:
    def __init__(self):
        self.db = SessionLocal()  # expect: dependency-returns-session

    def names(self):
        return self.db.scalars(select(Dog.name)).all()


class AsyncDogs:
    """What it is asked for is a parameter like another."""

    def __init__(self, breed: str = "any"):
        self.breed = breed
        self.session = AsyncSessionLocal()  # expect: dependency-returns-session

    async def names(self):
        return (await self.session.scalars(select(Dog.name))).all()

    def title(self):
        return self.breed.title()


@router.get("/1")
def names(dogs: Dogs = Depends(Dogs)):
    return dogs.names()


@router.get("/2")
def count(dogs: Annotated[Dogs, Depends()]):
    return len(dogs.names())


@router.get("/3")
async def async_names(dogs: AsyncDogs = Depends()):
    return {"title": dogs.title(), "names": await dogs.names()}

# What a callee waited for was over when it returned: a loop over its result waits for nothing.
import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from inn.models import Guest


async def prices_of(city: str) -> list[int]:
    async with httpx.AsyncClient() as client:
        response = await client.get("https://prices.example/" + city)
    return response.json()


def rooms_of(city: str) -> list[int]:
    return httpx.get("https://rooms.example/" + city).json()


async def compare(session: AsyncSession, city: str) -> list[int]:
    prices = await prices_of(city)
    guests = (await session.scalars(select(Guest))).all()
    dear = []
    for price in prices:
        if price > len(guests):
            dear.append(price)
    return dear


def count(session: Session, city: str) -> int:
    rooms = rooms_of(city)
    guests = session.scalars(select(Guest)).all()
    return sum(1 for room in rooms if room < len(guests))

"""A mixin's method asks through the other base of the class that has both."""
from typing import Self

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from harbour.models import Berth, Ship


class Store:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    @classmethod
    def of(cls, session: AsyncSession) -> Self:
        return cls(session)

    async def first(self, statement):
        return (await self.session.execute(statement)).scalar_one_or_none()


class ByNumber:
    async def numbered(self, number):
        return await self.first(select(self.model).where(self.model.number == number))


class Berths(ByNumber, Store):
    model = Berth


class Ships(Store):
    model = Ship


async def tide_at(session: AsyncSession, number: int, client: httpx.AsyncClient):
    berth = await Berths.of(session).numbered(number)
    return await client.get("https://tides.example/" + berth.name)  # miss: held-during-external-call


async def flag_of(session: AsyncSession, name: str, client: httpx.AsyncClient):
    ship = await Ships.of(session).first(select(Ship).where(Ship.name == name))
    return await client.get("https://flags.example/" + ship.flag)  # expect: held-during-external-call

from typing import Generic, TypeVar

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

Row = TypeVar("Row")


class Base:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    @classmethod
    def from_session(cls, session: AsyncSession):
        return cls(session)

    async def all(self, statement):
        result = await self.session.execute(statement)
        return result.unique().scalar_one_or_none()


class Typed(Base, Generic[Row]):
    pass


class OrderRepository(Typed[int]):
    async def by_slug(self, slug):
        return await self.all(select(slug))

    def name(self, key):
        return key.upper()


class Plain:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def by_slug(self, slug):
        return await self.session.execute(select(slug))


async def two(session: AsyncSession, key):
    repository = OrderRepository.from_session(session)
    order = await repository.by_slug(key)
    async with httpx.AsyncClient() as client:
        await client.get("https://rates.example", params={"a": order})  # expect: held-during-external-call


async def three(session: AsyncSession, key):
    repository = OrderRepository(session)
    order = await repository.by_slug(key)
    async with httpx.AsyncClient() as client:
        await client.get("https://rates.example", params={"a": order})  # expect: held-during-external-call


async def four(session: AsyncSession, key):
    repository = Plain(session)
    order = await repository.by_slug(key)
    async with httpx.AsyncClient() as client:
        await client.get("https://rates.example", params={"a": order})  # expect: held-during-external-call


async def five(session: AsyncSession, key):
    order = await Plain(session).by_slug(key)
    async with httpx.AsyncClient() as client:
        await client.get("https://rates.example", params={"a": order})  # expect: held-during-external-call


async def nothing_asked(session: AsyncSession, key):
    repository = OrderRepository.from_session(session)
    async with httpx.AsyncClient() as client:
        await client.get("https://rates.example", params={"a": repository.name(key)})

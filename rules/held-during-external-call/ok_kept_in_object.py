# A repository has the session, a service has the repository: whoever of them commits does so for all.
from typing import Generic, TypeVar

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bakery.models import Loaf

R = TypeVar("R")


class Loaves:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def first(self):
        return (await self.session.execute(select(Loaf))).scalars().first()

    async def save(self, loaf: Loaf):
        self.session.add(loaf)
        await self.session.commit()


class Ovens:
    def __init__(self, db: AsyncSession):
        self.db = db

    async def end(self):
        await self.db.commit()


class Bakery:
    def __init__(self, db: AsyncSession, client: httpx.AsyncClient):
        self.db = db
        self.loaves = Loaves(db)
        self.client = client

    async def ends_it_itself(self):
        loaf = await self.loaves.first()
        await self.db.commit()
        await self.client.post("/ovens", json=loaf.shape)

    async def ends_it_in_a_helper(self):
        loaf = await self.loaves.first()
        await self._end()
        await self.client.post("/ovens", json=loaf.shape)

    async def _end(self):
        await self.db.rollback()


class Shop:
    def __init__(self, loaves: Loaves, ovens: Ovens, client: httpx.AsyncClient):
        self.loaves = loaves
        self.ovens = ovens
        self.client = client

    async def another_repository_ends_it(self):
        loaf = await self.loaves.first()
        await self.ovens.end()
        await self.client.post("/ovens", json=loaf.shape)

    async def saved_last(self, loaf: Loaf):
        await self.loaves.first()
        await self.loaves.save(loaf)
        await self.client.post("/ovens", json=loaf.shape)

    async def waits_first(self):
        answer = await self.client.get("/ovens")
        await self.loaves.save(Loaf(answer))


class Stall:
    def __init__(self, loaves: Loaves, unit, client: httpx.AsyncClient):
        self.loaves = loaves
        self.unit = unit
        self.client = client

    async def something_unknown_commits(self):
        loaf = await self.loaves.first()
        await self.unit.commit()
        await self.client.post("/ovens", json=loaf.shape)


class Base(Generic[R]):
    def __init__(self, db: AsyncSession, repository: R):
        self.db = db
        self.repository = repository


class Market(Base[Loaves]):
    def __init__(self, db: AsyncSession, client: httpx.AsyncClient):
        super().__init__(db, Loaves(db))
        self.loaves = Loaves(db)
        self.client = client

    async def ends_what_its_base_keeps(self):
        loaf = await self.loaves.first()
        await self.db.commit()
        await self.client.post("/ovens", json=loaf.shape)


class Replicated:
    def __init__(self, reader: AsyncSession, writer: AsyncSession, loaves: Loaves, client: httpx.AsyncClient):
        self.reader = reader
        self.writer = writer
        self.loaves = loaves
        self.client = client

    async def whose_session_it_is_is_not_known(self):
        loaf = await self.loaves.first()
        await self.client.post("/ovens", json=loaf.shape)


class Kiosk:
    def __init__(self, loaves: Loaves, client: httpx.AsyncClient, db=None):
        self.loaves = loaves
        self.client = client
        self.db = db

    async def ends_what_may_be_the_same(self):
        loaf = await self.loaves.first()
        await self._end()
        await self.client.post("/ovens", json=loaf.shape)

    async def _end(self):
        await self.db.commit()

# The service never sees the session: its repository has it, and keeps it while the service waits.
from dataclasses import dataclass
from typing import Generic, TypeVar

import httpx
import openai
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bakery.models import Loaf

R = TypeVar("R")


class Loaves:
    def __init__(self, session: AsyncSession):
        self.session = session

    async def first(self):
        return (await self.session.execute(select(Loaf))).scalars().first()


class Namer:
    def __init__(self):
        self.client = openai.AsyncOpenAI()

    async def name(self, shape):
        answer = await self.client.chat.completions.create(model="m", messages=[shape])
        return answer.choices[0]


class Naming:
    def __init__(self, loaves: Loaves, namer: Namer):
        self.loaves = loaves
        self.namer = namer

    async def name(self):
        loaf = await self.loaves.first()
        return await self.namer.name(loaf.shape)  # expect: held-during-external-call "`self.loaves.session`"


class Bakery:
    def __init__(self, db: AsyncSession):
        self.db = db
        self.loaves = Loaves(db)

    async def bake(self):
        loaf = await self.loaves.first()
        async with httpx.AsyncClient() as client:
            await client.post("/ovens", json=loaf.shape)  # expect: held-during-external-call "`self.db`"


@dataclass
class Delivery:
    loaves: Loaves
    client: httpx.AsyncClient

    async def deliver(self):
        loaf = await self.loaves.first()
        await self.client.post("/vans", json=loaf.shape)  # expect: held-during-external-call


class Base(Generic[R]):
    def __init__(self, db: AsyncSession):
        self.db = db


class Market(Base[Loaf]):
    def __init__(self, db: AsyncSession, client: httpx.AsyncClient):
        super().__init__(db)
        self.client = client

    async def sell(self):
        loaf = (await self.db.execute(select(Loaf))).scalars().first()
        await self.client.post("/stalls", json=loaf.shape)  # expect: held-during-external-call "`self.db`"

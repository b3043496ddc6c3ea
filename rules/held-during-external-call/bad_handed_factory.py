# What is called for a session is only known by its annotation.
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Annotated, AsyncContextManager, Generic, Protocol, TypeVar

import httpx
from fastapi import Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from mill.db import manager_of_sessions
from mill.models import Sack

S = TypeVar("S", covariant=True)
Scope = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class Opener(Protocol[S]):
    def __call__(self) -> AsyncContextManager[S]: ...


class Miller:
    def __init__(self, scope: Scope, plain: Callable[[], Session] | None = None):
        self._scope = scope
        self._plain = plain

    async def grind(self, number: int):
        async with self._scope() as session:
            sack = (await session.execute(select(Sack).where(Sack.number == number))).scalar_one()
            async with httpx.AsyncClient() as client:
                await client.post("/stones", json=sack.weight)  # expect: held-during-external-call

    def grind_at_once(self, number: int):
        with self._plain() as session:
            sack = session.get(Sack, number)
            httpx.post("/stones", json=sack.weight)  # expect: held-during-external-call


@dataclass
class Carter:
    opener: Annotated[Opener[AsyncSession], Depends(manager_of_sessions)]
    client: httpx.AsyncClient

    async def fetch(self, number: int):
        async with self.opener() as session:
            sack = await session.get(Sack, number)
            await self.client.get("/road", params={"weight": sack.weight})  # expect: held-during-external-call


async def deliver(number: int, opener: Opener[AsyncSession], client: httpx.AsyncClient):
    async with opener() as session:
        sack = await session.get(Sack, number)
        await client.get("/road", params={"weight": sack.weight})  # expect: held-during-external-call

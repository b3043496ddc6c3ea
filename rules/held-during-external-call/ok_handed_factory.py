# The block has ended when something is waited for; or nobody says that a session is what is handed out.
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from mill.models import Sack


class Miller:
    def __init__(
        self,
        scope: Callable[[], AbstractAsyncContextManager[AsyncSession]],
        client: Callable[[], AbstractAsyncContextManager[httpx.AsyncClient]],
        current: Callable[[], Session],
        weigh: Callable[[AsyncSession], int],
    ):
        self._scope = scope
        self._client = client
        self._current = current
        self._weigh = weigh

    async def read_then_grind(self, number: int):
        async with self._scope() as session:
            weight = (await session.execute(select(Sack.weight).where(Sack.number == number))).scalar_one()
        async with self._client() as client:
            await client.post("/stones", json=weight)

    async def ended_in_the_block(self, number: int):
        async with self._scope() as session:
            sack = await session.get(Sack, number)
            weight = sack.weight
            await session.commit()
            async with httpx.AsyncClient() as client:
                await client.post("/stones", json=weight)

    def somebody_elses(self, number: int):
        session = self._current()
        return session.get(Sack, number)

    async def no_session_at_all(self):
        weight = self._weigh(None)
        async with self._client() as client:
            await client.post("/stones", json=weight)

import asyncio

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession


class Callbacks:
    def __init__(self, db_session: AsyncSession):
        self.db_session = db_session

    async def run_all(self, key):
        rows = (await self.db_session.execute(select(Callback))).scalars().all()
        await asyncio.gather(*[self.run_one(key, row) for row in rows])
        await self.db_session.commit()

    async def run_one(self, key, row):
        result = await row.process(key)
        self.db_session.add(Result(key=key, text=result))

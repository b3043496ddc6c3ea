# The task may have been cancelled, or not.
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from dairy.models import Churn


async def beat():
    while True:
        await asyncio.sleep(5)


async def churns(db: AsyncSession, number: int, stops: bool):
    task = asyncio.create_task(beat())
    churn = await db.get(Churn, number)
    if stops:
        task.cancel()
    await task  # expect: held-during-external-call
    churn.turns += 1
    await db.commit()

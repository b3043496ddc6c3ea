# What is awaited has been cancelled: it only comes to its end.
import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from dairy.models import Churn


async def beat():
    while True:
        await asyncio.sleep(5)


async def churns(db: AsyncSession, number: int):
    churn = await db.get(Churn, number)
    task = asyncio.create_task(beat())
    try:
        churn.turns += 1
    finally:
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            pass
    await db.commit()

"""Work with the session and a request side by side, in a transaction that is open already."""

import asyncio

import httpx
from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
Maker = async_sessionmaker(create_async_engine("postgresql+asyncpg://mill@db/mill"))


async def get_db():
    async with Maker() as db:
        yield db


async def count_sacks(db: AsyncSession) -> int:
    return (await db.execute(text("SELECT count(*) FROM sack"))).scalar()


async def flour_price() -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get("https://prices.example/flour")).text


@app.get("/sacks")
async def sacks(db: AsyncSession = Depends(get_db)):
    await db.execute(text("SELECT 1"))
    count, price = await asyncio.gather(count_sacks(db), flour_price())  # expect: held-during-external-call
    return {"count": count, "price": price}

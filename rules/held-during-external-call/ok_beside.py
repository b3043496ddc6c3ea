"""Work with the session and a request side by side: ended before, ended by the work itself, or nothing that waits."""

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


async def write_sack(db: AsyncSession) -> None:
    await db.execute(text("INSERT INTO sack DEFAULT VALUES"))
    await db.commit()


async def count_sacks(db: AsyncSession) -> int:
    return (await db.execute(text("SELECT count(*) FROM sack"))).scalar()


async def weigh(sack: int) -> int:
    return sack * 50


async def flour_price() -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get("https://prices.example/flour")).text


@app.post("/sacks")
async def add(db: AsyncSession = Depends(get_db)):
    await db.execute(text("SELECT 1"))
    _, price = await asyncio.gather(write_sack(db), flour_price())
    return {"price": price}


@app.get("/weight")
async def weight(db: AsyncSession = Depends(get_db)):
    await db.execute(text("SELECT 1"))
    count, kilos = await asyncio.gather(count_sacks(db), weigh(3))
    await db.commit()
    return {"count": count, "kilos": kilos}


@app.get("/price")
async def price_after(db: AsyncSession = Depends(get_db)):
    await db.execute(text("SELECT 1"))
    await db.commit()
    count, price = await asyncio.gather(weigh(1), flour_price())
    return {"count": count, "price": price}

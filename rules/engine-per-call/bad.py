"""An engine for each call."""
import asyncpg
import pandas as pd
from celery import shared_task
from fastapi import APIRouter
from psycopg2.pool import SimpleConnectionPool
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

router = APIRouter()


@router.get("/orders")
def orders(url: str):
    engine = create_engine(url)  # expect: engine-per-call "each call builds an engine"
    with engine.connect() as conn:
        return conn.execute(text("SELECT * FROM orders")).fetchall()


@shared_task
def nightly(url):
    engine = create_engine(url)  # expect: engine-per-call
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM old"))


def get_engine(url):
    return create_engine(url, pool_pre_ping=True)


def through_a_helper(url, query):
    with get_engine(url).connect() as conn:  # expect: engine-per-call
        return conn.execute(query).fetchall()


def for_pandas(url, query):
    engine = create_engine(url)  # expect: engine-per-call
    return pd.read_sql(query, engine)


def a_session_on_it(url, row):
    engine = create_engine(url)  # expect: engine-per-call
    with Session(engine) as session:
        session.add(row)
        session.commit()


def bound_maker(url, row):
    maker = sessionmaker(bind=create_engine(url))  # expect: engine-per-call
    with maker() as session:
        session.add(row)
        session.commit()


async def async_one(url, query):
    engine = create_async_engine(url)  # expect: engine-per-call
    maker = async_sessionmaker(engine, class_=AsyncSession)
    async with maker() as session:
        return (await session.execute(query)).all()


def disposed_unless_early(url, wanted):
    engine = create_engine(url)  # expect: engine-per-call
    with engine.connect() as conn:
        found = conn.execute(text("SELECT 1")).scalar()
    if found != wanted:
        return None
    engine.dispose()
    return found


def each_round(urls):
    for url in urls:
        engine = create_engine(url)  # expect: engine-per-call
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))


async def pool_per_request(dsn, query):
    pool = await asyncpg.create_pool(dsn)  # expect: engine-per-call "a pool"
    async with pool.acquire() as conn:
        return await conn.fetch(query)


def psycopg_pool(dsn):
    pool = SimpleConnectionPool(1, 4, dsn)  # expect: engine-per-call
    conn = pool.getconn()
    try:
        conn.cursor().execute("SELECT 1")
    finally:
        pool.putconn(conn)

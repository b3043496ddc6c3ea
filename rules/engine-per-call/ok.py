"""Made once, disposed, or somebody else's."""
import atexit
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache

import asyncpg
from fastapi import FastAPI
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import NullPool

engine = create_engine("sqlite://")
_engine = None
_engines = {}


def uses_the_module_one(query):
    with engine.connect() as conn:
        return conn.execute(query).fetchall()


@lru_cache(maxsize=None)
def cached(url):
    return create_engine(url)


def uses_the_cached_one(url, query):
    with cached(url).connect() as conn:
        return conn.execute(query).fetchall()


def lazily():
    global _engine
    if _engine is None:
        _engine = create_engine("sqlite://")
    return _engine


def uses_the_lazy_one(query):
    with lazily().connect() as conn:
        return conn.execute(query).fetchall()


def by_url(url):
    if url not in _engines:
        _engines[url] = create_engine(url)
    return _engines[url]


def disposed(url, query):
    local = create_engine(url)
    try:
        with local.connect() as conn:
            return conn.execute(query).fetchall()
    finally:
        local.dispose()


@contextmanager
def for_a_while(url):
    local = create_engine(url)
    try:
        yield local
    finally:
        local.dispose()


def without_a_pool(url, query):
    local = create_engine(url, poolclass=NullPool)
    with local.connect() as conn:
        return conn.execute(query).fetchall()


def never_connected(url):
    local = create_engine(url)
    return local.dialect.name


def make_factory(url):
    return sessionmaker(bind=create_engine(url))


class Store:
    def __init__(self, url):
        self.engine = create_engine(url)
        self.maker = sessionmaker(self.engine)
        with self.engine.connect() as conn:
            conn.execute(text("SELECT 1"))

    def tables(self):
        return inspect(self.engine).get_table_names()


def init_db(url, base):
    local = create_engine(url)
    base.metadata.create_all(local)


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.pool = await asyncpg.create_pool("postgresql://db")
    yield
    await app.state.pool.close()


async def pool_in_a_block(dsn, query):
    async with asyncpg.create_pool(dsn) as pool:
        async with pool.acquire() as conn:
            return await conn.fetch(query)


async def async_disposed(url):
    local = create_async_engine(url)
    try:
        async with local.begin() as conn:
            await conn.execute(text("SELECT 1"))
    finally:
        await local.dispose()


def left_to_the_end(url):
    local = create_engine(url)
    atexit.register(local.dispose)
    with local.connect() as conn:
        return conn.execute(text("SELECT 1")).scalar()


def main():
    local = create_engine("sqlite://")
    with local.connect() as conn:
        print(conn.execute(text("SELECT 1")).scalar())

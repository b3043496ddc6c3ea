"""next() of things that are no session, or whose session belongs to somebody else."""
import csv

import httpx
import redis
import requests
from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.clients import get_client
from ledger.models import Entry


def get_http():
    session = requests.Session()
    yield session
    session.close()


def get_cache():
    cache = redis.Redis()
    yield cache
    cache.close()


async def get_async_http():
    async with httpx.AsyncClient() as client:
        yield client


def request_db(request: Request):
    # the middleware made it and closes it
    yield request.state.db


def rates() -> dict:
    session = next(get_http())
    return session.get("https://rates.example/").json()


def cached(key: str) -> bytes:
    cache = next(get_cache())
    return cache.get(key)


async def headline() -> str:
    client = await anext(get_async_http())
    return (await client.get("https://news.example/")).text


def account(number: str) -> dict:
    client = next(get_client())
    return client.query(number).first()


def header(path: str) -> list[str]:
    with open(path) as file:
        return next(csv.reader(file))


def first_entry(session: Session) -> Entry:
    return next(session.scalars(select(Entry)))


def largest(entries: list[Entry]) -> Entry:
    return next(iter(sorted(entries, key=lambda entry: entry.amount)))


def entries_of(request: Request) -> list[int]:
    db = next(request_db(request))
    return db.scalars(select(Entry.id)).all()

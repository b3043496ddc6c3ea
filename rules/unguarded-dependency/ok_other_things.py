"""Dependencies that yield something else, however carelessly, and ones whose session is gone before the yield."""
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated

import httpx
import redis
import requests
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, sessionmaker

from weather.config import Settings
from weather.models import Station
from weather.sessions import SessionStore

SessionLocal = sessionmaker(create_engine("postgresql:///weather"))


def get_cache():
    cache = redis.Redis()
    yield cache
    cache.close()


def get_http():
    session = requests.Session()
    yield session
    session.close()


async def get_client():
    client = httpx.AsyncClient()
    yield client
    await client.aclose()


def get_settings():
    yield Settings()


def get_database():
    store = SessionStore("weather")
    yield store
    store.close()


def get_maker():
    yield SessionLocal


def station_names():
    with SessionLocal() as db:
        names = db.scalars(select(Station.name)).all()
    yield names


def current_station():
    db = SessionLocal()
    try:
        station = db.scalar(select(Station).limit(1))
    finally:
        db.close()
    yield station


@asynccontextmanager
async def lifespan(app: FastAPI):
    with SessionLocal() as db:
        app.state.stations = db.scalars(select(Station.name)).all()
    yield
    app.state.stations.clear()


@contextmanager
def timer(name: str):
    yield name
    print(name)


Cache = Annotated[redis.Redis, Depends(get_cache)]
Http = Annotated[requests.Session, Depends(get_http)]
Client = Annotated[httpx.AsyncClient, Depends(get_client)]
Configuration = Annotated[Settings, Depends(get_settings)]
Store = Annotated[SessionStore, Depends(get_database)]
Names = Annotated[list, Depends(station_names)]
Current = Annotated[Station, Depends(current_station)]
Maker = Annotated[sessionmaker, Depends(get_maker)]
Db = Session

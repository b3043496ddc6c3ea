# Nothing is held while somebody else is waited for.
import asyncio
import logging
import time

import httpx
import requests
from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from inn.models import Guest
from inn.tasks import welcome

router = APIRouter()
log = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))
cache = {}


def get_db():
    with SessionLocal() as db:
        yield db


@router.get("/committed/{guest}")
def committed_before(guest: int, db: Session = Depends(get_db)):
    name = db.get(Guest, guest).name
    db.commit()
    return requests.get("https://rates.example/" + name).json()


@router.get("/closed/{guest}")
def closed_before(guest: int, db: Session = Depends(get_db)):
    name = db.get(Guest, guest).name
    db.close()
    return requests.get("https://rates.example/" + name).json()


@router.get("/first/{guest}")
async def waits_before_the_first_statement(guest: int, db: Session = Depends(get_db)):
    async with httpx.AsyncClient() as client:
        rate = (await client.get("https://rates.example/")).json()
    return rate, db.get(Guest, guest).name


@router.get("/own/{guest}")
def after_its_own_block(guest: int):
    with SessionLocal() as db:
        name = db.get(Guest, guest).name
    return requests.get("https://rates.example/" + name).json()


@router.get("/short/{guest}")
async def short_things(guest: int, background: BackgroundTasks, db: Session = Depends(get_db)):
    found = db.scalars(select(Guest)).all()
    log.info("found %s", len(found))
    rate = cache.get("rate")
    asyncio.create_task(welcome(guest))
    background.add_task(requests.get, "https://rates.example/")
    await asyncio.sleep(0)
    return rate


def try_again(db: Session):
    for attempt in range(3):
        try:
            return db.scalars(select(Guest)).all()
        except OperationalError:
            db.rollback()
            time.sleep(attempt)
    return []


def only_borrowed(db: Session, http: requests.Session):
    guests = db.scalars(select(Guest)).all()
    db.rollback()
    http.get("https://rates.example/")
    return len(guests)


def two_sessions(db: Session):
    with SessionLocal() as other:
        count = other.scalar(select(Guest))
    time.sleep(5)
    return db.scalar(select(Guest)), count

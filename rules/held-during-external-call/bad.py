# The plain ways to wait with a transaction open.
import asyncio
import subprocess
import time

import httpx
import requests
from fastapi import APIRouter, Depends
from openai import AsyncOpenAI
from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, sessionmaker

from inn.db import get_async_session
from inn.models import Guest

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///inn"))
model = AsyncOpenAI()


def get_db():
    with SessionLocal() as db:
        yield db


@router.get("/rate/{guest}")
def blocking_request(guest: int, db: Session = Depends(get_db)):
    name = db.get(Guest, guest).name
    return requests.get("https://rates.example/" + name).json()  # expect: held-during-external-call "`db`"


@router.get("/letter/{guest}")
async def model_singleton(guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    answer = await model.chat.completions.create(model="small", messages=[found.name])  # expect: held-during-external-call "a model's answer"
    return answer.choices[0]


@router.get("/client/{guest}")
async def entered_client(guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    async with httpx.AsyncClient(timeout=30) as client:
        response = await client.post("https://rates.example/", json=found.name)  # expect: held-during-external-call "an HTTP request"
    return response.json()


@router.get("/committed/{guest}")
async def refreshed_after_commit(guest: int, session: AsyncSession = Depends(get_async_session)):
    found = await session.get(Guest, guest)
    found.visits += 1
    await session.commit()
    await session.refresh(found)
    await asyncio.sleep(2)  # expect: held-during-external-call "a pause"
    return found.visits


def print_bills():
    with SessionLocal() as db:
        for guest in db.scalars(select(Guest)):
            subprocess.run(["lpr", guest.bill], check=True)  # expect: held-during-external-call "another process"


def poll():
    while True:
        with SessionLocal() as db:
            waiting = db.scalars(select(Guest)).all()
            if not waiting:
                time.sleep(5)  # expect: held-during-external-call
                continue
            db.commit()


async def some_at_once(session: AsyncSession, client: httpx.AsyncClient):
    guests = (await session.scalars(select(Guest))).all()
    return await asyncio.gather(*[client.get("https://rates.example/" + g.name) for g in guests])  # expect: held-during-external-call


async def in_a_thread(session: AsyncSession):
    guest = await session.scalar(select(Guest))
    return await asyncio.to_thread(requests.get, guest.url)  # expect: held-during-external-call


async def a_task_with_a_limit(session: AsyncSession, task: asyncio.Task):
    await session.scalar(select(Guest))
    await asyncio.wait_for(task, timeout=30)  # expect: held-during-external-call "other work"

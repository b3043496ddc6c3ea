"""The session's type is a NewType of SQLAlchemy's: the same object when it runs."""

from typing import NewType

import httpx
from fastapi import APIRouter, Depends
from sqlalchemy.ext.asyncio import AsyncSession

from mill.database import session_of_request

ReadSession = NewType("ReadSession", AsyncSession)
WriteSession = NewType("WriteSession", ReadSession)
Name = NewType("Name", str)

router = APIRouter()


@router.get("/mills/{mill}")
async def mill_weather(mill: int, session: WriteSession = Depends(session_of_request)):
    found = await session.get(Mill, mill)
    async with httpx.AsyncClient() as client:
        return await client.get(found.station)  # expect: held-during-external-call


@router.get("/names/{name}")
async def named(name: Name, session: Name = Depends(session_of_request)):
    found = await session.get(Mill, name)
    async with httpx.AsyncClient() as client:
        return await client.get(found.station)


async def weather_of(session: ReadSession, mill: int):
    found = await session.get(Mill, mill)
    async with httpx.AsyncClient() as client:
        return await client.get(found.station)  # expect: held-during-external-call

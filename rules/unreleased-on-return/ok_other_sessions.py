"""Things that are called session, db or get_session and are no database session of ours."""
import aiohttp
import requests
from fastapi import APIRouter, Depends
from motor.motor_asyncio import AsyncIOMotorDatabase

from portal.clients import get_http, get_session
from portal.cookies import SessionData, current_session
from portal.mongo import get_mongo

router = APIRouter()


@router.get("/weather")
async def weather(city: str, session: aiohttp.ClientSession = Depends(get_session)):
    async with session.get("https://weather.example/" + city) as answer:
        if answer.status != 200:
            return {"error": answer.status}
        body = await answer.json()
    await session.close()
    return body


@router.get("/exchange")
def exchange(currency: str, session: requests.Session = Depends(get_http)):
    answer = session.get("https://rates.example/", params={"to": currency})
    if not answer.ok:
        return {"rate": None}
    session.close()
    return answer.json()


@router.get("/me")
async def me(session: SessionData = Depends(current_session)):
    if session.user is None:
        return {"user": None}
    session.commit()
    session.close()
    return {"user": session.user}


@router.get("/articles")
async def articles(db: AsyncIOMotorDatabase = Depends(get_mongo)):
    found = await db.articles.find_one({"draft": False})
    if found is None:
        return []
    db.client.close()
    return [found["title"]]


@router.get("/cart")
def cart(db=Depends(lambda: {"items": []})):
    if not db["items"]:
        return 0
    db.clear()
    return 1

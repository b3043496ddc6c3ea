"""Rebinding a parameter that is no session, or to something that is none."""
import aiohttp
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from press.clients import get_session
from press.db import get_db
from press.models import Article
from press.settings import current_settings

router = APIRouter()


@router.get("/settings")
def settings(config=Depends(current_settings)):
    config = dict(config)
    config["seen"] = True
    return config


@router.get("/fetch")
async def fetch(url: str, session: aiohttp.ClientSession = Depends(get_session)):
    session = aiohttp.ClientSession()
    async with session.get(url) as answer:
        return await answer.text()


@router.get("/drop")
def drop(db: Session = Depends(get_db)):
    titles = db.scalars(select(Article.title)).all()
    db.close()
    db = None
    return titles


@router.get("/deleted")
def deleted(db: Session = Depends(get_db)):
    titles = db.scalars(select(Article.title)).all()
    db.commit()
    db.close()
    del db
    return titles

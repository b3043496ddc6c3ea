"""Unused things that are no database session, and stubs whose body is still to come."""
from typing import Annotated, Protocol

import aiohttp
from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from gate.auth import current_user, get_session
from gate.db import get_db
from gate.models import User
from gate.pagination import page_size

router = APIRouter()


@router.get("/private")
def private(user: User = Depends(current_user)):
    return {"secret": 42}


@router.get("/sized")
def sized(size: Annotated[int, Depends(page_size)]):
    return []


@router.get("/outside")
async def outside(session: aiohttp.ClientSession = Depends(get_session)):
    return {"reachable": True}


class Reports(Protocol):
    def read(self, db: Session = Depends(get_db)): ...


def plain(db: Session, name: str):
    return name.title()

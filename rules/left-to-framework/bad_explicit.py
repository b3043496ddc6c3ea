# options: --policy=explicit
"""Explicit: what every handler leaves to the provider is a warning, and a commit alone is not enough."""
from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from fleet.db import get_async_session, get_db
from fleet.models import Truck

router = APIRouter()


@router.get("/trucks")
def list_trucks(db: Session = Depends(get_db)):
    return db.scalars(select(Truck.plate)).all()  # expect: left-to-framework "`db`"


@router.post("/trucks")
def add_truck(plate: str, db: Session = Depends(get_db)):
    db.add(Truck(plate=plate))
    db.commit()
    return {"plate": plate}  # expect: left-to-framework "close"


@router.get("/trucks/{plate}")
async def read_truck(plate: str, session: AsyncSession = Depends(get_async_session)):
    truck = await session.scalar(select(Truck).where(Truck.plate == plate))
    if truck is None:
        return {}  # expect: left-to-framework
    return {"km": truck.km}


class Fleet:
    @router.get("/fleet")
    def read(self, *, store: Session = Depends(get_db)):
        if store.scalar(select(Truck.id).limit(1)) is None:
            return {"size": 0}  # expect: left-to-framework "`store`"
        return {"size": 1}

"""Handlers that end their session themselves, on every return path, leave nothing to the framework."""
from contextlib import ExitStack, closing

from fastapi import APIRouter, Depends
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from fleet.db import get_async_session, get_db
from fleet.models import Truck

router = APIRouter()


@router.get("/trucks")
def list_trucks(db: Session = Depends(get_db)):
    plates = db.scalars(select(Truck.plate)).all()
    db.commit()
    db.close()
    return plates


@router.get("/trucks/{plate}")
def read_truck(plate: str, db: Session = Depends(get_db)):
    try:
        truck = db.scalar(select(Truck).where(Truck.plate == plate))
        if truck is None:
            return {}
        return {"plate": truck.plate, "km": truck.km}
    finally:
        db.close()


@router.get("/trucks/sum")
def mileage(db: Session = Depends(get_db)):
    with closing(db):
        return db.scalar(select(func.sum(Truck.km)))


@router.get("/async/trucks")
async def list_async(session: AsyncSession = Depends(get_async_session)):
    async with session:
        return (await session.scalars(select(Truck.plate))).all()


@router.post("/trucks/{plate}/service")
async def service(plate: str, session: AsyncSession = Depends(get_async_session)):
    truck = await session.scalar(select(Truck).where(Truck.plate == plate))
    found = truck is not None
    if found:
        truck.serviced = True
        await session.commit()
    else:
        await session.rollback()
    await session.close()
    return {"serviced": found}


@router.get("/trucks/stack")
def stacked(db: Session = Depends(get_db)):
    with ExitStack() as stack:
        session = stack.enter_context(closing(db))
        plates = session.scalars(select(Truck.plate)).all()
        return plates

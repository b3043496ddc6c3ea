"""No finally, but no path without an end: each branch closes, commits or rolls back, the raising ones too."""
import logging

from sqlalchemy import create_engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

from rental.models import Bike, Ride

logger = logging.getLogger(__name__)
SessionLocal = sessionmaker(create_engine("postgresql:///rental"))
AsyncSessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg:///rental"))


def start(bike_id: int) -> bool:
    db = SessionLocal()
    try:
        db.add(Ride(bike_id=bike_id))
        db.commit()
        db.close()
        return True
    except IntegrityError:
        db.rollback()
        return False
    except Exception:
        db.close()
        raise


def free_bikes() -> list[int]:
    db = SessionLocal()
    try:
        bikes = db.scalars(select(Bike.id).where(Bike.free)).all()
    except Exception as error:
        logger.error("no bikes: %s", error)
        db.close()
        return []
    db.close()
    return bikes


def stop(ride_id: int) -> None:
    db = SessionLocal()
    try:
        ride = db.get(Ride, ride_id)
        ride.done = True
    except Exception:
        db.rollback()
        raise
    else:
        with db:
            db.commit()


def repair(bike_id: int) -> bool:
    db = SessionLocal()
    try:
        db.get(Bike, bike_id).broken = False
        db.commit()
        return True
    except BaseException:
        db.rollback()
        raise


def dry_run(bike_id: int) -> str:
    db = SessionLocal()
    try:
        bike = db.get(Bike, bike_id)
        db.rollback()
    except:
        db.rollback()
        raise
    return bike.name


async def retire(bike_id: int) -> bool:
    session = AsyncSessionLocal()
    try:
        await session.delete(await session.get(Bike, bike_id))
        await session.commit()
        return True
    except Exception:
        await session.rollback()
        return False

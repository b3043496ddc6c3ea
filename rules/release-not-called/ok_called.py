"""Every release is called: directly, through somebody who calls it, or it is only looked at."""
import asyncio
import atexit
from contextlib import ExitStack, closing

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from garden.models import Bed, Plant

router = APIRouter()
SessionLocal = sessionmaker(create_engine("postgresql:///garden"))
Registry = scoped_session(SessionLocal)


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


@router.get("/plants")
def plants(db: Session = Depends(get_db)):
    names = db.scalars(select(Plant.name)).all()
    db.commit()
    db.close()
    return names


def handed_to_a_stack() -> int:
    with ExitStack() as stack:
        db = SessionLocal()
        stack.callback(db.close)
        return db.scalar(select(Bed.id)) or 0


def handed_to_the_end_of_the_process() -> int:
    # note: held, until the process ends
    db = SessionLocal()
    atexit.register(db.close)
    return db.scalar(select(Bed.id)) or 0


def handed_to_a_task(tasks: BackgroundTasks) -> None:
    db = SessionLocal()
    db.execute(select(Bed))
    tasks.add_task(db.close)


def looked_at() -> bool:
    db = SessionLocal()
    try:
        can = db.close is not None
        end = db.close
        db.execute(select(Bed))
        end()
        return can
    finally:
        db.close()


def by_name() -> None:
    with closing(SessionLocal()) as db:
        for step in (db.flush, db.commit):
            step()
        getattr(db, "rollback")()


def registry_and_its_session() -> str | None:
    db = Registry()
    try:
        return db.scalar(select(Plant.name))
    finally:
        db.close()
        Registry.remove()


def short_lambda(run) -> None:
    db = SessionLocal()
    try:
        run(lambda: db.commit())
    finally:
        db.close()


async def in_the_loop() -> None:
    await asyncio.sleep(0)

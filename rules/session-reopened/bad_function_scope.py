"""scope="function" closes it before the stream and the tasks, in every version that knows it."""

from fastapi import APIRouter, BackgroundTasks, Depends
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from harbour.db import get_db
from harbour.models import Ship

router = APIRouter()


def names(db):
    for ship in db.scalars(select(Ship)):
        yield ship.name


def recount(db):
    return db.scalar(select(Ship.id))


@router.get("/stream")
def stream(db: Session = Depends(get_db, scope="function")):
    return StreamingResponse(names(db))  # expect: session-reopened


@router.post("/task")
def task(tasks: BackgroundTasks, db: Session = Depends(get_db, scope="function")):
    tasks.add_task(recount, db)  # expect: session-reopened "background task recount"
    return {}

# options: --fastapi-version=0.110.0
"""In these versions the dependency closes its session before the response and its tasks."""

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

from harbour.db import get_db
from harbour.models import Ship

router = APIRouter()


def recount(db):
    return db.scalar(select(Ship.id))


def recount_and_end(db):
    db.scalar(select(Ship.id))
    db.commit()


@router.post("/task")
def task(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(recount, db=db)  # expect: session-reopened
    return {}


@router.post("/response")
def on_the_response(db: Session = Depends(get_db)):
    background = BackgroundTask(recount, db)  # expect: session-reopened
    return JSONResponse({}, background=background)


@router.post("/ends")
def ends(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(recount_and_end, db)
    return {}

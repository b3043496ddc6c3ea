"""Loops, match and flags that always end at a close."""
import time

from fastapi import APIRouter, Depends
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from queue_service.db import get_session
from queue_service.models import Job

router = APIRouter()


@router.post("/jobs/claim")
def claim(worker: str, session: Session = Depends(get_session)):
    while True:
        job = session.scalar(select(Job).where(Job.state == "new").limit(1))
        if job is None:
            session.close()
            return {"job": None}
        claimed = session.execute(update(Job).where(Job.id == job.id).values(state="taken", worker=worker))
        if claimed.rowcount == 0:
            session.rollback()
            continue
        job_id = job.id
        session.commit()
        session.close()
        return {"job": job_id}


@router.post("/jobs/{job_id}/{action}")
def act(job_id: int, action: str, session: Session = Depends(get_session)):
    job = session.get(Job, job_id)
    match action:
        case "retry" if job is not None:
            job.state = "new"
            answer = {"ok": True}
        case "drop" if job is not None:
            session.delete(job)
            answer = {"ok": True}
        case _:
            session.rollback()
            session.close()
            return {"ok": False}
    session.commit()
    session.close()
    return answer


@router.get("/jobs/depth")
def depth(session: Session = Depends(get_session)):
    for _attempt in range(3):
        try:
            waiting = len(session.scalars(select(Job.id)).all())
            break
        except OperationalError:
            session.rollback()
            time.sleep(0.1)
    else:
        session.close()
        return {"depth": None}
    session.commit()
    session.close()
    return {"depth": waiting}

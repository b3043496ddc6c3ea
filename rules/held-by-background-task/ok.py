# options: --fastapi-version=0.128.0
"""Tasks that hold no transaction of the handler's session."""

from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from bakery.db import SessionLocal, get_db
from bakery.mail import send
from bakery.models import Order

router = APIRouter()


def invoice(order_id):
    with SessionLocal() as db:
        send(db.get(Order, order_id).address)


def invoice_and_end(db, order_id):
    address = db.get(Order, order_id).address
    db.commit()
    send(address)


def describe(db, text):
    send(f"{db!r} {text}")


@router.post("/own")
def task_has_its_own(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    tasks.add_task(invoice, order.id)
    db.commit()
    return {}


@router.post("/ended")
def both_end(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.get(Order, order_id)
    db.commit()
    tasks.add_task(invoice_and_end, db, order_id)
    return {}


@router.post("/untouched")
def never_queried(text: str, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(describe, db, text)
    return {}


@router.post("/closed")
def closed_and_not_used(text: str, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.scalars(select(Order)).all()
    tasks.add_task(describe, db, text)
    db.close()
    return {}


class Queue:
    def add_task(self, function, *args):
        function(*args)


@router.post("/function-scope")
def closed_before(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db, scope="function")):
    db.get(Order, order_id)
    tasks.add_task(describe, db, "done")
    return {}

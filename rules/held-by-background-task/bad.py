# options: --fastapi-version=0.128.0
"""The session goes with the task, and a transaction is open until that has ended."""

import requests
from fastapi import APIRouter, BackgroundTasks, Depends
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

from bakery.db import get_async_session, get_db
from bakery.mail import send
from bakery.models import Order

router = APIRouter()


def invoice(db, order_id):
    send(db.get(Order, order_id).address)


def invoice_and_commit(db, order_id):
    order = db.get(Order, order_id)
    send(order.address)
    order.sent = True
    db.commit()


async def invoice_async(session, order_id):
    order = await session.get(Order, order_id)
    await send(order.address)


class Mailer:
    def __init__(self, db):
        self.db = db

    def invoice(self, order_id):
        send(self.db.get(Order, order_id).address)


@router.post("/task")
def the_task_leaves_it(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(invoice, db, order_id)  # expect: held-by-background-task "has ended"
    return {}


@router.post("/handler")
def the_handler_leaves_it(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    order = db.get(Order, order_id)
    tasks.add_task(invoice_and_commit, db, order.id)  # expect: held-by-background-task
    return {"id": order.id}


@router.post("/keyword")
async def keywords(order_id: int, tasks: BackgroundTasks, session: AsyncSession = Depends(get_async_session)):
    await session.scalars(select(Order))
    tasks.add_task(invoice_async, order_id=order_id, session=session)  # expect: held-by-background-task
    return {}


@router.post("/loop")
def each_row(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    for order in db.scalars(select(Order)):
        tasks.add_task(invoice, db, order.id)  # expect: held-by-background-task
    tasks.add_task(invoice_and_commit, db, 0)
    return {}


@router.post("/response")
def on_the_response(order_id: int, db: Session = Depends(get_db)):
    task = BackgroundTask(invoice, db, order_id)  # expect: held-by-background-task
    response = JSONResponse({})
    response.background = task
    return response


@router.post("/made")
def made_by_hand(order_id: int, db: Session = Depends(get_db)):
    tasks = BackgroundTasks()
    tasks.add_task(invoice, db, order_id)  # expect: held-by-background-task
    return JSONResponse({}, background=tasks)


@router.post("/object")
def by_an_object(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    mailer = Mailer(db)
    db.scalars(select(Order)).all()
    tasks.add_task(mailer.invoice, order_id)  # expect: held-by-background-task
    return {}


def invoice_between(db, order_id):
    order = db.get(Order, order_id)
    requests.post("https://mail.invalid/invoices", json={"id": order.number}, timeout=30)
    db.commit()


@router.post("/waits")
def the_task_waits_in_a_transaction(order_id: int, tasks: BackgroundTasks, db: Session = Depends(get_db)):
    db.get(Order, order_id)
    db.commit()
    tasks.add_task(invoice_between, db, order_id)  # expect: held-by-background-task
    return {}

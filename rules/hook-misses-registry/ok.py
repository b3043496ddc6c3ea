"""A hook that ends all that views leave; registries of jobs and those that views end themselves are not its business."""
import threading

from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
orders_session = scoped_session(sessionmaker(create_engine("postgresql:///orders")))
log_session = scoped_session(sessionmaker(create_engine("postgresql:///log")))
bills_session = scoped_session(sessionmaker(create_engine("postgresql:///bills")))
jobs_session = scoped_session(sessionmaker(create_engine("postgresql:///jobs")))


@app.teardown_appcontext
def end_sessions(error):
    orders_session.remove()
    log_session.remove()


def open_bills():
    with bills_session() as session:
        return session.scalars(select(Order.id)).all()


def log(text):
    log_session.execute(text)


@app.get("/orders")
def orders():
    log("orders")
    return list(orders_session.scalars(select(Order.id)))


@app.get("/bills")
def bills():
    return open_bills()


@app.post("/bills")
def add_bill():
    bills_session.add(Order())
    bills_session.commit()
    return ""


def job():
    try:
        jobs_session.scalars(select(Order.id)).all()
    finally:
        jobs_session.remove()


threading.Thread(target=job).start()

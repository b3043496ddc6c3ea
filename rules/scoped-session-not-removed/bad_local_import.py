"""A registry that is imported where it is used, and one view that speaks for many."""
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
db_session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


def open_orders():
    return db_session.scalars(select(Order.id)).all()


@app.get("/orders")
def orders():
    return open_orders()  # expect: scoped-session-not-removed


@app.get("/orders/first")
def first():
    return open_orders()[0]


@app.get("/orders/count")
def count():
    return len(open_orders())


@app.get("/orders/sum")
def total():
    from app.db import ScopedSession

    return ScopedSession.scalar(select(Order.id))  # expect: scoped-session-not-removed

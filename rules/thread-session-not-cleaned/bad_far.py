"""A worker that cleans up, but not what it reaches through many calls: a note."""
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))
Audit = scoped_session(sessionmaker(create_engine("postgresql:///audit")))
pool = ThreadPoolExecutor(4)


def open_orders():
    return Session.scalars(select(Order.id)).all()


def lookup(order):
    return Audit.scalar(select(Order).where(Order.id == order))


def known(order):
    return lookup(order) is not None


def check_order(order):
    return known(order)


def careful(order):
    try:
        open_orders()
        if order:
            check_order(order)  # expect: thread-session-not-cleaned
    finally:
        Session.remove()


pool.submit(careful, 1)

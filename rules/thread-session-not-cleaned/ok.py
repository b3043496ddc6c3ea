"""Threads that end what they and their callees use, and threads that use nothing."""
import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))
Audit = scoped_session(sessionmaker(create_engine("postgresql:///audit")))
REGISTRIES = [Session, Audit]
pool = ThreadPoolExecutor(4)


def open_orders():
    return Session.scalars(select(Order.id)).all()


def add_order(order):
    Session.add(order)
    Session.commit()


def note(order):
    Audit.execute(select(Order))
    return order


def clean():
    for registry in REGISTRIES:
        registry.remove()


def watch():
    try:
        for order in open_orders():
            note(order)
    finally:
        clean()


def write(order):
    add_order(order)


def sweep():
    try:
        print(open_orders())
        note(1)
    finally:
        Session.remove()
        Audit.remove()


def heartbeat():
    print("alive")


def read():
    orders = open_orders()
    Session.rollback()
    return orders


def with_block():
    with Session() as session:
        session.execute(select(Order))


def not_started():
    return open_orders()


threading.Thread(target=watch).start()
threading.Thread(target=heartbeat).start()
threading.Timer(3, with_block).start()
pool.submit(write, Order())
pool.submit(sweep)
pool.map(read, [1, 2])

# The registry itself is handed to who uses it.
import threading

from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


def orders(session):
    return session.scalars(select(Order.id)).all()


def orders_closed(session):
    try:
        return session.scalars(select(Order.id)).all()
    finally:
        session.close()


def watch():
    print(orders(Session))  # expect: thread-session-not-cleaned


def watch_closed():
    print(orders_closed(Session))


threading.Thread(target=watch).start()
threading.Thread(target=watch_closed).start()

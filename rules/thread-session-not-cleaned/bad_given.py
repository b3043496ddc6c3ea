# The registry's session comes out of a function.
import threading

from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


def get_session():
    return Session()


def watch():
    session = get_session()  # expect: thread-session-not-cleaned "`Session`"
    for order in session.scalars(select(Order.id)):
        print(order)


def watch_removed():
    session = get_session()
    try:
        for order in session.scalars(select(Order.id)):
            print(order)
    finally:
        Session.remove()


threading.Thread(target=watch, daemon=True).start()
threading.Thread(target=watch_removed, daemon=True).start()

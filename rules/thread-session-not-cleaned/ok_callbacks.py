"""A bus that cleans up after what it calls."""
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Order

Session = scoped_session(sessionmaker(create_engine("postgresql:///shop")))


class Bus:
    def __init__(self):
        self._pool = ThreadPoolExecutor(4)
        self._listeners = []

    def listen(self, listener):
        self._listeners.append(listener)

    def publish(self, event):
        for listener in self._listeners:
            self._pool.submit(self._deliver, listener, event)

    def _deliver(self, listener, event):
        try:
            listener(event)
        except Exception:
            print("listener failed")
        finally:
            Session.remove()


bus = Bus()


def on_order(event):
    Session.scalar(select(Order).where(Order.id == event))


def on_tick(event):
    print(event)


bus.listen(on_order)
bus.listen(on_tick)

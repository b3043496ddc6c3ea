import threading

from sqlalchemy.orm import scoped_session, sessionmaker

Registry = scoped_session(sessionmaker())


def refresh_prices(feed):
    try:
        Registry().query(feed).all()
    finally:
        Registry().close()


def refresh_stock(feed):
    session = Registry()
    try:
        session.query(feed).all()
    finally:
        Registry.remove()


def drop_names(names):
    make_set(names).remove("x")


def start(feed):
    threading.Thread(target=refresh_prices, args=(feed,)).start()
    threading.Thread(target=refresh_stock, args=(feed,)).start()

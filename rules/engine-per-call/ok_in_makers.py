from sqlalchemy import create_engine, engine_from_config
from sqlalchemy.orm import scoped_session, sessionmaker

_CLIENTS = {}


def maker_for(url):
    try:
        engine = create_engine(url)
        Base.metadata.create_all(engine)
        return sessionmaker(bind=engine, autoflush=False)
    except OperationalError as error:
        print(error)
        raise SystemExit(1)


class Client:
    def __init__(self, factory, manual):
        self.factory = factory


def client_for(url, settings):
    known = _CLIENTS.get(url)
    if known:
        return known
    engine = engine_from_config(settings, url=url)
    factory = scoped_session(sessionmaker(bind=engine))
    client = Client(factory, True)
    _CLIENTS[url] = client
    return client


Main = maker_for("postgresql://localhost/shop")

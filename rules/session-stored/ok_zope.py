import transaction
import zope.sqlalchemy
from sqlalchemy import engine_from_config
from sqlalchemy.orm import scoped_session, sessionmaker

DBSession = scoped_session(sessionmaker())
zope.sqlalchemy.register(DBSession)


def get_engine(settings):
    return engine_from_config(settings, "sqlalchemy.")


def get_session_factory(engine):
    factory = sessionmaker()
    factory.configure(bind=engine)
    return factory


def get_tm_session(factory, manager):
    session = factory()
    zope.sqlalchemy.register(session, transaction_manager=manager)
    return session


def includeme(config):
    settings = config.get_settings()
    config.include("pyramid_tm")
    factory = get_session_factory(get_engine(settings))
    config.registry["dbsession_factory"] = factory
    config.add_request_method(lambda r: get_tm_session(factory, r.tm), "dbsession", reify=True)


def view(request):
    return {"rows": request.dbsession.query(Thing).all()}


def other(request):
    return {"rows": DBSession.query(Thing).all()}


def script(settings):
    with transaction.manager:
        DBSession.add(Thing())

# note: a registry that is made in the function has the remove() that is called on it
from sqlalchemy.orm import scoped_session, sessionmaker

from depot.db import engine
from depot.models import Pallet


def count() -> int:
    Session = scoped_session(sessionmaker(bind=engine))
    session = Session()
    try:
        return session.query(Pallet).count()
    finally:
        session.close()
        Session.remove()

# What get_session() gives is the thread's session of a registry: who removes that from the registry has ended it.
from sqlalchemy import create_engine, select
from sqlalchemy.orm import scoped_session, sessionmaker

from depot.models import Pallet

Session = scoped_session(sessionmaker(create_engine("postgresql:///depot")))


def get_session():
    return Session()


def current():
    return Session


def weight_of(pallet_id):
    session = get_session()
    try:
        return session.scalar(select(Pallet.weight).where(Pallet.id == pallet_id))
    finally:
        Session.remove()


def heaviest():
    session = current()
    weight = session.scalar(select(Pallet.weight).order_by(Pallet.weight.desc()))
    session.remove()
    return weight


def helper(pallet_id):
    return get_session().get(Pallet, pallet_id)


def outer(pallet_id):
    try:
        return helper(pallet_id).weight
    finally:
        get_session().close()

"""remove() on a session, and clean-up of another session than the one that was used."""
from fastapi import APIRouter
from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import scoped_session, sessionmaker

from shop.models import Product

router = APIRouter()
engine = create_engine("postgresql:///shop")
Registry = scoped_session(sessionmaker(engine))
Archive = scoped_session(sessionmaker(engine))


@router.get("/1")
def other_registry():
    try:
        return Registry.scalars(select(Product.name)).all()  # expect: scoped-session-not-removed "`Registry`"
    finally:
        Archive.remove()


@router.get("/2")
def new_session():
    try:
        return Registry.scalars(select(Product.name)).all()
    finally:
        Registry.session_factory().close()  # expect: release-not-called


@router.get("/3")
def only_flushed(name: str):
    Registry.execute(insert(Product).values(name=name))  # expect: scoped-session-not-removed
    Registry.flush()
    Registry.expire_all()
    return {"name": name}


@router.get("/4")
def no_parentheses():
    names = Registry.scalars(select(Product.name)).all()
    Registry.remove  # expect: release-not-called
    return names

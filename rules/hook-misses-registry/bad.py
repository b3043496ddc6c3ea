"""A teardown hook that ends two registries of four; views reach the others through helpers and models."""
from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

from shop.models import Order

app = Flask(__name__)
orders_session = scoped_session(sessionmaker(create_engine("postgresql:///orders")))
log_session = scoped_session(sessionmaker(create_engine("postgresql:///log")))
bills_session = scoped_session(sessionmaker(create_engine("postgresql:///bills")))
notes_session = scoped_session(sessionmaker(create_engine("postgresql:///notes")))
Base = declarative_base()
Base.query = notes_session.query_property()


class Note(Base):
    __tablename__ = "notes"


@app.teardown_appcontext
def end_sessions(error):
    try:
        orders_session.remove()  # expect: hook-misses-registry "misses 2 registries"
    except Exception:
        print("not removed")
    log_session.remove()


def open_bills():
    return bills_session.scalars(select(Order.id)).all()


@app.get("/orders")
def orders():
    return list(orders_session.scalars(select(Order.id)))


@app.get("/bills")
def bills():
    return open_bills()


@app.get("/bills/count")
def count_bills():
    return str(len(open_bills()))


@app.get("/notes")
def notes():
    return Note.query.count()

"""Registries that hide behind models and behind an extension."""
import threading

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, declarative_base, scoped_session, sessionmaker

app = Flask(__name__)
db = SQLAlchemy(app)
session = scoped_session(sessionmaker(bind=create_engine("postgresql:///shop")))
Base = declarative_base()
Base.query = session.query_property()


class Stored(DeclarativeBase):
    find = session.query_property()


class Order(Base):
    __tablename__ = "orders"

    @classmethod
    def open(cls):
        return cls.query.filter_by(open=True).all()


class Bill(Stored):
    __tablename__ = "bills"


class Note(db.Model):
    __tablename__ = "notes"


def orders():
    return Order.query.filter_by(open=True).count()


def watch_orders():
    print(orders())  # expect: thread-session-not-cleaned


def watch_open():
    print(Order.open())  # expect: thread-session-not-cleaned


def watch_bills():
    print(Bill.find.first())  # expect: thread-session-not-cleaned


def watch_notes():
    print(Note.query.first())  # expect: thread-session-not-cleaned "`db.session`"


def watch_session():
    current = db.session
    print(current.execute("select 1").all())  # expect: thread-session-not-cleaned


def watch_in_context():
    with app.app_context():
        print(Note.query.first())


def watch_and_end():
    print(Note.query.first(), orders())
    db.session.remove()
    session.remove()


for target in (1, 2):
    threading.Thread(target=watch_orders).start()
    threading.Thread(target=watch_open).start()
    threading.Thread(target=watch_bills).start()
    threading.Thread(target=watch_notes).start()
    threading.Thread(target=watch_session).start()
    threading.Thread(target=watch_in_context).start()
    threading.Thread(target=watch_and_end).start()

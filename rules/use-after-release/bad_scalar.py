# Rows that a statement gives: scalar() and scalars() of a select of a class.
from sqlalchemy import select
from sqlalchemy.orm import Session


def newest(engine):
    db = Session(engine)
    book = db.scalar(select(Book))
    book.seen = True
    db.commit()
    print(book.title)  # expect: use-after-release


def all_of_them(engine):
    db = Session(engine)
    book = db.scalars(select(Book).order_by(Book.id)).first()
    db.commit()
    print(book.title)  # expect: use-after-release

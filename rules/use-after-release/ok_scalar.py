# A scalar of a column is no row.
from sqlalchemy import func, select
from sqlalchemy.orm import Session


def count(engine):
    db = Session(engine)
    total = db.scalar(select(func.count(Book.id)))
    db.commit()
    print(total.real)


def title(engine):
    db = Session(engine)
    text = db.scalar(select(Book.title))
    db.commit()
    print(text.real)

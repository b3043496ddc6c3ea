from celery import Celery
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker

celery = Celery("ferry")
Session = scoped_session(sessionmaker(create_engine("postgresql:///ferry")))


class Queried:
    query = Session.query_property()


Base = declarative_base(cls=Queried)


class Crossing(Base):
    __tablename__ = "crossings"
    id = Column(Integer, primary_key=True)
    late = Column(Integer)


@celery.task
def count_late():
    try:
        return Crossing.query.filter(Crossing.late > 0).count()
    finally:
        Session.remove()


@celery.task
def settle_late():
    session = Session()
    try:
        for crossing in Crossing.query.filter(Crossing.late > 0):
            crossing.late = 0
        session.commit()
    finally:
        session.close()

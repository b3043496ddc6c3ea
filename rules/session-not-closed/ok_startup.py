"""What fails while the application starts ends its process: a close at the end of it is enough."""
from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from harbour.models import Berth

SessionLocal = sessionmaker(create_engine("postgresql:///harbour"))
app = FastAPI()


@app.on_event("startup")
async def number_berths():
    session = SessionLocal()
    for number, berth in enumerate(session.scalars(select(Berth))):
        berth.number = number
    session.commit()
    session.close()


def add_quay():
    session = SessionLocal()
    if session.scalar(select(Berth)) is None:
        session.add(Berth(number=0))
        session.commit()
    session.close()


app.add_event_handler("startup", add_quay)

"""The application starts, and runs on with the session open."""
import logging

from fastapi import FastAPI
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from harbour.models import Berth

SessionLocal = sessionmaker(create_engine("postgresql:///harbour"))
app = FastAPI()


@app.on_event("startup")
async def count_berths():
    session = SessionLocal()  # expect: session-not-closed
    logging.info("%d berths", len(session.scalars(select(Berth)).all()))


@app.on_event("startup")
async def try_to_number_berths():
    session = SessionLocal()  # expect: session-not-closed
    try:
        for number, berth in enumerate(session.scalars(select(Berth))):
            berth.number = number
        session.commit()
        session.close()
    except Exception:
        logging.exception("left as they are")
